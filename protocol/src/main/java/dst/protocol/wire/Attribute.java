package dst.protocol.wire;

import org.jspecify.annotations.Nullable;

/** What a handshake speaks of: a number that is never used again, a word for people, and the form of the value (H2). */
enum Attribute {
    EXPORT(0x0001, "export", Form.NAME),
    TOKEN(0x0002, "token", Form.UNIQUE),
    SLOT(0x0003, "slot", Form.COUNT),
    GENERATION(0x0004, "generation", Form.NUMBER),
    KNOWN(0x0005, "known", Form.UNIQUE),
    EPOCH(0x0006, "epoch", Form.NUMBER),
    VERSION(0x0007, "version", Form.SHORT),
    JOINS(0x0008, "joins", Form.FLAG),
    OWED(0x0009, "owed", Form.FLAG),
    CLEAN(0x000A, "clean", Form.FLAG),
    COMMIT(0x000B, "commit", Form.NUMBER),
    PROBLEM(0x000C, "problem", Form.SHORT),
    TEXT(0x000D, "text", Form.TEXT),
    CAUSE(0x000E, "cause", Form.SHORT),
    OCCUPIED(0x000F, "occupied", Form.FLAG),
    DURABLE(0x0018, "durable", Form.NUMBER),

    TERMS(0x0010, "terms", Form.NESTED),
    CHECKSUMS(0x0011, "checksums", Form.BITS),
    CIPHERS(0x0012, "ciphers", Form.BITS),
    FEATURES(0x0013, "features", Form.BITS),
    KEEPALIVE(0x0014, "keepalive", Form.COUNT),
    LARGEST_TRANSFER(0x0015, "largest-transfer", Form.COUNT),
    TRANSACTIONS(0x0016, "transactions", Form.COUNT),
    BYTES(0x0017, "bytes", Form.COUNT),

    DEVICE(0x0020, "device", Form.NESTED),
    IDENTITY(0x0021, "identity", Form.UNIQUE),
    SIZE(0x0022, "size", Form.NUMBER),
    BLOCK_SIZE(0x0023, "block-size", Form.COUNT),
    PERMISSION(0x0024, "permission", Form.BYTE),

    AGREEMENT(0x0030, "agreement", Form.NESTED),

    BOOT(0x0038, "boot", Form.NESTED),
    COUNTER(0x0039, "counter", Form.NUMBER),
    NONCE(0x003A, "nonce", Form.UNIQUE),

    HELD(0x0040, "held", Form.NESTED),
    HOLDER(0x0041, "holder", Form.NESTED);

    /** In the type's top bit: whoever does not know this attribute must refuse. */
    static final int REQUIRED = 0x8000;

    private final int code;
    private final String word;
    private final Form form;

    Attribute(int code, String word, Form form) {
        this.code = code;
        this.word = word;
        this.form = form;
    }

    int code() {
        return code;
    }

    String word() {
        return word;
    }

    Form form() {
        return form;
    }

    /** Whether a message that has this attribute cannot do without it; such are sent as required ones. */
    boolean needed() {
        return form != Form.TEXT && this != OCCUPIED && this != DURABLE;
    }

    /** What is nested in it, or null. */
    @Nullable Group inside() {
        return switch (this) {
            case TERMS -> Group.TERMS;
            case DEVICE -> Group.DEVICE;
            case AGREEMENT -> Group.AGREEMENT;
            case BOOT -> Group.BOOT;
            case HELD, HOLDER -> Group.HOLDER;
            default -> null;
        };
    }
}
