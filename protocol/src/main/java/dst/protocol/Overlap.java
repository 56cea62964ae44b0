package dst.protocol;

/** What a client does with an operation that has to wait for one that it overlaps (T5); neither settles it early. */
public enum Overlap {
    /** The content stays where it is: the submitter's buffer is in use until the operation settles. */
    WAIT,
    /** The content is copied into the client's own memory, within its limit, and the buffer is the submitter's again. */
    COPY
}
