package dst.realnode;

/** SIGTERM and Ctrl-C: an orderly end, and the exit code that says how it went. */
public final class Ending {
    private Ending() {}

    /** How a node ended, as soon as it has. */
    public interface Ended {
        int await() throws InterruptedException;
    }

    /** The JVM's own exit code would say that a signal came, and nothing of what came of it. */
    public static void whenAsked(Runnable end, Ended ended) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            end.run();
                            try {
                                int code = ended.await();
                                System.out.flush();
                                System.err.flush();
                                Runtime.getRuntime().halt(code);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "shutdown"));
    }
}
