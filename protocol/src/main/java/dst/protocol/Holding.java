package dst.protocol;

/** What a client does that finds the export held by another one that lives (H5). */
public enum Holding {
    /** It takes the export over. */
    TAKE,
    /** It tries again, until nobody holds it. */
    WAIT,
    /** Its device fails. */
    REFUSE
}
