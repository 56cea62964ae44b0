package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.StateDigest;

/**
 * Whether a command is one that this export can be asked for, on this connection.
 *
 * @param payloadMax of one READ or WRITE
 */
record Checks(NbdExport export, int payloadMax, boolean structured, boolean maps) {
    /** The error that it is answered with; nothing has happened yet. */
    int errorOf(Request request) {
        Command command = request.command;
        if (command.way == Command.Way.NONE || (request.flags & ~flagsOf(command)) != 0) {
            return Errors.EINVAL;
        }
        if (!command.ranged) {
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
        return request.command.carries() && length > payloadMax ? Errors.EINVAL : Errors.NONE;
    }

    private int flagsOf(Command command) {
        int fua = export.has(NbdExport.FUA) ? Nbd.FUA : 0;
        return fua | (structured ? command.flags : command.flags & ~Nbd.DF);
    }

    private boolean isPermitted(Command command) {
        Permission permission = export.device().permission();
        return (!command.reads || permission.permits(Kind.READ)) && (!command.writes || permission.permits(Kind.WRITE));
    }

    private boolean isSupported(Command command) {
        return command.way == Command.Way.MAP ? maps : export.hasAll(command.offer.feature());
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
