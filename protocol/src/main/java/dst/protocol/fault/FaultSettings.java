package dst.protocol.fault;

import dst.protocol.Permission;
import dst.protocol.fault.Fault.Direction;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Usual;
import java.util.List;
import java.util.function.Function;

/** What several kinds of faults have in common. */
final class FaultSettings {
    private static final Usual A_WHILE = Usual.between("50 ms", "400 ms");
    private static final int BITS = 255;

    private FaultSettings() {}

    static <T> Setting<T, Long> time(String name, Function<T, Long> of, Usual usual) {
        return new Setting<>(name, Measure.TIME, of, usual);
    }

    /** How long it lasts, or until it is healed. */
    static <T> Setting<T, Long> lasting(Function<T, Long> of, Usual usual) {
        return new Setting<>("for", Measure.TIME.or("for-good", Fault.FOR_GOOD), of, usual);
    }

    static <T> Setting<T, Long> lasting(Function<T, Long> of) {
        return lasting(of, A_WHILE);
    }

    /** After how long a process starts again. */
    static <T> Setting<T, Long> restart(Function<T, Long> of) {
        return new Setting<>("restart", Measure.TIME.or("never", Fault.FOR_GOOD), of, Usual.between("5 ms", "200 ms"));
    }

    static <T> Setting<T, Long> extra(Function<T, Long> of) {
        return time("extra", of, Usual.between("1 ms", "50 ms"));
    }

    static <T> Setting<T, Integer> times(Function<T, Integer> of, Usual usual) {
        return new Setting<>(
                "times", Measure.whole(1, Integer.MAX_VALUE).or("until-healed", Integer.MAX_VALUE), of, usual);
    }

    static <T> Setting<T, Direction> direction(Function<T, Direction> of) {
        return new Setting<>(
                "direction",
                Measure.oneOf(List.of(Direction.values())),
                of,
                Usual.oneOf("to-server", "to-client", "both"));
    }

    static <T> Setting<T, Direction> oneWay(Function<T, Direction> of) {
        return new Setting<>(
                "direction",
                Measure.oneOf(List.of(Direction.TO_SERVER, Direction.TO_CLIENT)),
                of,
                Usual.oneOf("to-server", "to-client"));
    }

    static <T> Setting<T, Permission> permission(Function<T, Permission> of, Usual usual) {
        return new Setting<>("permission", Measure.oneOf(List.of(Permission.values())), of, usual);
    }

    /** What a server offers to choose from; 0 is nothing that a client knows. */
    static <T> Setting<T, Integer> offered(Function<T, Integer> of) {
        return new Setting<>("offered", Measure.whole(0, BITS), of, Usual.fixed("0"));
    }
}
