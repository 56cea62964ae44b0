package dst.protocol.model;

/** What may happen a bounded number of times. */
enum Budget {
    WRITES,
    DURABLE_WRITES,
    TRIMS,
    FLUSHES,
    READS,
    GIVE_UPS,
    POWER_CUTS,
    KILLS,
    FLUSH_FAILURES,
    DISK_ERRORS,
    REFUSALS,
    FOREIGN_FLUSHES,
    TAKEOVERS,
    DEATHS
}
