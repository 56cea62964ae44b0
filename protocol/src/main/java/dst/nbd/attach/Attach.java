package dst.nbd.attach;

import dst.nbd.Budget;
import dst.nbd.NbdServer;
import dst.nbd.Places;
import dst.nbd.WholeBlocks;
import dst.nbd.port.Extent;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.Stack;
import dst.protocol.StateDigest;
import dst.protocol.WholeBlocksControl;
import dst.protocol.trace.Layer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client of the protocol and any number of NBD connections that use its device, as one machine: what a connection wants done the
 * client does in whole blocks, and what becomes of it goes back to that connection and to no other.
 */
public final class Attach implements Machine, Stack {
    /** Each connection has one, and so has what stands on the client: the only one. */
    private static final int DEVICE = 0;

    private final Machine client;
    private final ByteBufAllocator pages;
    private final Places<Connection> places;
    private final Budget<Connection> budget;
    private final int payloadMax;
    private final WholeBlocks blocks = new WholeBlocks(1);
    private final TreeMap<Long, Connection> connections = new TreeMap<>();
    private final LongObjectHashMap<Owner> owners = new LongObjectHashMap<>();
    private final List<Signal> fromServer = new ArrayList<>();
    private final List<Signal> fromBlocks = new ArrayList<>();
    private final List<Signal> fromClient = new ArrayList<>();

    /** What has happened and was not handed on yet; empty between steps. */
    private final ArrayDeque<Signal> due = new ArrayDeque<>();

    private long tags;
    private Joint joint = (_, _, _, _) -> {};

    /** As the client said last; null: it has not attached yet. */
    private @Nullable Device device;

    /** Why the device serves nothing more; null: it does, or will. */
    private @Nullable Problem over;

    /** Which connection wanted something done, and what it calls it. */
    private record Owner(long connection, long tag) {}

    public Attach(Machine client, ByteBufAllocator pages, Bounds bounds) {
        this.client = client;
        this.pages = pages;
        this.places = new Places<>(bounds.places());
        this.budget = new Budget<>(bounds.bytesMax());
        this.payloadMax = NbdServer.payloadMax(bounds.bytesMax());
    }

    /**
     * The NBD server of each connection, by its number; what stands between those who ask for any bytes and the client, which moves
     * whole blocks; and the client. Of itself nothing is seen: what crosses its border crosses that of one of these, and every content
     * would stand in a trace twice.
     */
    @Override
    public void watch(Joint there) {
        joint = there;
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outputs) {
        if (input instanceof BlockPort.Request) {
            throw Signal.misplaced(input); // Programs have connections for that.
        }
        take(now, input, outputs);
        for (Signal next = due.poll(); next != null; next = due.poll()) {
            take(now, next, outputs);
        }
    }

    private void take(long now, Signal input, List<? super Signal> outputs) {
        switch (input) {
            case AttachControl.Came came -> came(now, came, outputs);
            case AttachControl.Heard(long number, Signal one) -> toServer(now, number, one, outputs);
            case Control.TimerFired fired -> timerFired(now, outputs);
            default -> toClient(now, input, outputs);
        }
    }

    private void timerFired(long now, List<? super Signal> outputs) {
        if (client.nextDeadline() <= now) {
            toClient(now, new Control.TimerFired(), outputs);
        }
        for (Connection one : connections.values()) {
            if (one.server.nextDeadline() <= now) {
                due.add(new AttachControl.Heard(one.number, new Control.TimerFired()));
            }
        }
        if (budget.nextDeadline() <= now) {
            makeRoom(now, outputs);
        }
    }

    private void came(long now, AttachControl.Came came, List<? super Signal> outputs) {
        Connection connection = new Connection(came, new NbdServer(pages), now);
        if (connections.putIfAbsent(connection.number, connection) != null) {
            throw new IllegalStateException("the connection " + connection.number + " is there already");
        }
        drop(places.came(connection), "there are too many connections whose handshake is not over", outputs);
        toServer(
                now,
                connection.number,
                new NbdServerControl.Accepted(came.link(), came.peer(), came.exports(), payloadMax),
                outputs);
        if (over != null) {
            due.add(new AttachControl.Heard(connection.number, new NbdServerControl.Drain()));
        }
    }

    private void toServer(long now, long number, Signal input, List<? super Signal> outputs) {
        Connection connection = connections.get(number);
        if (connection == null) {
            Signal.release(input); // Late bytes of a connection that is gone, and what was done for it.
            return;
        }
        boolean wasServed = connection.server.serves();
        connection.heard(input, now);
        joint.saw(now, NbdServerControl.KIND, number, input);
        connection.server.step(now, input, fromServer);
        if (input instanceof LinkPort.Closed) {
            gone(connection);
        }
        for (Signal output : fromServer) {
            joint.saw(now, NbdServerControl.KIND, number, output);
            wanted(now, connection, output, outputs);
        }
        fromServer.clear();
        if (!wasServed && connection.server.serves()) {
            drop(places.through(connection), "there are too many connections", outputs);
        }
        grant(now);
    }

    private void gone(Connection connection) {
        connections.remove(connection.number);
        places.left(connection);
        budget.left(connection);
    }

    /** R7: it gives way to another one. */
    private void drop(@Nullable Connection connection, String words, List<? super Signal> outputs) {
        if (connection != null) {
            gone(connection);
            connection.server.discard();
            outputs.add(new AttachControl.Dropped(connection.number, words));
        }
    }

    /** R7: who has waited for memory goes on, now that there is some. */
    private void grant(long now) {
        for (Budget.Grant<Connection> grant : budget.grants(now)) {
            due.add(new AttachControl.Heard(grant.guest().number, new NbdServerControl.Granted(grant.bytes())));
        }
    }

    private void makeRoom(long now, List<? super Signal> outputs) {
        for (Connection stuck = budget.givesWay(now); stuck != null; stuck = budget.givesWay(now)) {
            drop(stuck, "others wait for memory that it has and does not use", outputs);
            grant(now);
        }
        grant(now);
    }

    private void wanted(long now, Connection connection, Signal output, List<? super Signal> outputs) {
        switch (output) {
            case BlockPort.Ask(int device, BlockPort.Submit(long tag, Operation operation)) -> {
                owners.put(++tags, new Owner(connection.number, tag));
                toBlocks(now, new BlockPort.Submit(tags, operation));
            }
            case NbdServerControl.Map(long tag, long offset, int length) -> {
                // The protocol does not say where nothing is: all of it is data.
                List<Extent> all = List.of(new Extent(length, false, false));
                due.add(new AttachControl.Heard(connection.number, new NbdServerControl.Mapped(tag, all)));
            }
            case NbdServerControl.Open open -> asked(connection, open);
            case NbdServerControl.ListExports list -> asked(connection, list);
            case LinkPort.Close close -> {
                gone(connection);
                outputs.add(new AttachControl.Says(connection.number, close));
            }
            case LinkPort.Send send -> outputs.add(new AttachControl.Says(connection.number, send));
            case LinkPort.Reading reading -> outputs.add(new AttachControl.Says(connection.number, reading));
            case NbdServerControl.Wants(long bytes) -> wants(now, connection, bytes);
            case NbdServerControl.GivesBack(long bytes) -> budget.givesBack(connection, bytes, now);
            case Control.Noted noted -> outputs.add(new AttachControl.Says(connection.number, noted));
            default -> throw Signal.misplaced(output);
        }
    }

    private void asked(Connection connection, Signal question) {
        connection.waitFor(question);
        answer(connection);
    }

    private void wants(long now, Connection connection, long bytes) {
        if (bytes == 0) {
            budget.wantsNothing(connection);
        } else if (budget.asks(connection, bytes, now)) {
            due.add(new AttachControl.Heard(connection.number, new NbdServerControl.Granted(bytes)));
        }
    }

    /** Who asks for an export, or which ones there are, is answered as soon as the device is known, or known to be none. */
    private void answer(Connection connection) {
        if (device == null && over == null) {
            return;
        }
        Device given = over == null ? device : null;
        switch (connection.takeWaiting()) {
            case NbdServerControl.Open(String name) ->
                due.add(new AttachControl.Heard(connection.number, opened(connection, name, given)));
            case NbdServerControl.ListExports list -> {
                List<NbdExport> exports = given == null ? List.of() : connection.exports(given);
                due.add(new AttachControl.Heard(connection.number, new NbdServerControl.Listed(exports)));
            }
            case null, default -> {}
        }
    }

    private Signal opened(Connection connection, String name, @Nullable Device given) {
        NbdExport export = given == null ? null : connection.export(name, given);
        Problem refusal = over != null ? over : Problem.NO_SUCH_EXPORT;
        return export != null
                ? new NbdServerControl.Opened(export)
                : new NbdServerControl.OpenRefused(refusal, refusal.words());
    }

    private void toClient(long now, Signal input, List<? super Signal> outputs) {
        if (input instanceof ClientControl.Detach) {
            end(Problem.DETACHED);
        }
        joint.saw(now, Layer.CLIENT, 0, input);
        client.step(now, input, fromClient);
        for (Signal output : fromClient) {
            joint.saw(now, Layer.CLIENT, 0, output);
            said(now, output, outputs);
        }
        fromClient.clear();
        if (input instanceof Control.Started) {
            toBlocks(now, new WholeBlocksControl.Reblocked(1)); // Until the device is known.
        }
    }

    private void said(long now, Signal output, List<? super Signal> outputs) {
        switch (output) {
            case BlockPort.Completed(long ticket, Outcome outcome) ->
                toBlocks(now, new BlockPort.Heard(DEVICE, new BlockPort.Completed(ticket, outcome)));
            case BlockPort.Copied copied -> {} // A connection forgets a content as soon as it has handed it on.
            case BlockPort.Changed changed -> {
                device = changed.device();
                toBlocks(now, new WholeBlocksControl.Reblocked(changed.device().blockSize()));
                outputs.add(changed);
                connections.values().forEach(this::answer);
            }
            case BlockPort.Failed failed -> {
                outputs.add(failed);
                end(Problem.DEVICE_FAILED);
            }
            case ClientControl.Detached detached -> {
                outputs.add(detached);
                end(Problem.DETACHED);
            }
            case LinkPort.Request request -> outputs.add(request);
            case Control.Noted noted -> outputs.add(noted);
            default -> throw Signal.misplaced(output);
        }
    }

    private void toBlocks(long now, Signal input) {
        joint.saw(now, WholeBlocksControl.KIND, 0, input);
        blocks.step(now, input, fromBlocks);
        for (Signal output : fromBlocks) {
            joint.saw(now, WholeBlocksControl.KIND, 0, output);
            switch (output) {
                case BlockPort.Ask(int device, BlockPort.Request request) -> due.add(request);
                case BlockPort.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
                case WholeBlocksControl.MadeFor made -> {} // For whoever watches.
                default -> throw Signal.misplaced(output);
            }
        }
        fromBlocks.clear();
    }

    private void completed(long tag, Outcome outcome) {
        Owner owner = owners.remove(tag);
        if (owner == null) {
            throw new IllegalStateException("nothing was submitted under the tag " + tag);
        }
        due.add(new AttachControl.Heard(
                owner.connection(), new BlockPort.Heard(DEVICE, new BlockPort.Completed(owner.tag(), outcome))));
    }

    /** Nothing new is begun: each connection is told so, and ends when what it has begun is done. */
    private void end(Problem problem) {
        if (over != null) {
            return;
        }
        over = problem;
        for (Connection one : connections.values()) {
            answer(one);
            due.add(new AttachControl.Heard(one.number, new NbdServerControl.Drain()));
        }
    }

    @Override
    public long nextDeadline() {
        long next = Math.min(client.nextDeadline(), budget.nextDeadline());
        for (Connection one : connections.values()) {
            next = Math.min(next, one.server.nextDeadline());
        }
        return next;
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(client.digest())
                .add(blocks.digest())
                .add(tags)
                .add(over == null ? -1 : over.ordinal())
                .add(device != null);
        if (device != null) {
            digest.add(device);
        }
        places.digest(digest);
        budget.digest(digest);
        digest.add(connections.size());
        connections.values().forEach(one -> one.digest(digest));
        long[] all = owners.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(all);
        for (long tag : all) {
            Owner owner = owners.get(tag);
            digest.add(tag).add(owner.connection()).add(owner.tag());
        }
        return digest.value();
    }

    @Override
    public void discard() {
        client.discard();
        blocks.discard();
        connections.values().forEach(one -> one.server.discard());
        connections.clear();
    }
}
