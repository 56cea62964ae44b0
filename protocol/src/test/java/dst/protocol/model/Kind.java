package dst.protocol.model;

/** What an operation does, and the budget that its submission takes from. */
enum Kind {
    READ(Budget.READS),
    WRITE(Budget.WRITES),
    DURABLE(Budget.DURABLE_WRITES),
    TRIM(Budget.TRIMS),
    FLUSH(Budget.FLUSHES),
    /** D3: a WRITE of retained content; it belongs to no submission, and its budget is never asked for. */
    REPLAY(Budget.WRITES);

    final Budget budget;

    Kind(Budget budget) {
        this.budget = budget;
    }

    boolean changes() {
        return this != READ && this != FLUSH;
    }

    /** Whether it has a content of its own, that nothing else writes. */
    boolean leavesContent() {
        return this == WRITE || this == DURABLE;
    }
}
