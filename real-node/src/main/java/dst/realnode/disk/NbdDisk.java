package dst.realnode.disk;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdExport;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.realnode.net.Address;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An export of a foreign NBD server. When the way to it is lost, whatever ran has failed, and what was not flushed may be lost: that
 * counts as a lost cache, and to forget is to come back and flush. Its fields belong to the loop of its connections.
 *
 * <p>H4 and T5 are weaker than with other disks: nothing keeps another client away, and a write of a connection that broke may still
 * reach the disk behind the server's back.
 */
final class NbdDisk extends RealDisk {
    static final Logger LOG = LoggerFactory.getLogger(NbdDisk.class);

    private final NbdExport export;
    private final NbdWay way;
    private final EventLoop loop;
    private final List<Runnable> toldOfCuts = new CopyOnWriteArrayList<>();

    /** What waits for the way to be there again. */
    private final List<Runnable> waiting = new ArrayList<>();

    private List<NbdLink> links = List.of();
    private int next;
    private volatile boolean closing;
    private volatile long losses;
    private volatile long cuts;

    private NbdDisk(Shape shape, StateDirectory state, NbdExport export, NbdWay way) {
        super(shape, state);
        this.export = export;
        this.way = way;
        this.loop = way.loop();
    }

    static RealDisk open(String name, Address address, String export, Disks.Options options) throws IOException {
        if (options.state().isEmpty()) {
            throw new IOException(name + ": what is durable beside a remote disk has no place of its own: name a folder"
                    + " for it: state=DIRECTORY");
        }
        NbdWay way = new NbdWay(address, export, options);
        try {
            NbdExport shown = way.open(name);
            Shape shape = shape(name, shown, options);
            // Of a foreign export nothing is known but its size.
            StateDirectory state = new Beside(name, options.state().get(), options)
                    .open(new Recognition.Found(shape.size(), "", true, Optional.empty()), _ -> false);
            NbdDisk disk = new NbdDisk(shape, state, shown, way);
            way.keep(disk::opened, disk::lost, disk::stillAway);
            LOG.warn(
                    "disk {}: nothing keeps other clients of that server away from it, and what a broken connection left"
                            + " behind may reach it late (H4 and T5 are weaker): see that nobody else uses it",
                    name);
            return disk;
        } catch (IOException | RuntimeException refused) {
            way.close();
            throw refused;
        }
    }

    private static Shape shape(String name, NbdExport shown, Disks.Options options) throws IOException {
        int least = Math.max(Disks.USUAL_BLOCK, shown.minimumBlock());
        int blockSize = options.blockSize() == 0 ? least : options.blockSize();
        long size = shown.device().size();
        if (blockSize < least) {
            throw new IOException(
                    name + ": that server wants blocks of " + least + " bytes at least, not " + blockSize);
        }
        if (size == 0 || size % blockSize != 0) {
            throw new IOException(name + " has " + size + " bytes, which is no whole number of blocks of " + blockSize);
        }
        if (!options.readOnly() && !shown.device().permission().writes()) {
            throw new IOException(name + ": that server lets nobody write: serve it read-only (ro)");
        }
        if (!options.readOnly() && !shown.has(NbdExport.FLUSH)) {
            throw new IOException(
                    name + ": that server knows no FLUSH, so that nothing that is written is ever known to be"
                            + " durable: serve it read-only (ro)");
        }
        return new Shape(name, size, blockSize, options.readOnly());
    }

    // The way to it.

    private void opened(List<NbdLink> opened) {
        links = opened;
        List<Runnable> due = new ArrayList<>(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }

    /** Before anything that ran ends of it. */
    private void lost(String reason) {
        links = List.of();
        losses++;
        cuts++;
        if (!closing) {
            troubles.tell("the connection is lost: " + reason + ": it is tried again and again");
            toldOfCuts.forEach(Runnable::run);
        }
    }

    private void stillAway(String reason) {
        if (!closing) {
            troubles.tell("there is no connection: " + reason);
        }
    }

    @Override
    public long cuts() {
        return cuts;
    }

    @Override
    public void whenCut(Runnable told) {
        toldOfCuts.add(told);
    }

    @Override
    long losses() {
        return losses;
    }

    // Requests.

    @Override
    @Nullable DiskResult atOnce(DiskRequest request) {
        return null;
    }

    @Override
    boolean later(DiskRequest request, Ending ending) {
        loop.execute(() -> begin(request, ending));
        return true;
    }

    @Override
    DiskResult atLeisure(DiskRequest request) {
        CompletableFuture<DiskResult> ended = new CompletableFuture<>();
        later(request, ended::complete);
        return ended.join();
    }

    private void begin(DiskRequest request, Ending ending) {
        if (links.isEmpty() && request instanceof DiskRequest.Forget && !closing) {
            waiting.add(() -> begin(request, ending));
        } else if (links.isEmpty()) {
            ending.ended(new DiskResult.Failed(Problem.IO_ERROR));
        } else {
            next = (next + 1) % links.size();
            advance(links.get(next), new NbdTask(request, export), ending);
        }
    }

    private void advance(NbdLink link, NbdTask task, Ending ending) {
        Operation operation = task.next();
        if (operation == null) {
            ending.ended(task.result());
            return;
        }
        link.submit(operation, outcome -> {
            switch (outcome) {
                case Outcome.Done done -> {
                    task.came(done.data());
                    advance(link, task, ending);
                }
                case Outcome.Refused(Problem problem, String text) -> failed(task, problem, text, ending);
                case Outcome.Unknown(Problem problem, String text) -> failed(task, problem, text, ending);
            }
        });
    }

    private void failed(NbdTask task, Problem problem, String text, Ending ending) {
        task.discard();
        boolean full = problem == Problem.NO_SPACE;
        // D5: what a failed flush has left behind nobody knows; a durable write for which there is no room left
        // nothing.
        if (task.isDurable() && !full) {
            losses++;
        }
        if (!links.isEmpty()) {
            troubles.tell(task.request.getClass().getSimpleName() + ": " + problem.words() + ": " + text);
        }
        ending.ended(new DiskResult.Failed(full ? problem : Problem.IO_ERROR));
    }

    // Extents.

    @Override
    public List<Extent> extents(long offset, long length) {
        if (!export.has(NbdExport.MAP)) {
            return List.of(new Extent(length, false, false));
        }
        CompletableFuture<List<Extent>> answer = new CompletableFuture<>();
        int most = (int) Math.min(length, 1 << 30);
        loop.execute(() -> ask(offset, most, answer::complete));
        return whole(answer.join(), length);
    }

    private void ask(long offset, int length, Consumer<List<Extent>> answered) {
        if (links.isEmpty()) {
            answered.accept(List.of());
        } else {
            links.getFirst().ask(offset, length, answered);
        }
    }

    /** What the server has not told of is taken for data; what it has told beyond it is of no interest. */
    private static List<Extent> whole(List<Extent> told, long length) {
        List<Extent> extents = new ArrayList<>();
        long left = length;
        for (Extent extent : told) {
            if (left > 0) {
                long part = Math.min(left, extent.length());
                extents.add(new Extent(part, extent.hole(), extent.zero()));
                left -= part;
            }
        }
        if (left > 0) {
            extents.add(new Extent(left, false, false));
        }
        return extents;
    }

    @Override
    long madePossible(long wanted) throws IOException {
        return resized(wanted);
    }

    @Override
    long resized(long wanted) throws IOException {
        throw new IOException(name() + ": NBD tells of a size only at the beginning: resize it at its own server, then"
                + " remove this export and add it again");
    }

    @Override
    public void ending() {
        closing = true;
    }

    @Override
    void release() {
        closing = true;
        loop.execute(() -> {
            List<Runnable> due = new ArrayList<>(waiting);
            waiting.clear();
            due.forEach(Runnable::run);
        });
        way.close();
    }
}
