package dst.protocol.trace;

/**
 * Where a trace goes: a file, or memory. Each call brings one whole record, or the head of all. The bytes are taken before the
 * call returns; the array is used again.
 */
public interface Sink {
    void take(byte[] bytes, int offset, int length);
}
