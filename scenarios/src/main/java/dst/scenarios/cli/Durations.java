package dst.scenarios.cli;

import dst.protocol.setting.Quantity;
import java.time.Duration;

/** Lengths of time as people type them. */
public final class Durations {
    private Durations() {}

    /** More than nothing. */
    public static Duration parsed(String text, String option) {
        long nanos = Quantity.nanos(text)
                .orElseThrow(() -> new WrongInput(option + ": " + Quantity.noTime("'" + text + "'")));
        if (nanos == 0) {
            throw new WrongInput(option + " wants a time above 0, not '" + text + "'");
        }
        return Duration.ofNanos(nanos);
    }
}
