package dst.sim;

/** Whether a machine comes to rest before time goes on (G6). */
final class Unrest {
    /** More steps at one instant are too many. */
    static final int STEPS_AT_ONCE = 100_000;

    private long instant = -1;
    private int steps;

    /** Counts one; whether it is one too many. */
    boolean steps(long now) {
        if (now != instant) {
            instant = now;
            steps = 0;
        }
        return ++steps > STEPS_AT_ONCE;
    }
}
