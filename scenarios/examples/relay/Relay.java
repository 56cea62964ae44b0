import dst.protocol.Access;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientSettings;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Stack;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.client.Client;
import dst.protocol.server.Server;
import dst.protocol.setting.Settings;
import dst.sim.NodeKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node that is a stack of machines: a server whose disk is what a client has attached elsewhere. Each of the two is watched, judged and
 * drawn as any other client and server; nobody but this file knows of the relay.
 */
public final class Relay implements NodeKind.Source {
    /** Others' links have numbers from here on: the client's own have smaller ones. */
    private static final long OPENED_BY_OTHERS = 1L << 40;

    private static final String EXPORT = "disk";
    private static final int READ = -1;

    public record Told() {}

    @Override
    public List<NodeKind> kinds() {
        return List.of(NodeKind.of("relay", Side.OPEN, Settings.none(Told::new), (_, pages) -> new Relaying(pages)));
    }

    static final class Relaying implements Machine, Stack {
        private final Machine client;
        private final Machine server;
        private final ArrayDeque<Signal> toClient = new ArrayDeque<>();
        private final ArrayDeque<Signal> toServer = new ArrayDeque<>();
        private final List<Signal> said = new ArrayList<>();
        private Joint joint = (_, _, _, _) -> {};
        private Unique token = Unique.NONE;
        private long boots;
        private boolean offered;

        /** Of each operation under way, how many bytes it changes. */
        private final Map<Long, Integer> lengths = new TreeMap<>();

        Relaying(ByteBufAllocator pages) {
            client = new Client(ClientSettings.of(EXPORT), pages);
            server = new Server(ServerSettings.DEFAULT, pages);
        }

        @Override
        public void watch(Joint watching) {
            joint = watching;
        }

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case Control.Started started -> {
                    token = started.token();
                    toClient.add(started);
                }
                case Control.TimerFired fired -> {
                    (client.nextDeadline() <= now ? toClient : toServer).add(fired);
                    if (client.nextDeadline() <= now && server.nextDeadline() <= now) {
                        toServer.add(fired);
                    }
                }
                case LinkPort.Accepted it -> toServer.add(it);
                case LinkPort.Opened it -> toClient.add(it);
                case LinkPort.Received it -> of(it.link()).add(it);
                case LinkPort.Sent it -> of(it.link()).add(it);
                case LinkPort.Closed it -> of(it.link()).add(it);
                default -> throw Signal.misplaced(input);
            }
            while (!toClient.isEmpty() || !toServer.isEmpty()) {
                if (!toClient.isEmpty()) {
                    give(now, client, "client", toClient.remove(), outbox);
                } else {
                    give(now, server, "server", toServer.remove(), outbox);
                }
            }
        }

        private ArrayDeque<Signal> of(long link) {
            return link < OPENED_BY_OTHERS ? toClient : toServer;
        }

        private void give(long now, Machine machine, String kind, Signal input, List<? super Signal> outbox) {
            joint.saw(now, kind, 0, input);
            machine.step(now, input, said);
            for (Signal output : said) {
                joint.saw(now, kind, 0, output);
                switch (output) {
                    case LinkPort.Request request -> outbox.add(request);
                    case BlockPort.Changed it -> changed(it.device());
                    case BlockPort.Completed it -> toServer.add(new DiskPort.Ended(0, it.tag(), result(it)));
                    case DiskPort.Start(int _, DiskRequest request) -> start(request);
                    case DurablePort.DrawBoot _ -> toServer.add(new DurablePort.BootDrawn(0, boot()));
                    case DurablePort.Keep it -> toServer.add(new DurablePort.Kept(it.export(), it.holder()));
                    default -> {}
                }
            }
            said.clear();
        }

        private Boot boot() {
            return new Boot(++boots, new Unique(token.high() + boots, token.low()));
        }

        /** What the client has attached is offered as soon as it is known. */
        private void changed(Device device) {
            if (!offered) {
                offered = true;
                Export export = new Export(EXPORT, 0, 0, device, Terms.DEFAULT, false);
                toServer.add(new DiskPort.Opened(0, boot(), BootCause.STARTED));
                toServer.add(new ServerControl.ExportOpened(
                        export, Holder.NOBODY, Access.ofEverybody(Permission.BOTH)));
                toServer.add(new ServerControl.Ready());
            }
        }

        private void start(DiskRequest request) {
            switch (request) {
                case DiskRequest.Read it -> ask(it.ticket(), new Operation.Read(it.offset(), it.length()));
                case DiskRequest.Write it -> ask(it.ticket(), new Operation.Write(it.offset(), it.data(), it.durable()));
                case DiskRequest.Zero it -> ask(it.ticket(), new Operation.Zero(it.offset(), it.length(), it.durable()));
                case DiskRequest.Trim it -> ask(it.ticket(), new Operation.Trim(it.offset(), it.length()));
                case DiskRequest.Flush it -> ask(it.ticket(), new Operation.Flush());
                // The client below has nothing that it forgets.
                case DiskRequest.Forget it ->
                    toServer.add(new DiskPort.Ended(0, it.ticket(), new DiskResult.Transferred(0)));
            }
        }

        private void ask(long ticket, Operation operation) {
            lengths.put(ticket, operation.kind() == Kind.READ ? READ : operation.length());
            toClient.add(new BlockPort.Submit(ticket, operation));
        }

        private DiskResult result(BlockPort.Completed completed) {
            int length = lengths.remove(completed.tag());
            return switch (completed.outcome()) {
                case Outcome.Done(ByteBuf data) when length == READ -> new DiskResult.Data(data);
                case Outcome.Done(ByteBuf nothing) -> {
                    nothing.release();
                    yield new DiskResult.Transferred(length);
                }
                // A disk has no other word for what may be done or not.
                case Outcome.Refused _, Outcome.Unknown _ -> new DiskResult.Failed(Problem.IO_ERROR);
            };
        }

        @Override
        public long nextDeadline() {
            return Math.min(client.nextDeadline(), server.nextDeadline());
        }

        @Override
        public long digest() {
            StateDigest digest = new StateDigest().add(client.digest()).add(server.digest());
            lengths.forEach((ticket, length) -> digest.add(ticket).add(length));
            return digest.add(token).add(boots).add(offered).value();
        }

        @Override
        public void discard() {
            client.discard();
            server.discard();
        }
    }
}
