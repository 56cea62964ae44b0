package dst.protocol.fault;

import static dst.protocol.setting.Settings.with;

import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.When;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.protocol.setting.Usual;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Every way to say when a fault strikes. The first setting has its name, and has to be said. */
public enum WhenKind {
    AT(with(new Setting<>("at", Measure.TIME, When.At::nanos, Usual.NOTHING)).made(When.At::new)),
    AT_MESSAGE(with(nth("at-message", When.AtMessage::nth))
            .and(new Setting<>(
                    "direction-of-message",
                    Measure.oneOf(List.of(Direction.values())),
                    When.AtMessage::direction,
                    Usual.fixed("both")))
            .made((nth, direction) -> new When.AtMessage(direction, nth))),
    AT_DISK_WRITE(with(nth("at-disk-write", When.AtDiskWrite::nth)).made(When.AtDiskWrite::new)),
    AT_RECORD(with(nth("at-record", When.AtRecord::nth)).made(When.AtRecord::new));

    private final Settings<? extends When> settings;

    WhenKind(Settings<? extends When> settings) {
        this.settings = settings;
    }

    private static <T> Setting<T, Long> nth(String name, Function<T, Long> of) {
        return new Setting<>(name, Measure.number(1, 1_000_000), of, Usual.NOTHING);
    }

    /** As plans name it, for example {@code at-message}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public List<? extends Setting<? extends When, ?>> settings() {
        return settings.all();
    }

    /** That moment, with these numbers in its settings. */
    public When when(long[] numbers) {
        return settings.made(numbers);
    }

    public static long[] numbers(When when) {
        return settingsOf(when).numbers(when);
    }

    /** The same with one number smaller or rounder, the simplest first. */
    public static List<When> simpler(When when) {
        return settingsOf(when).simpler(when);
    }

    /** Each has those of its own record: its kind says which. */
    @SuppressWarnings("unchecked")
    private static Settings<When> settingsOf(When when) {
        return (Settings<When>) of(when).settings;
    }

    public static WhenKind of(When when) {
        return switch (when) {
            case When.At _ -> AT;
            case When.AtMessage _ -> AT_MESSAGE;
            case When.AtDiskWrite _ -> AT_DISK_WRITE;
            case When.AtRecord _ -> AT_RECORD;
        };
    }
}
