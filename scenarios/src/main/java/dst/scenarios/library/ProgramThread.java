package dst.scenarios.library;

import dst.scenarios.cli.WrongInput;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a scenario's own program computes, on a thread of its own, so that it is told where it is if it comes to no end, and given up
 * in the end. What counts is the time for which it has had a processor, or has waited: a busy machine gives nobody up.
 */
public final class ProgramThread {
    /** The classes of a program that was read are in packages of this name. */
    private static final String PROGRAM = "dst.mine.";

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LOOK_MILLIS = 100;
    private static final long SECOND = 1_000_000_000L;
    private static final long SAY_NANOS = 5 * SECOND;
    private static final long STACK_BYTES = 16L << 20;

    /** So many seconds it may compute, or wait for something. */
    static final String LONGEST = "dst.program.seconds";

    private static final long LONGEST_SECONDS = 60;

    private ProgramThread() {}

    /** What it computes, or the exception that it ends with. */
    public static <T> T call(String file, Callable<T> program) throws Exception {
        FutureTask<T> task = new FutureTask<>(program);
        Thread thread = new Thread(null, task, file, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        long longest = Long.getLong(LONGEST, LONGEST_SECONDS) * SECOND;
        long began = System.nanoTime();
        long waited = 0;
        long told = 0;
        while (true) {
            try {
                return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                waited += isWaiting(thread) ? LOOK_MILLIS * 1_000_000 : 0;
            } catch (ExecutionException failed) {
                throw reason(file, Objects.requireNonNull(failed.getCause()));
            }
            long taken = Math.max(0, THREADS.getThreadCpuTime(thread.threadId())) + waited;
            if (taken >= longest) {
                String where = where(thread);
                task.cancel(true);
                throw new WrongInput(file + ": " + where + "after " + spent(taken, began)
                        + " it has come to no end, and is given up: is there a loop without an end? If it only takes long:"
                        + " DST_JAVA_OPTIONS=-D" + LONGEST + "=600");
            }
            if (taken - told >= SAY_NANOS) {
                told = taken;
                System.err.println("dst: " + file + ": " + where(thread) + "still computing after "
                        + spent(taken, began) + ", and given up after " + longest / SECOND + " s of them");
            }
        }
    }

    /** What counts, and beside it what a clock on the wall says: on a busy machine that is much more. */
    private static String spent(long taken, long began) {
        return taken / SECOND + " s of processor time or waiting (" + (System.nanoTime() - began) / SECOND
                + " s elapsed)";
    }

    private static Exception reason(String file, Throwable cause) {
        return switch (cause) {
            case OutOfMemoryError _ ->
                new WrongInput(file + ": it takes more memory than there is: is there a sequence without an end?");
            case Exception exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    /** The innermost line of the program, as the beginning of a sentence; empty if it is in none. */
    private static String where(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().startsWith(PROGRAM) && frame.getLineNumber() > 0) {
                return "line " + frame.getLineNumber() + ": ";
            }
        }
        return "";
    }
}
