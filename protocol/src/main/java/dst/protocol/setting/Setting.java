package dst.protocol.setting;

import java.util.function.Function;

/**
 * One thing that can be said of a fault, or of a part of a world.
 *
 * @param name as it is written, for example {@code largest-transfer}
 * @param of where what is described has it
 * @param usual what it is if nobody says
 * @param what the same as its name, in words
 */
public record Setting<T, V>(String name, Measure<V> measure, Function<T, V> of, Usual usual, String what) {
    public Setting(String name, Measure<V> measure, Function<T, V> of, Usual usual) {
        this(name, measure, of, usual, name.replace('-', ' '));
    }

    public Setting {
        for (Written value : usual.values()) {
            if (measure.read(value).isEmpty()) {
                throw new IllegalArgumentException("usual for " + name + ": " + measure.wrong(value, value.text(), ""));
            }
        }
    }

    public long number(T whole) {
        return measure.number(of.apply(whole));
    }

    /** As it is written. */
    public Written written(T whole) {
        return measure.write(number(whole));
    }

    /** What it usually is, in numbers. */
    public long[] usualNumbers() {
        return usual.values().stream()
                .mapToLong(value -> measure.read(value).orElseThrow())
                .toArray();
    }

    /** For people: what may stand there, and what usually does; mark is what stands before words. */
    public String words(String mark) {
        return measure.words(mark) + (usual.equals(Usual.NOTHING) ? "" : ", usually " + usual.words(mark));
    }
}
