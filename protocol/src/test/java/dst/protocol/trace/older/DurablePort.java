package dst.protocol.trace.older;

/** As another version of the program might have it: it knows less of a holder. */
public interface DurablePort {
    record Kept(String export, Holder holder) {}

    record Holder(long epoch, boolean clean) {}
}
