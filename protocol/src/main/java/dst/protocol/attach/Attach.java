package dst.protocol.attach;

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
import dst.protocol.WholeBlocksInput;
import dst.protocol.WholeBlocksOutput;
import dst.protocol.nbd.Budget;
import dst.protocol.nbd.Extent;
import dst.protocol.nbd.NbdExport;
import dst.protocol.nbd.NbdServer;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import dst.protocol.nbd.Places;
import dst.protocol.nbd.WholeBlocks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client of the protocol and any number of NBD connections that use its device, as one machine: what a connection wants done the
 * client does in whole blocks, and what becomes of it goes back to that connection and to no other.
 */
public final class Attach implements Machine<AttachInput, AttachOutput>, Stack {
    private final Machine<Signal, Signal> client;
    private final ByteBufAllocator pages;
    private final Places<Connection> places;
    private final Budget<Connection> budget;
    private final int payloadMax;
    private final WholeBlocks blocks = new WholeBlocks(1);
    private final TreeMap<Long, Connection> connections = new TreeMap<>();
    private final LongObjectHashMap<Owner> owners = new LongObjectHashMap<>();
    private final List<NbdServerOutput> fromServer = new ArrayList<>();
    private final List<WholeBlocksOutput> fromBlocks = new ArrayList<>();
    private final List<Signal> fromClient = new ArrayList<>();

    /** What has happened and was not handed on yet; empty between steps. */
    private final ArrayDeque<AttachInput> due = new ArrayDeque<>();

    private long tags;
    private Consumer<Object> joint = _ -> {};

    /** As the client said last; null: it has not attached yet. */
    private @Nullable Device device;

    /** Why the device serves nothing more; null: it does, or will. */
    private @Nullable Problem over;

    /** Which connection wanted something done, and what it calls it. */
    private record Owner(long connection, long tag) {}

    public Attach(Machine<Signal, Signal> client, ByteBufAllocator pages, Bounds bounds) {
        this.client = client;
        this.pages = pages;
        this.places = new Places<>(bounds.places());
        this.budget = new Budget<>(bounds.bytesMax());
        this.payloadMax = NbdServer.payloadMax(bounds.bytesMax());
    }

    /** What passes between those who ask for any bytes and the client, which moves whole blocks. */
    @Override
    public void watch(Consumer<Object> there) {
        joint = there;
    }

    @Override
    public void step(long now, AttachInput input, List<? super AttachOutput> outputs) {
        take(now, input, outputs);
        for (AttachInput next = due.poll(); next != null; next = due.poll()) {
            take(now, next, outputs);
        }
    }

    private void take(long now, AttachInput input, List<? super AttachOutput> outputs) {
        switch (input) {
            case AttachInput.Came came -> came(now, came, outputs);
            case AttachInput.Nbd(long number, NbdServerInput one) -> toServer(now, number, one, outputs);
            case AttachInput.Client(Signal one) -> toClient(now, one, outputs);
            case AttachInput.TimerFired fired -> timerFired(now, outputs);
        }
    }

    private void timerFired(long now, List<? super AttachOutput> outputs) {
        if (client.nextDeadline() <= now) {
            due.add(new AttachInput.Client(new Control.TimerFired()));
        }
        for (Connection one : connections.values()) {
            if (one.server.nextDeadline() <= now) {
                due.add(new AttachInput.Nbd(one.number, new NbdServerInput.TimerFired()));
            }
        }
        if (budget.nextDeadline() <= now) {
            makeRoom(now, outputs);
        }
    }

    private void came(long now, AttachInput.Came came, List<? super AttachOutput> outputs) {
        Connection connection = new Connection(came, NbdServer.thatAsks(pages, payloadMax), now);
        if (connections.putIfAbsent(connection.number, connection) != null) {
            throw new IllegalStateException("the connection " + connection.number + " is there already");
        }
        drop(places.came(connection), "there are too many connections whose handshake is not over", outputs);
        toServer(now, connection.number, came.connected(), outputs);
        if (over != null) {
            due.add(new AttachInput.Nbd(connection.number, new NbdServerInput.Drain()));
        }
    }

    private void toServer(long now, long number, NbdServerInput input, List<? super AttachOutput> outputs) {
        Connection connection = connections.get(number);
        if (connection == null) {
            release(input);
            return;
        }
        boolean wasServed = connection.server.serves();
        connection.heard(input, now);
        connection.server.step(now, input, fromServer);
        if (input instanceof NbdServerInput.Disconnected) {
            gone(connection);
        }
        for (NbdServerOutput output : fromServer) {
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
    private void drop(@Nullable Connection connection, String words, List<? super AttachOutput> outputs) {
        if (connection != null) {
            gone(connection);
            connection.server.discard();
            outputs.add(new AttachOutput.Drop(connection.number, words));
        }
    }

    /** R7: who has waited for memory goes on, now that there is some. */
    private void grant(long now) {
        for (Budget.Grant<Connection> grant : budget.grants(now)) {
            due.add(new AttachInput.Nbd(grant.guest().number, new NbdServerInput.Granted(grant.bytes())));
        }
    }

    private void makeRoom(long now, List<? super AttachOutput> outputs) {
        for (Connection stuck = budget.givesWay(now); stuck != null; stuck = budget.givesWay(now)) {
            drop(stuck, "others wait for memory that it has and does not use", outputs);
            grant(now);
        }
        grant(now);
    }

    /** Late bytes of a connection that is gone, and what was done for it. */
    private static void release(NbdServerInput input) {
        switch (input) {
            case NbdServerInput.Received(ByteBuf bytes) -> bytes.release();
            case NbdServerInput.Completed(long tag, Outcome.Done(ByteBuf data)) -> data.release();
            default -> {}
        }
    }

    private void wanted(long now, Connection connection, NbdServerOutput output, List<? super AttachOutput> outputs) {
        switch (output) {
            case NbdServerOutput.Submit(long tag, Operation operation) -> {
                owners.put(++tags, new Owner(connection.number, tag));
                toBlocks(now, new WholeBlocksInput.Submitted(tags, operation));
            }
            case NbdServerOutput.Map(long tag, long offset, int length) -> {
                // The protocol does not say where nothing is: all of it is data.
                List<Extent> all = List.of(new Extent(length, false, false));
                due.add(new AttachInput.Nbd(connection.number, new NbdServerInput.Mapped(tag, all)));
            }
            case NbdServerOutput.Open open -> asked(connection, open);
            case NbdServerOutput.List list -> asked(connection, list);
            case NbdServerOutput.Close close -> {
                gone(connection);
                outputs.add(new AttachOutput.Nbd(connection.number, close));
            }
            case NbdServerOutput.Send send -> outputs.add(new AttachOutput.Nbd(connection.number, send));
            case NbdServerOutput.Reading reading -> outputs.add(new AttachOutput.Nbd(connection.number, reading));
            case NbdServerOutput.Wants(long bytes) -> wants(now, connection, bytes);
            case NbdServerOutput.GivesBack(long bytes) -> budget.givesBack(connection, bytes, now);
            case NbdServerOutput.Noted noted -> outputs.add(new AttachOutput.Nbd(connection.number, noted));
        }
    }

    private void asked(Connection connection, NbdServerOutput question) {
        connection.waitFor(question);
        answer(connection);
    }

    private void wants(long now, Connection connection, long bytes) {
        if (bytes == 0) {
            budget.wantsNothing(connection);
        } else if (budget.asks(connection, bytes, now)) {
            due.add(new AttachInput.Nbd(connection.number, new NbdServerInput.Granted(bytes)));
        }
    }

    /** Who asks for an export, or which ones there are, is answered as soon as the device is known, or known to be none. */
    private void answer(Connection connection) {
        if (device == null && over == null) {
            return;
        }
        Device given = over == null ? device : null;
        switch (connection.takeWaiting()) {
            case NbdServerOutput.Open(String name) ->
                due.add(new AttachInput.Nbd(connection.number, opened(connection, name, given)));
            case NbdServerOutput.List list -> {
                List<NbdExport> exports = given == null ? List.of() : connection.exports(given);
                due.add(new AttachInput.Nbd(connection.number, new NbdServerInput.Listed(exports)));
            }
            case null, default -> {}
        }
    }

    private NbdServerInput opened(Connection connection, String name, @Nullable Device given) {
        NbdExport export = given == null ? null : connection.export(name, given);
        Problem refusal = over != null ? over : Problem.NO_SUCH_EXPORT;
        return export != null
                ? new NbdServerInput.Opened(export)
                : new NbdServerInput.OpenRefused(refusal, refusal.words());
    }

    private void toClient(long now, Signal input, List<? super AttachOutput> outputs) {
        if (input instanceof ClientControl.Detach) {
            end(Problem.DETACHED);
        }
        if (input instanceof Control.Started) {
            toBlocks(now, new WholeBlocksInput.Reblocked(1)); // Until the device is known.
        }
        client.step(now, input, fromClient);
        for (Signal output : fromClient) {
            said(now, output, outputs);
        }
        fromClient.clear();
    }

    private void said(long now, Signal output, List<? super AttachOutput> outputs) {
        switch (output) {
            case BlockPort.Completed(long ticket, Outcome outcome) ->
                toBlocks(now, new WholeBlocksInput.Settled(ticket, outcome));
            case BlockPort.Copied copied -> {} // A connection forgets a content as soon as it has handed it on.
            case BlockPort.Changed changed -> {
                device = changed.device();
                toBlocks(now, new WholeBlocksInput.Reblocked(changed.device().blockSize()));
                outputs.add(new AttachOutput.Client(changed));
                connections.values().forEach(this::answer);
            }
            case BlockPort.Failed failed -> {
                outputs.add(new AttachOutput.Client(failed));
                end(Problem.DEVICE_FAILED);
            }
            case ClientControl.Detached detached -> {
                outputs.add(new AttachOutput.Client(detached));
                end(Problem.DETACHED);
            }
            case LinkPort.Request request -> outputs.add(new AttachOutput.Client(request));
            case Control.Noted noted -> outputs.add(new AttachOutput.Client(noted));
            default -> throw Signal.misplaced(output);
        }
    }

    private void toBlocks(long now, WholeBlocksInput input) {
        joint.accept(input);
        blocks.step(now, input, fromBlocks);
        for (WholeBlocksOutput output : fromBlocks) {
            joint.accept(output);
            switch (output) {
                case WholeBlocksOutput.Submit(long ticket, long tag, Operation operation) ->
                    due.add(new AttachInput.Client(new BlockPort.Submit(ticket, operation)));
                case WholeBlocksOutput.Completed(long tag, Outcome outcome) -> completed(tag, outcome);
            }
        }
        fromBlocks.clear();
    }

    private void completed(long tag, Outcome outcome) {
        Owner owner = owners.remove(tag);
        if (owner == null) {
            throw new IllegalStateException("nothing was submitted under the tag " + tag);
        }
        due.add(new AttachInput.Nbd(owner.connection(), new NbdServerInput.Completed(owner.tag(), outcome)));
    }

    /** Nothing new is begun: each connection is told so, and ends when what it has begun is done. */
    private void end(Problem problem) {
        if (over != null) {
            return;
        }
        over = problem;
        for (Connection one : connections.values()) {
            answer(one);
            due.add(new AttachInput.Nbd(one.number, new NbdServerInput.Drain()));
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
