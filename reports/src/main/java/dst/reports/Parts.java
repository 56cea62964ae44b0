package dst.reports;

import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdServerControl;
import dst.nbd.rules.NbdSayings;
import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.reports.Conversation.Subject;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The machines of NBD within what hosts run: what each of them is given and gives, as events of its own. */
final class Parts {
    private final Map<Layer, NbdSayings> connections = new HashMap<>();
    private final Map<Layer, Map<Long, Subject>> asked = new HashMap<>();

    /** What happened, and what it is about. */
    record Told(Event event, Subject subject) {}

    static boolean has(Layer layer) {
        return layer.is(NbdServerControl.KIND) || layer.is(NbdClientControl.KIND) || layer.is(LendingControl.KIND);
    }

    /** In the order in which it is to be told; empty: it is of no concern to anybody. */
    List<Told> saw(Layer layer, Signal signal) {
        return switch (signal) {
            case Control.Started _, Control.TimerFired _ -> List.of();
            case NbdServerControl.Accepted it -> {
                begins(layer);
                yield told(layer, it);
            }
            case NbdClientControl.Use it -> {
                begins(layer);
                yield told(layer, it);
            }
            case Control.Told it -> told(layer, it);
            case Control.Tells it -> told(layer, it);
            case LinkPort.Received(long _, ByteBuf bytes) -> said(layer, false, bytes);
            case LinkPort.Send(long _, ByteBuf bytes) -> said(layer, true, bytes);
            case BlockPort.Submit it -> asked(layer, false, it);
            case BlockPort.Ask(int _, BlockPort.Submit it) -> asked(layer, true, it);
            case BlockPort.Completed it -> settled(layer, false, it);
            case BlockPort.Heard(int _, BlockPort.Completed it) -> settled(layer, true, it);
            case LinkPort.Opened _,
                    LinkPort.Closed _,
                    LinkPort.Close _,
                    DurablePort.Request _,
                    DurablePort.Event _,
                    DiskPort.Request _,
                    DiskPort.Event _ -> List.of(of(new Event.PartCrossed(layer.kind(), layer.instance(), signal)));
            default -> List.of();
        };
    }

    private void begins(Layer layer) {
        connections.put(layer, new NbdSayings());
        asked.remove(layer);
    }

    private static Told of(Event event) {
        return new Told(event, Subject.NOTHING);
    }

    private static List<Told> told(Layer layer, Signal value) {
        return List.of(of(new Event.PartTold(layer.kind(), layer.instance(), value)));
    }

    private List<Told> said(Layer layer, boolean sent, ByteBuf bytes) {
        NbdSayings connection = connections.get(layer);
        if (connection == null) {
            return List.of();
        }
        boolean isClients = sent == layer.is(NbdClientControl.KIND);
        List<NbdSayings.Said> all = isClients ? connection.asks(bytes) : connection.answers(bytes);
        return all.stream()
                .map(one -> new Told(
                        new Event.PartSaid(layer.kind(), layer.instance(), sent, one),
                        one instanceof NbdSayings.Request request ? new Subject(request.range(), 0) : Subject.NOTHING))
                .toList();
    }

    /** An operation has the number that its submitter gave it; what is asked of what is below has another one. */
    private List<Told> asked(Layer layer, boolean below, BlockPort.Submit it) {
        Operation operation = it.operation();
        Subject subject = Subject.of(operation, below ? 0 : it.tag());
        asked.computeIfAbsent(layer, _ -> new HashMap<>()).put(it.tag(), subject);
        Event event = new Event.PartAsked(layer.kind(), layer.instance(), below, operation.kind(), operation.durable());
        return List.of(new Told(event, subject));
    }

    private List<Told> settled(Layer layer, boolean below, BlockPort.Completed it) {
        Map<Long, Subject> its = asked.getOrDefault(layer, Map.of());
        Subject subject = its.isEmpty() ? null : its.remove(it.tag());
        Event event = new Event.PartSettled(layer.kind(), layer.instance(), below, Event.Settled.of(it.outcome()));
        return List.of(new Told(event, subject == null ? new Subject(Moment.NOWHERE, below ? 0 : it.tag()) : subject));
    }
}
