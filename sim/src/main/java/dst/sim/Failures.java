package dst.sim;

/** What a process that fell over one of its own assertions says of it. */
final class Failures {
    private Failures() {}

    static String sentence(String name, Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return "the " + name + " stopped: " + failure + (trace.length == 0 ? "" : " in " + place(trace));
    }

    /** The innermost place in the protocol's own code. */
    private static String place(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            if (frame.getClassName().startsWith("dst.") && !frame.getClassName().startsWith("dst.sim.Pages")) {
                return frame.getClassName() + "." + frame.getMethodName() + " line " + frame.getLineNumber();
            }
        }
        return trace[0].toString();
    }
}
