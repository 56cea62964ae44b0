package dst.nbd;

import dst.protocol.Outcome;
import dst.protocol.Problem;

/** NBD's error numbers, and what they and our problems mean to each other. */
final class Errors {
    static final int NONE = 0;
    static final int EPERM = 1;
    static final int EIO = 5;
    static final int ENOMEM = 12;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EOVERFLOW = 75;
    static final int ENOTSUP = 95;
    static final int ESHUTDOWN = 108;

    private Errors() {}

    /** As the kernel's manual calls it. */
    static String words(int error) {
        return switch (error) {
            case EPERM -> "EPERM";
            case EIO -> "EIO";
            case ENOMEM -> "ENOMEM";
            case EINVAL -> "EINVAL";
            case ENOSPC -> "ENOSPC";
            case EOVERFLOW -> "EOVERFLOW";
            case ENOTSUP -> "ENOTSUP";
            case ESHUTDOWN -> "ESHUTDOWN";
            default -> "error " + error + ", which has no name in NBD";
        };
    }

    /** What an operation that settled so is answered with. */
    static int of(Command command, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> NONE;
            case Outcome.Refused refused -> of(command, refused.problem());
            case Outcome.Unknown unknown -> ofUnknown(unknown.problem());
        };
    }

    /** It may have happened: nothing but EIO, ESHUTDOWN, and ENOSPC, which a full disk says half way too, leaves that open. */
    private static int ofUnknown(Problem problem) {
        return switch (problem) {
            case NO_SPACE -> ENOSPC;
            case DETACHED, DEVICE_FAILED -> ESHUTDOWN;
            default -> EIO;
        };
    }

    /** The document wants ENOSPC for what would lie behind the end, and EINVAL for what would be taken from there. */
    static int outside(Command command) {
        return command.fills ? ENOSPC : EINVAL;
    }

    /** Of what has happened in part nobody may hear that it was not even tried. */
    static int halfWay(int error) {
        return error == ENOSPC || error == ESHUTDOWN ? error : EIO;
    }

    private static int of(Command command, Problem problem) {
        return switch (problem) {
            case NOT_PERMITTED, ADMITS_NOBODY -> EPERM;
            case NO_SPACE -> ENOSPC;
            case OUT_OF_RANGE -> outside(command);
            case NOT_ALIGNED, TOO_LARGE -> EINVAL;
            case NOT_SUPPORTED -> ENOTSUP;
            case DETACHED, DEVICE_FAILED -> ESHUTDOWN;
            default -> EIO;
        };
    }

    /** What an option that needs the export is answered with when the host refuses it. */
    static int ofRefusedExport(Problem problem) {
        return switch (problem) {
            case NOT_PERMITTED, ADMITS_NOBODY, OCCUPIED -> Nbd.ERR_POLICY;
            case DETACHED, DEVICE_FAILED, REMOVED, REPLACED -> Nbd.ERR_SHUTDOWN;
            case NOT_SUPPORTED -> Nbd.ERR_PLATFORM;
            default -> Nbd.ERR_UNKNOWN;
        };
    }
}
