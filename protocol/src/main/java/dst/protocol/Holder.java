package dst.protocol;

/** Who holds an export: the epoch's number and the random token of its holder; durable on the server (H5). */
public record Holder(long epoch, Unique token) {
    public static final Holder NOBODY = new Holder(0, Unique.NONE);
}
