package dst.protocol;

/** Everything that the two sides of a link have to agree on; each echoes it, and a difference refuses (H3). */
public record Agreement(int version, Terms terms, Device device) {}
