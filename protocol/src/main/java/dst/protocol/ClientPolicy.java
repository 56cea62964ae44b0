package dst.protocol;

/**
 * How a client uses its links and what it does when others are in its way.
 *
 * @param links how many links it holds open at once, each in a slot of its own
 * @param overlap what becomes of an operation that has to wait for one that it overlaps (T5)
 * @param copiedBytesMax how much content it copies under {@link Overlap#COPY}; beyond it operations wait
 * @param holding what it does if somebody else holds the export (H5)
 * @param attemptsMax how often an operation is sent before it is Unknown (T2); {@link Integer#MAX_VALUE} without end
 */
public record ClientPolicy(int links, Overlap overlap, long copiedBytesMax, Holding holding, int attemptsMax) {
    /** More links of one attachment than this nobody opens. */
    public static final int LINKS_MAX = 16;

    public static final ClientPolicy ORDINARY = new ClientPolicy(1, Overlap.WAIT, 0, Holding.TAKE, Integer.MAX_VALUE);

    public ClientPolicy {
        if (links < 1 || links > LINKS_MAX) {
            throw new IllegalArgumentException("1 to " + LINKS_MAX + " links, not " + links);
        }
        if (attemptsMax < 1 || copiedBytesMax < 0) {
            throw new IllegalArgumentException(
                    "a policy that cannot work: " + attemptsMax + " attempts, " + copiedBytesMax + " bytes to copy");
        }
    }
}
