package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.DiskResult;
import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** What only a server's boundary shows, its disks included. */
abstract class ServerObserver extends Observer {
    void diskOpened(long now, DiskView disk) {}

    void exportOpened(long now, ExportView export) {}

    /** A request of the current epoch and boot; the copy is the task's first in this boot, or a later one. */
    void requested(long now, WatchedLink link, Task task, Message.Request request, boolean first) {}

    /** A disk operation is about to run; it is not among the running ones yet. */
    void starts(long now, DiskView disk, DiskOperation operation) {}

    /** A disk operation has ended; it is not among the running ones any more. */
    void ended(long now, DiskView disk, DiskOperation operation, DiskResult result) {}

    /** The task is null if nothing is known of it in this boot; what the answer settles is noted after this. */
    void answers(long now, WatchedLink link, ExportView export, @Nullable Task task, Message.Answer answer) {}

    void bootDrawn(long now, DiskView disk, Boot before) {}

    /** Removed, Left, and what is to be made durable, as it is asked for. */
    void told(long now, Signal output) {}

    /** Persisted, AccessChanged, Leave: after they were taken down. */
    void heard(long now, Signal input) {}

    /** Something happened to the server's host. */
    void struck(long now, WorldEvent event) {}
}
