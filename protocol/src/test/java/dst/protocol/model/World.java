package dst.protocol.model;

import static dst.protocol.model.Budget.DEATHS;
import static dst.protocol.model.Budget.DISK_ERRORS;
import static dst.protocol.model.Budget.DURABLE_WRITES;
import static dst.protocol.model.Budget.FLUSHES;
import static dst.protocol.model.Budget.FLUSH_FAILURES;
import static dst.protocol.model.Budget.FOREIGN_FLUSHES;
import static dst.protocol.model.Budget.GIVE_UPS;
import static dst.protocol.model.Budget.KILLS;
import static dst.protocol.model.Budget.POWER_CUTS;
import static dst.protocol.model.Budget.READS;
import static dst.protocol.model.Budget.REFUSALS;
import static dst.protocol.model.Budget.TAKEOVERS;
import static dst.protocol.model.Budget.TRIMS;
import static dst.protocol.model.Budget.WRITES;

/** A small world for a part of the rules: what may happen in it, and how many states that makes if all rules are kept. */
enum World {
    /** Acknowledged content, power cuts, and what ends retention. */
    RETENTION(
            294_637,
            one(2).with(WRITES, 2).with(DURABLE_WRITES, 1).with(FLUSHES, 1).with(POWER_CUTS, 1)),

    /** A boot that ends before its replay has. */
    REPLAY(17_994, one(2).with(WRITES, 2).with(FOREIGN_FLUSHES, 1).with(POWER_CUTS, 2)),

    /** Patience that ends while copies are anywhere. */
    UNKNOWN(
            212_689,
            one(1).with(WRITES, 2)
                    .with(FLUSHES, 2)
                    .with(GIVE_UPS, 1)
                    .with(POWER_CUTS, 1)
                    .with(KILLS, 1)),

    /** The same with another block beside it. */
    TWO_BLOCKS(42_132, one(2).with(WRITES, 2).with(FLUSHES, 1).with(GIVE_UPS, 1).with(POWER_CUTS, 1)),

    /** Flushes that overlap, and those of others. */
    FLUSHES_AT_ONCE(
            5_209,
            one(1).with(WRITES, 2).with(FLUSHES, 1).with(FOREIGN_FLUSHES, 1).with(POWER_CUTS, 1)),

    /** Flushes that fail. */
    FAILED_FLUSH(
            15_797,
            one(1).with(WRITES, 2)
                    .with(FLUSHES, 1)
                    .with(GIVE_UPS, 1)
                    .with(POWER_CUTS, 1)
                    .with(FLUSH_FAILURES, 2)),

    /** A flush that fails, and nobody hears of it. */
    UNHEARD(
            7_121,
            one(1).with(WRITES, 1)
                    .with(FLUSHES, 1)
                    .with(GIVE_UPS, 1)
                    .with(POWER_CUTS, 1)
                    .with(KILLS, 1)
                    .with(FLUSH_FAILURES, 1)),

    /** What the server refuses, and what the disk reports. */
    REFUSED(
            38_467,
            one(1).with(WRITES, 2)
                    .with(FLUSHES, 1)
                    .with(POWER_CUTS, 1)
                    .with(KILLS, 1)
                    .with(DISK_ERRORS, 1)
                    .with(REFUSALS, 1)),

    /** D6, and READs that take their time. */
    TRIMMED(
            95_740,
            one(1).with(WRITES, 2)
                    .with(TRIMS, 1)
                    .with(READS, 1)
                    .with(FLUSHES, 1)
                    .with(GIVE_UPS, 1)
                    .with(POWER_CUTS, 1)),

    /** An export that changes hands, with crashes at each step. */
    TAKEOVER(
            32_928,
            two().with(WRITES, 2)
                    .with(POWER_CUTS, 1)
                    .with(KILLS, 1)
                    .with(TAKEOVERS, 2)
                    .with(DEATHS, 1)),

    /** The same with flushes, good and bad, and Unknown. */
    FLUSHED_TAKEOVER(
            272_538,
            two().with(WRITES, 2)
                    .with(FLUSHES, 1)
                    .with(GIVE_UPS, 1)
                    .with(POWER_CUTS, 1)
                    .with(FLUSH_FAILURES, 1)
                    .with(TAKEOVERS, 1));

    final int states;
    final Bounds bounds;

    World(int states, Bounds bounds) {
        this.states = states;
        this.bounds = bounds.named(name());
    }

    private static Bounds one(int blocks) {
        return Bounds.of("", 1, blocks);
    }

    private static Bounds two() {
        return Bounds.of("", 2, 1);
    }

    /** The world in which this rule is missed. */
    static World missing(Rule rule) {
        return switch (rule) {
            case D2_FUA_ENDS_RETENTION, D3_HOLD_BACK, T4_ANSWERS -> RETENTION;
            case D2_OWN_BOOT, D3_BEGINS_ANEW, D3_OLD_IDS_SETTLED -> REPLAY;
            case D1_FLUSH_WAITS, H4_DRAIN, T3_SETTLED_SET, T4_BOOT_CHECK, T5_ON_CLIENT, T5_ON_SERVER -> UNKNOWN;
            case T7_AFTER_UNKNOWN, T7_HOLD_PER_BLOCK -> UNKNOWN;
            case D2_DRAWN_AT_COMPLETION, T7_ENDS_PER_BLOCK -> TWO_BLOCKS;
            case D1_ONE_FLUSH_AT_A_TIME, D2_COMMIT_AS_ISSUED, D2_EXECUTION_NUMBERS -> FLUSHES_AT_ONCE;
            case D5_CACHE_DROP, D5_ENDS_BOOT, D5_RECORD_FORGOTTEN -> FAILED_FLUSH;
            case H4_CACHE_DROP -> UNHEARD;
            case T3_AT_MOST_ONCE, T8_DISK_ERROR_IS_UNKNOWN, T8_DUPLICATES_FIRST, T8_ONE_BOOT -> REFUSED;
            case H5_CONSERVATIVE_OWED, H5_DRAIN, H5_DURABLE_BEFORE_GRANT, H5_FLUSH -> TAKEOVER;
            case H5_STARTS_NOTHING_OLDER, T4_EPOCH_CHECK -> TAKEOVER;
        };
    }
}
