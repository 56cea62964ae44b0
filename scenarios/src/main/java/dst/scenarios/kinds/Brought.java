package dst.scenarios.kinds;

import dst.scenarios.cli.WrongInput;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Code that somebody brought with a kind of node, called: what it throws is that one's mistake, and told with the places in it. */
final class Brought {
    private static final int PLACES_MAX = 4;

    private Brought() {}

    static <T> T called(String what, Supplier<T> code) {
        try {
            return code.get();
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError wrong) {
            throw new WrongInput(what + " fell over: " + wrong + places(wrong));
        }
    }

    static void told(String what, Runnable code) {
        called(what, () -> {
            code.run();
            return what;
        });
    }

    /** From the innermost one to where it was called from here; those of Java itself say nothing. */
    private static String places(Throwable wrong) {
        String places = Arrays.stream(wrong.getStackTrace())
                .takeWhile(frame -> !frame.getClassName().equals(Brought.class.getName()))
                .filter(frame -> !isOfJava(frame) && !frame.getClassName().startsWith("dst.scenarios.kinds."))
                .limit(PLACES_MAX)
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .collect(Collectors.joining(", from "));
        return places.isEmpty() ? "" : ", in " + places;
    }

    private static boolean isOfJava(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.") || frame.getClassName().startsWith("jdk.");
    }
}
