package dst.realnode.disk;

import java.lang.foreign.Arena;

/** Zeros to be written, aligned for any disk. */
final class Zeros {
    static final int LENGTH = 1 << 18;
    static final long ADDRESS = Arena.global().allocate(LENGTH, 1 << 16).address();

    /** As much again, to read into what nobody wants. */
    static final long SPARE = Arena.global().allocate(1 << 20, 1 << 16).address();

    private Zeros() {}
}
