package dst.protocol;

/** What a server is told and tells beside its ports. */
public interface ServerControl {
    /** An export of an open disk, with what is durable about it, and who may use it. */
    record ExportOpened(Export export, Holder holder, Access access) implements Control.Told {}

    /** From now on, also on links that live, this is who may do what (R6). */
    record AccessChanged(String export, Access access) implements Control.Told {}

    /** Every export that this server has is set up: from now on, what is not here does not exist (H4). */
    record Ready() implements Control.Told {}

    /** Take the export away: flush, tell the client, and end by then at the latest (L5). */
    record RemoveExport(String export, long deadlineNanos) implements Control.Told {}

    /**
     * Go away, to come back: nothing new is begun, what runs ends and is flushed, and whoever is attached is told that the exports
     * stay; by then at the latest (L6).
     */
    record Leave(long deadlineNanos) implements Control.Told {}

    /** Nothing of this export runs any more; its disk may be let go (L5). Clean: everything was flushed and said so. */
    record Removed(String export, boolean clean) implements Control.Tells {}

    /** The process may end (L6). Clean: everything that was acknowledged is durable, and that is on record. */
    record Left(boolean clean) implements Control.Tells {}
}
