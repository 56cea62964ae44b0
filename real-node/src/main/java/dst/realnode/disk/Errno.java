package dst.realnode.disk;

import dst.protocol.Problem;

/** The kernel's error numbers, those that matter here, and what they are called. */
final class Errno {
    static final int NOT_PERMITTED = 1;
    static final int NO_SUCH_FILE = 2;
    static final int INTERRUPTED = 4;
    static final int IO_ERROR = 5;
    static final int NO_SUCH_DEVICE = 6;
    static final int AGAIN = 11;
    static final int ACCESS = 13;
    static final int BUSY = 16;
    static final int IS_DIRECTORY = 21;
    static final int INVALID = 22;
    static final int NO_SPACE = 28;
    static final int READ_ONLY = 30;
    static final int NO_LOCKS = 37;
    static final int NO_SUCH_CALL = 38;
    static final int NOT_A_TYPEWRITER = 25;
    static final int NOT_SUPPORTED = 95;
    static final int QUOTA = 122;

    private Errno() {}

    /** What a client hears of it. The argument is a call's result: negative. */
    static Problem problem(long result) {
        return switch ((int) -result) {
            case NO_SPACE, QUOTA -> Problem.NO_SPACE;
            default -> Problem.IO_ERROR;
        };
    }

    /** Whether it says that this cannot be done here at all, in whatever state the disk is. */
    static boolean unsupported(long result) {
        return switch ((int) -result) {
            case NOT_SUPPORTED, NO_SUCH_CALL, NOT_A_TYPEWRITER, INVALID -> true;
            default -> false;
        };
    }

    static String words(long result) {
        int number = (int) -result;
        return switch (number) {
            case NOT_PERMITTED -> "operation not permitted";
            case NO_SUCH_FILE -> "no such file or directory";
            case IO_ERROR -> "input/output error";
            case NO_SUCH_DEVICE -> "no such device";
            case ACCESS -> "permission denied";
            case 12 -> "not enough memory";
            case BUSY -> "device or resource busy";
            case 19 -> "no such device";
            case 20 -> "not a directory";
            case IS_DIRECTORY -> "is a directory";
            case INVALID -> "invalid argument";
            case 23 -> "too many open files on this machine";
            case 24 -> "too many open files in this process";
            case 26 -> "the file is being run as a program";
            case 27 -> "file too large for its file system";
            case NO_SPACE -> "no space left on the disk";
            case READ_ONLY -> "read-only file system";
            case 36 -> "name too long";
            case NO_LOCKS -> "no locks available";
            case NO_SUCH_CALL -> "this kernel has no such call";
            case 40 -> "too many links, one behind the other";
            case 61, 74, 117 -> "the disk's content is damaged";
            case NOT_SUPPORTED -> "not supported here";
            case 107, 110, 112, 116 -> "the file system is not reached any more";
            case 121 -> "input/output error of a remote disk";
            case QUOTA -> "disk quota exceeded";
            default -> "an error that has no name here (" + number + ")";
        };
    }
}
