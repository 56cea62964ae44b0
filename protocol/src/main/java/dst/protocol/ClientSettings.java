package dst.protocol;

/**
 * How one client behaves.
 *
 * @param export which export it attaches
 * @param terms what it offers
 * @param identity the device that it knows from before; {@link Unique#NONE} if any will do
 * @param patienceNanos how long an operation is tried before it is Unknown; {@link Machine#NEVER} for ever
 * @param resendNanos after how long without an answer an operation is sent again, doubling
 * @param reconnectNanos the first pause between two connects, doubling
 * @param retainedBytesMax how much unflushed content it keeps (D4)
 * @param failedFlushesMax after how many boots in a row ended by a failed flush the device fails (D5)
 * @param policy how it uses its links, and what it does when others are in its way
 */
public record ClientSettings(
        String export,
        Terms terms,
        Unique identity,
        long patienceNanos,
        long resendNanos,
        long reconnectNanos,
        long retainedBytesMax,
        int failedFlushesMax,
        ClientPolicy policy) {
    public ClientSettings {
        if (resendNanos < 1 || reconnectNanos < 1) {
            throw new IllegalArgumentException(
                    "pauses that do not pass: resend " + resendNanos + " ns, reconnect " + reconnectNanos + " ns");
        }
    }

    public static final long SECOND = 1_000_000_000L;
    private static final long RESEND = 2 * SECOND;
    private static final long RECONNECT = SECOND / 10;
    private static final long RETAINED = 64L << 20;
    private static final int FAILED_FLUSHES = 5;

    /** The pause between two connects doubles up to so many times the first one. */
    public static final int LONGEST_PAUSE = 32;

    /** H5: so long a client that waits gives the one that it waits for to come back; a few of the longest pauses of one like itself. */
    public long courtesyNanos() {
        long factor = 4L * LONGEST_PAUSE;
        return reconnectNanos > Machine.NEVER / factor ? Machine.NEVER : factor * reconnectNanos;
    }

    public static ClientSettings of(String export) {
        return new ClientSettings(
                export,
                Terms.DEFAULT,
                Unique.NONE,
                Machine.NEVER,
                RESEND,
                RECONNECT,
                RETAINED,
                FAILED_FLUSHES,
                ClientPolicy.ORDINARY);
    }

    public ClientSettings with(ClientPolicy other) {
        return new ClientSettings(
                export,
                terms,
                identity,
                patienceNanos,
                resendNanos,
                reconnectNanos,
                retainedBytesMax,
                failedFlushesMax,
                other);
    }
}
