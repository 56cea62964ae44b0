package dst.protocol.referee;

import dst.protocol.Kind;

/** How findings name things. */
final class Sentence {
    private Sentence() {}

    static String operation(Kind kind, long offset, long length) {
        return kind == Kind.FLUSH ? "flush" : word(kind) + " (offset " + offset + ", " + length + " bytes)";
    }

    static String transaction(long id, Kind kind, long offset, long length) {
        return kind == Kind.FLUSH
                ? "flush " + id
                : word(kind) + " " + id + " (offset " + offset + ", " + length + " bytes)";
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case READ -> "read";
            case WRITE -> "write";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case ZERO -> "zero";
        };
    }
}
