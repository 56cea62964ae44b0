package dst.realnode;

/**
 * Where a program of ours begins. What is thrown out of it ends with exit code 3 and a sentence: the JVM's own code for that is 1, which is
 * the word for a broken promise. It uses no library, so that it runs also where one cannot be loaded.
 */
public final class Start {
    private static final int INTERNAL_FAULT = 3;

    private Start() {}

    public static void main(String[] arguments) {
        run(() -> Main.main(arguments));
    }

    public static void run(Runnable program) {
        try {
            program.run();
        } catch (Throwable failure) {
            System.err.println("dst: " + sentence(failure));
            if (!(failure instanceof OutOfMemoryError || failure instanceof LinkageError)) {
                failure.printStackTrace(System.err);
            }
            System.exit(INTERNAL_FAULT);
        }
    }

    static String sentence(Throwable failure) {
        return switch (failure) {
            case OutOfMemoryError memory ->
                "there is not enough memory (" + memory.getMessage() + "; the heap may have "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB): give it more, for example DST_JAVA_OPTIONS=-Xmx4g";
            case LinkageError missing ->
                "a part of the build cannot be loaded (" + missing + "): build it again, by removing "
                        + System.getProperty("dst.home", ".") + "/scenarios/target/classpath";
            default -> "this is an error in dst itself, please report it with the lines below";
        };
    }
}
