package dst.protocol.hostile;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A disk in memory that a test can stop: what is submitted meanwhile runs until it is told to end. */
final class HostedDisk {
    final byte[] content = new byte[2 * Victims.SIZE];
    final Pages pages = new Pages();
    private final List<DiskRequest> running = new ArrayList<>();

    /** Whether what concerns the attacker's half does not end by itself. */
    boolean holding;

    void submit(DiskRequest request) {
        running.add(request);
    }

    /** The next one that may end, or null; with a choice, which of those that are held. */
    @org.jspecify.annotations.Nullable DiskRequest takeDue(boolean heldToo, Odds odds) {
        for (int i = 0; i < running.size(); i++) {
            if (!holding || isNeighbours(running.get(i))) {
                return running.remove(i);
            }
        }
        return heldToo && !running.isEmpty() ? running.remove(odds.below(running.size())) : null;
    }

    int running() {
        return running.size();
    }

    private static boolean isNeighbours(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> read.offset() >= Victims.SIZE;
            case DiskRequest.Write write -> write.offset() >= Victims.SIZE;
            case DiskRequest.Zero zero -> zero.offset() >= Victims.SIZE;
            case DiskRequest.Trim trim -> trim.offset() >= Victims.SIZE;
            case DiskRequest.Flush flush -> true;
            case DiskRequest.Forget forget -> true;
        };
    }

    DiskResult carryOut(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read ->
                new DiskResult.Data(pages.of(content, Math.toIntExact(read.offset()), read.length()));
            case DiskRequest.Write write -> {
                int length = write.data().readableBytes();
                write.data().getBytes(write.data().readerIndex(), content, Math.toIntExact(write.offset()), length);
                write.data().release();
                yield new DiskResult.Transferred(length);
            }
            case DiskRequest.Zero zero -> {
                int from = Math.toIntExact(zero.offset());
                Arrays.fill(content, from, from + zero.length(), (byte) 0);
                yield new DiskResult.Transferred(zero.length());
            }
            case DiskRequest.Trim trim -> new DiskResult.Transferred(trim.length());
            case DiskRequest.Flush flush -> new DiskResult.Transferred(0);
            case DiskRequest.Forget forget -> new DiskResult.Transferred(0);
        };
    }

    /** The host ends. */
    void discard() {
        for (DiskRequest request : running) {
            if (request instanceof DiskRequest.Write write) {
                write.data().release();
            }
        }
        running.clear();
    }
}
