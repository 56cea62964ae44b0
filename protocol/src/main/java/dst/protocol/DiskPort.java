package dst.protocol;

/** Disks, by numbers that their host gives them. */
public interface DiskPort {
    /** By whoever stands above. */
    sealed interface Request extends Signal.Output {}

    /** By whoever stands below. */
    sealed interface Event extends Signal.Input {}

    /** Hand this to the disk; answered by {@code Ended}. */
    record Start(int disk, DiskRequest request) implements Request {}

    /**
     * A disk is there, locked, nothing of an earlier boot can still reach it (H4), and its boot has begun. Its cache is forgotten:
     * reads return what the media hold, for an earlier process may not have lived to hear that a flush failed (D5).
     */
    record Opened(int disk, Boot boot, BootCause cause) implements Event {}

    record Ended(int disk, long ticket, DiskResult result) implements Event {}
}
