package dst.realnode.disk;

/** Waiting for a while on a thread that may; an interruption is kept for whoever is interested in it. */
final class Waiting {
    private Waiting() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException kept) {
            Thread.currentThread().interrupt();
        }
    }
}
