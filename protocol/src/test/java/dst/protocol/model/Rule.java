package dst.protocol.model;

/** A rule, or the part of one, that the model can leave out; the words say what is done without it. */
enum Rule {
    D1_ONE_FLUSH_AT_A_TIME("a second flush is issued while one runs, and the number of the later one counts"),
    D1_FLUSH_WAITS("a flush does not wait for the changes that were started before it"),
    D2_COMMIT_AS_ISSUED("a commit number is what had been executed when the flush ended"),
    D2_DRAWN_AT_COMPLETION("execution numbers are drawn when a change is started"),
    D2_EXECUTION_NUMBERS("a FLUSH that is Done releases all retained content, whenever that was executed"),
    D2_OWN_BOOT("a commit number releases content of earlier boots as well"),
    D2_FUA_ENDS_RETENTION("what was retained of a block stays so after a durable write of it"),
    D3_BEGINS_ANEW("a replay that a new boot interrupts goes on where it was"),
    D3_HOLD_BACK("resends and new operations do not wait for the replay"),
    D3_OLD_IDS_SETTLED("unanswered replays of an earlier boot are resent like other requests"),
    D5_CACHE_DROP("the boot after a failed flush begins with the cache as it is"),
    D5_ENDS_BOOT("a flush that failed is tried again in the same boot"),
    D5_RECORD_FORGOTTEN("the record of executed requests outlives a failed flush"),
    H4_CACHE_DROP("a server that starts leaves the cache as it is"),
    H4_DRAIN("a boot begins while operations of the one before still run"),
    H5_CONSERVATIVE_OWED("owed is only what the old holder began to replay in this boot and did not finish"),
    H5_DRAIN("a takeover does not wait for what runs"),
    H5_DURABLE_BEFORE_GRANT("the taker is granted before its epoch is durable"),
    H5_FLUSH("a takeover does not flush"),
    H5_STARTS_NOTHING_OLDER("requests of the old holder are started until the taker is granted"),
    T3_AT_MOST_ONCE("a copy of an answered request is taken for a new one"),
    T3_SETTLED_SET("requests carry no settled set"),
    T4_ANSWERS("the client believes the answers of earlier boots"),
    T4_BOOT_CHECK("the server takes requests of earlier boots"),
    T4_EPOCH_CHECK("the server takes requests of earlier epochs"),
    T5_ON_CLIENT("the client reads a block while a write of it is unsettled"),
    T5_ON_SERVER("the server starts what overlaps a running operation"),
    T7_AFTER_UNKNOWN("a FLUSH that was submitted before Unknown was told ends the doubt as well"),
    T7_ENDS_PER_BLOCK("a write of another block that is Done ends the doubt as well"),
    T7_HOLD_PER_BLOCK("a block of an Unknown write is read at once"),
    T8_DISK_ERROR_IS_UNKNOWN("a write that the disk reports as failed is Refused"),
    T8_DUPLICATES_FIRST("the server refuses a copy of what it has executed"),
    T8_ONE_BOOT("Refused is told though a copy was sent in an earlier boot");

    final String without;

    Rule(String without) {
        this.without = without;
    }
}
