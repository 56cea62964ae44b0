package dst.realnode.disk;

import dst.nbd.port.NbdExport;
import dst.realnode.net.Address;
import dst.realnode.net.Network;
import dst.realnode.net.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections to a foreign server's export: all of them are there, or none is. If one is lost the others are given up with it,
 * since what was sent on it may have happened or not; and it is tried again with pauses, until it is the same export again.
 */
final class NbdWay implements NbdLink.Owner {
    /** Of a server that says that a FLUSH on one covers all. */
    private static final int LINKS = 4;

    private static final long PATIENCE_SECONDS = 20;
    private static final long PAUSE_MILLIS_MIN = 50;
    private static final long PAUSE_MILLIS_MAX = 2_000;

    private final Address address;
    private final String name;
    private final Disks.Options options;
    private final Network network = new Network(Transport.best());
    private final EventLoopGroup group = network.loops(1, "nbd-disk");
    private final EventLoop loop = group.next();
    private final CompletableFuture<NbdExport> first = new CompletableFuture<>();
    private final List<NbdLink> begun = new ArrayList<>();
    private final List<NbdLink> attached = new ArrayList<>();
    private Consumer<List<NbdLink>> opened = _ -> {};
    private Consumer<String> lost = _ -> {};
    private Consumer<String> inVain = _ -> {};
    private @Nullable NbdExport known;
    private int wanted = 1;
    private boolean there;

    /** Counts the tries; what comes of an earlier one is of no interest. */
    private long round;

    private boolean closed;
    private long pauseMillis = PAUSE_MILLIS_MIN;

    NbdWay(Address address, String name, Disks.Options options) {
        this.address = address;
        this.name = name;
        this.options = options;
    }

    EventLoop loop() {
        return loop;
    }

    /** Connects for the first time, and waits for that. */
    NbdExport open(String words) throws IOException {
        loop.execute(this::connect);
        try {
            return first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(words + " cannot be used: " + (cause == null ? e : cause).getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(words + " cannot be used: the server does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(words + " cannot be used: interrupted", e);
        }
    }

    /** From now on these are told, on the loop: the first at once if all connections are there. */
    void keep(Consumer<List<NbdLink>> whenOpened, Consumer<String> whenLost, Consumer<String> whenInVain) {
        loop.execute(() -> {
            opened = whenOpened;
            lost = whenLost;
            inVain = whenInVain;
            if (there) {
                opened.accept(List.copyOf(attached));
            } else {
                lost.accept("it was lost at once");
            }
        });
    }

    private void connect() {
        if (closed) {
            return;
        }
        long mine = round;
        network.connect(
                address,
                loop,
                channel -> {
                    if (closed || mine != round) {
                        channel.close();
                        return;
                    }
                    NbdLink link = new NbdLink(channel, name, options, this);
                    begun.add(link);
                    link.begin();
                },
                reason -> {
                    if (mine == round) {
                        failed(reason);
                    }
                });
    }

    @Override
    public void attached(NbdLink link, NbdExport export) {
        if (!begun.contains(link)) {
            return;
        }
        NbdExport before = known;
        if (before != null && !export.equals(before)) {
            failed("it is another export now, or has another size");
            return;
        }
        known = export;
        attached.add(link);
        if (attached.size() == 1) {
            wanted = export.has(NbdExport.MULTI) ? LINKS : 1;
            for (int i = 1; i < wanted; i++) {
                connect();
            }
        }
        if (attached.size() == wanted) {
            there = true;
            pauseMillis = PAUSE_MILLIS_MIN;
            opened.accept(List.copyOf(attached));
            first.complete(export);
        }
    }

    @Override
    public void lost(NbdLink link, String reason) {
        if (begun.contains(link)) {
            failed(reason);
        }
    }

    /** What there is is given up; all of it is tried again after a pause, if it was ever there. */
    private void failed(String reason) {
        boolean was = there;
        there = false;
        round++;
        List<NbdLink> all = new ArrayList<>(begun);
        begun.clear();
        attached.clear();
        (was ? lost : inVain).accept(reason);
        all.forEach(NbdLink::drop);
        if (!first.isDone()) {
            first.completeExceptionally(new IOException(reason));
            closed = true;
        } else if (!closed) {
            loop.schedule(this::connect, pauseMillis, TimeUnit.MILLISECONDS);
            pauseMillis = Math.min(PAUSE_MILLIS_MAX, 2 * pauseMillis);
        }
    }

    void close() {
        loop.execute(() -> {
            closed = true;
            failed("closed here");
            // Earlier, its connections would be closed before anybody knows why.
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        });
    }
}
