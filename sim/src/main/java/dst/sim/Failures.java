package dst.sim;

import java.util.List;

/** What a process that fell over one of its own assertions says of it. */
final class Failures {
    /** What a machine calls. */
    private static final List<String> OTHERS = List.of("java.", "jdk.", "io.netty.", "dst.sim.Pages");

    private Failures() {}

    static String sentence(String name, Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return "the " + name + " stopped: " + failure + (trace.length == 0 ? "" : " in " + place(trace))
                + "; whatever a machine is told it has to go on: mend that place, or what it relies on";
    }

    /** The innermost place in the machine's own code, which may be anybody's. */
    private static String place(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            if (OTHERS.stream().noneMatch(frame.getClassName()::startsWith)) {
                return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")";
            }
        }
        return trace[0].toString();
    }
}
