package dst.nbd;

/** The numbers of NBD's protocol, as its document has them. */
final class Nbd {
    static final long GREETING = 0x4e42444d41474943L;
    static final long OPTION_MAGIC = 0x49484156454F5054L;
    static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    static final int REQUEST_MAGIC = 0x25609513;
    static final int SIMPLE_MAGIC = 0x67446698;
    static final int CHUNK_MAGIC = 0x668e33ef;

    static final int GREETING_BYTES = 18;
    static final int OPTION_BYTES = 16;
    static final int OPTION_REPLY_BYTES = 20;
    static final int REQUEST_BYTES = 28;
    static final int SIMPLE_BYTES = 16;
    static final int CHUNK_BYTES = 20;
    /** What EXPORT_NAME is answered with, and the zeroes behind it that nobody needs. */
    static final int EXPORT_BYTES = 10;

    static final int ZEROES = 124;

    /** No string is longer. */
    static final int STRING_MAX = 4096;

    /** A payload of that size must be taken by whoever has not said otherwise. */
    static final int PAYLOAD_MAX = 32 << 20;

    static final String ALLOCATION = "base:allocation";

    // Flags of the handshake, the same on both sides.
    static final int FIXED_NEWSTYLE = 1;
    static final int NO_ZEROES = 2;

    // Options.
    static final int EXPORT_NAME = 1;
    static final int ABORT = 2;
    static final int LIST = 3;
    static final int STARTTLS = 5;
    static final int INFO = 6;
    static final int GO = 7;
    static final int STRUCTURED_REPLY = 8;
    static final int LIST_META_CONTEXT = 9;
    static final int SET_META_CONTEXT = 10;

    // Replies to options.
    static final int ACK = 1;
    static final int SERVER = 2;
    static final int INFORMATION = 3;
    static final int META_CONTEXT = 4;
    static final int ERROR_BIT = 1 << 31;
    static final int ERR_UNSUP = ERROR_BIT + 1;
    static final int ERR_POLICY = ERROR_BIT + 2;
    static final int ERR_INVALID = ERROR_BIT + 3;
    static final int ERR_PLATFORM = ERROR_BIT + 4;
    static final int ERR_UNKNOWN = ERROR_BIT + 6;
    static final int ERR_SHUTDOWN = ERROR_BIT + 7;
    static final int ERR_TOO_BIG = ERROR_BIT + 9;

    // Kinds of information.
    static final int INFO_EXPORT = 0;
    static final int INFO_NAME = 1;
    static final int INFO_DESCRIPTION = 2;
    static final int INFO_BLOCK_SIZE = 3;

    // Flags of an export, beside those of commands.
    static final int HAS_FLAGS = 1;
    static final int READ_ONLY = 1 << 1;
    static final int SEND_FUA = 1 << 3;
    static final int SEND_DF = 1 << 7;
    static final int CAN_MULTI_CONN = 1 << 8;

    // Flags of a command.
    static final int FUA = 1;
    static final int NO_HOLE = 1 << 1;
    static final int DF = 1 << 2;
    static final int REQ_ONE = 1 << 3;
    static final int FAST_ZERO = 1 << 4;

    // Chunks of a structured reply.
    static final int DONE = 1;
    static final int CHUNK_NONE = 0;
    static final int CHUNK_DATA = 1;
    static final int CHUNK_HOLE = 2;
    static final int CHUNK_STATUS = 5;
    static final int CHUNK_ERROR_BIT = 1 << 15;
    static final int CHUNK_ERROR = CHUNK_ERROR_BIT + 1;
    static final int CHUNK_ERROR_OFFSET = CHUNK_ERROR_BIT + 2;

    // What an extent is.
    static final int HOLE = 1;
    static final int ZERO = 2;

    private Nbd() {}
}
