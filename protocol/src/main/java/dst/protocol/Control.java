package dst.protocol;

/** What a machine is told by whoever runs it, and tells it: each kind has more of its own. */
public interface Control {
    /** To the machine. */
    non-sealed interface Told extends Signal.Input {}

    /** By the machine. */
    non-sealed interface Tells extends Signal.Output {}

    /** The process has started; the host drew a token that nobody else has, and a seed for chance. */
    record Started(Unique token, long seed) implements Told {}

    /** The deadline has come. */
    record TimerFired() implements Told {}

    /** For a person to read. */
    record Noted(String text) implements Tells {}
}
