package dst.nbd;

/** One NBD connection as its host sees it: that by which {@link Places} and {@link Budget} decide whether it gives way. */
public interface Guest {
    /** Whose it is, as far as anybody can tell: whoever has many connections has them under one name. */
    String origin();

    /** Which export it uses; empty within its handshake. */
    String export();

    /** Whether it ever asked for anything since it was given the export. */
    boolean isUsed();

    /** Whether something runs for it: until that is done it is not the peer who is idle. */
    boolean isBusy();

    /** When something came of it or went to it last. */
    long activeAt();

    /** How many bytes have come from it and were taken by it, from its beginning on. */
    long moved();

    /** Of what is under way for it, so many bytes wait for the disk and not for the peer. */
    long runningBytes();
}
