package dst.reports.check;

/** What an operation whose outcome is Unknown may still do. */
public enum Unknowns {
    /** Nothing that anybody can observe after it was told: DST's promise (G5). */
    OVER_WHEN_TOLD,
    /** Anything, at any later time: plain NBD. */
    OPEN_FOR_EVER
}
