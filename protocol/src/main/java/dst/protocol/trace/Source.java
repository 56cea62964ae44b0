package dst.protocol.trace;

/** Where a trace comes from: a file, or memory. */
public interface Source {
    /** Puts the next bytes there; fewer than asked for only at the end. Says how many. */
    int give(byte[] into, int offset, int length);
}
