package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.Kind;
import dst.protocol.StateDigest;

/**
 * Whether a command is one that this export can be asked for, on this connection.
 *
 * @param payloadMax of one READ or WRITE
 */
record Checks(NbdExport export, int payloadMax, boolean structured, boolean maps) {
    /** The error that it is answered with; nothing has happened yet. */
    int errorOf(Request request) {
        int command = request.command;
        if (!isKnown(command)) {
            return Errors.EINVAL;
        }
        if ((request.flags & ~flagsOf(command)) != 0) {
            return Errors.EINVAL;
        }
        if (command == Nbd.FLUSH) {
            return request.offset == 0 && request.length == 0 ? Errors.NONE : Errors.EINVAL;
        }
        if (!isPermitted(command)) {
            return Errors.EPERM;
        }
        return isSupported(command) ? errorOfRange(request) : Errors.EINVAL;
    }

    private int errorOfRange(Request request) {
        long offset = request.offset;
        long length = request.length;
        long size = export.device().size();
        if (length == 0) {
            return Errors.EINVAL;
        }
        if (offset < 0 || offset > size || length > size - offset) {
            return Errors.outside(request.command);
        }
        if (((offset | length) & (export.minimumBlock() - 1)) != 0) {
            return Errors.EINVAL;
        }
        boolean carries = request.command == Nbd.READ || request.command == Nbd.WRITE;
        return carries && length > payloadMax ? Errors.EINVAL : Errors.NONE;
    }

    private static boolean isKnown(int command) {
        return command >= Nbd.READ && command <= Nbd.BLOCK_STATUS && command != Nbd.DISC;
    }

    private int flagsOf(int command) {
        int fua = export.has(NbdExport.FUA) ? Nbd.FUA : 0;
        return fua
                | switch (command) {
                    case Nbd.READ -> structured ? Nbd.DF : 0;
                    case Nbd.WRITE_ZEROES -> Nbd.NO_HOLE;
                    case Nbd.BLOCK_STATUS -> Nbd.REQ_ONE;
                    default -> 0;
                };
    }

    private boolean isPermitted(int command) {
        return switch (command) {
            // Where something is allocated is told of what may be read, and of nothing else.
            case Nbd.READ, Nbd.BLOCK_STATUS -> export.device().permission().permits(Kind.READ);
            case Nbd.WRITE, Nbd.TRIM, Nbd.WRITE_ZEROES ->
                export.device().permission().permits(Kind.WRITE);
            default -> true;
        };
    }

    private boolean isSupported(int command) {
        return switch (command) {
            case Nbd.TRIM -> export.has(NbdExport.TRIM);
            case Nbd.WRITE_ZEROES -> export.has(NbdExport.ZERO);
            case Nbd.BLOCK_STATUS -> maps;
            default -> true;
        };
    }

    String wordsOf(int error) {
        return switch (error) {
            case Errors.EPERM -> "not permitted";
            case Errors.ESHUTDOWN -> "the server is going away";
            case Errors.EINVAL, Errors.ENOSPC ->
                "not a request that this export can do: its size is "
                        + export.device().size() + ", its blocks have " + export.minimumBlock();
            default -> "not supported";
        };
    }

    void digest(StateDigest digest) {
        digest.add(export.toString()).add(payloadMax).add(structured).add(maps);
    }
}
