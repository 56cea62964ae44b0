package dst.protocol.trace.older;

/** As another version of the program might have it. */
public interface LinkPort {
    record Opened(int link, boolean again) {}
}
