package dst.reports;

import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.Finding;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Range;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.WholeBlocksControl;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Direction;
import dst.reports.Conversation.Heard;
import dst.reports.Conversation.Subject;
import dst.reports.Moment.Sort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps what is to be told of everything that crossed a boundary, in the order of time, and no buffer; for runs that are to be told. A
 * message is noted when it is sent, and again where it arrives.
 */
public final class Recording implements Tap {
    static final String CLIENT = "client";

    private final ArrayDeque<Moment> moments = new ArrayDeque<>();

    /** What is told only if a finding names it. */
    private final ArrayDeque<Moment> quiet = new ArrayDeque<>();

    private long value;
    private Crossing crossing = Crossing.NONE;
    private final int momentsMax;
    private final Conversation conversation = new Conversation();
    private final Peers peers = new Peers();
    private final Parts parts = new Parts();
    private final Map<String, Running> running = new HashMap<>();
    private final Map<Long, Subject> submitted = new HashMap<>();

    /** The nodes whose client lies within another machine. */
    private final Set<String> attached = new HashSet<>();

    private record Running(Event.DiskStep step, Subject subject) {}

    /** What runs on nodes of other kinds, and what bytes on their links say. */
    private final Others others;

    public Recording() {
        this(Integer.MAX_VALUE, Map.of());
    }

    /** Of a world with nodes of other kinds as well: by their names, what bytes on their links say. */
    public Recording(Map<String, Supplier<Function<ByteBuf, List<String>>>> kinds) {
        this(Integer.MAX_VALUE, kinds);
    }

    private Recording(int momentsMax, Map<String, Supplier<Function<ByteBuf, List<String>>>> kinds) {
        this.momentsMax = momentsMax;
        this.others = new Others(kinds);
    }

    /** Keeps no more than so many, the last ones: of a node that ran for long. */
    public static Recording ofTheLast(int momentsMax) {
        return new Recording(momentsMax, Map.of());
    }

    public List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** The same, each at its time, with what the world noticed, and with all that a finding names. */
    public List<Moment> momentsOf(Optional<Finding> told, List<Finding> noticed) {
        List<Moment> all = new ArrayList<>(moments);
        Set<Crossing> named = new HashSet<>(told.map(Finding::named).orElse(List.of()));
        Set<Long> missing = new HashSet<>();
        named.forEach(one -> missing.add(one.value()));
        Stream.concat(moments.stream(), quiet.stream().filter(moment -> named.contains(moment.crossing())))
                .forEach(moment -> missing.remove(moment.crossing().value()));
        for (Moment moment : quiet) {
            if (named.contains(moment.crossing())
                    || missing.contains(moment.crossing().value())) {
                all.add(moment);
            }
        }
        all.sort(Comparator.comparing(
                Moment::crossing, Comparator.comparingLong(Crossing::value).thenComparingInt(Crossing::message)));
        for (Finding finding : noticed) {
            int place = all.size();
            while (place > 0 && all.get(place - 1).at() > finding.at()) {
                place--;
            }
            all.add(place, new Moment(finding.at(), way(finding.side()), new Event.Found(finding), Moment.NOWHERE, 0));
        }
        return List.copyOf(all);
    }

    private static Way way(Side side) {
        return switch (side) {
            case CLIENT -> Way.at(CLIENT);
            case SERVER -> Way.at("server");
            case DISK -> Way.MEDIA;
            case NETWORK -> Way.at("network");
            case RULES, OPEN -> Way.WORLD;
        };
    }

    @Override
    public void saw(long now, Layer layer, Object seen) {
        value++;
        crossing = new Crossing(value, 0);
        String node = layer.node();
        switch (seen) {
            case Signal signal when others.has(layer) -> other(now, layer, signal);
            case Signal signal when !layer.isWhole() -> within(now, layer, signal);
            // What goes over its links is told where the client within it says it.
            case Signal signal when isOfLinks(signal) && attached.contains(node) -> aside(now, layer, signal);
            case Signal signal -> {
                others.sawWithin(node);
                // What parts of a node ask each other has tags of its own.
                if (others.areSeenWithin(node) && isOfBlocks(signal)) {
                    aside(now, layer, signal);
                } else {
                    signal(now, node, layer.is(Layer.CLIENT), signal);
                }
            }
            case WorldEvent event -> world(now, node, event);
            default -> crossed(now, node, seen);
        }
    }

    /** A node of another kind. */
    private void other(long now, Layer layer, Signal signal) {
        if (others.areSeenWithin(layer.node()) && isOfLinks(signal)) {
            aside(now, layer, signal);
            return;
        }
        switch (signal) {
            case LinkPort.Received it -> bytes(now, layer, it.link(), false, it.bytes());
            case LinkPort.Send it -> bytes(now, layer, it.link(), true, it.bytes());
            default -> signal(now, layer.node(), true, signal);
        }
    }

    private void bytes(long now, Layer layer, long link, boolean sent, ByteBuf bytes) {
        boolean toServer = sent != peers.isServer(layer.node(), link);
        Way way = peers.way(layer.node(), link, toServer ? Direction.TO_SERVER : Direction.TO_CLIENT);
        for (String says : others.say(layer, link, sent, bytes)) {
            add(now, way, new Event.Bytes(link, bytes.readableBytes(), sent, says), Subject.NOTHING);
        }
    }

    private void signal(long now, String node, boolean client, Signal signal) {
        switch (signal) {
            case BlockPort.Submit it -> {
                conversation.submitted(node, it);
                Subject subject = Subject.of(it.operation(), it.tag());
                submitted.put(it.tag(), subject);
                add(
                        now,
                        node,
                        new Event.Submitted(
                                it.operation().kind(), it.operation().durable()),
                        subject);
            }
            case BlockPort.Completed it ->
                add(
                        now,
                        node,
                        Event.Settled.of(it.outcome()),
                        submitted.getOrDefault(it.tag(), new Subject(Moment.NOWHERE, it.tag())));
            case LinkPort.Received it ->
                heard(now, node, it.link(), client ? Direction.TO_CLIENT : Direction.TO_SERVER, false, it.bytes());
            case LinkPort.Send it ->
                heard(now, node, it.link(), client ? Direction.TO_SERVER : Direction.TO_CLIENT, true, it.bytes());
            case LinkPort.Connect it -> {
                peers.connects(node, it.link(), it.slot());
                add(now, node, new Event.Connects(it.link(), peers.slot(node, it.link())), Subject.NOTHING);
            }
            case LinkPort.Opened it -> {
                conversation.opened(node, it.link());
                crossed(now, node, signal);
            }
            case LinkPort.Accepted it -> {
                peers.opened(node, it.link(), it.peer(), it.principal());
                conversation.opened(node, it.link());
                crossed(now, node, signal);
            }
            case DiskPort.Start it -> start(now, node, it.request());
            case DiskPort.Ended it -> {
                Running ended = running.remove(node + "/" + it.ticket());
                if (ended != null) {
                    add(now, new Way(Way.DISK, node), DiskMoments.ended(ended.step(), it.result()), ended.subject());
                }
            }
            case Control.Started _ -> {
                conversation.began(node);
                crossed(now, node, signal);
            }
            default -> crossed(now, node, signal);
        }
    }

    private static boolean isOfBlocks(Signal signal) {
        return signal instanceof BlockPort.Request || signal instanceof BlockPort.Event;
    }

    private static boolean isOfLinks(Signal signal) {
        return signal instanceof LinkPort.Request || signal instanceof LinkPort.Event;
    }

    /** What is seen of a part of what a host runs. */
    private void within(long now, Layer layer, Signal signal) {
        String node = layer.node();
        if (layer.is(Layer.ATTACHED)) {
            attached.add(node);
        }
        boolean isOfAnAttached = attached.contains(node);
        if (layer.is(Layer.ATTACHED) && isOfLinks(signal)) {
            signal(now, node, true, signal);
        } else if (layer.is(WholeBlocksControl.KIND) && isOfAnAttached) {
            wholeBlocks(now, layer, signal);
        } else if (Parts.has(layer)) {
            part(now, layer, signal);
        } else {
            aside(now, layer, signal);
        }
    }

    private void part(long now, Layer layer, Signal signal) {
        List<Parts.Told> all = parts.saw(layer, signal);
        if (all.isEmpty()) {
            aside(now, layer, signal);
        }
        for (Parts.Told told : all) {
            add(now, layer.node(), told.event(), told.subject());
        }
    }

    /** Only what changes a part of a block makes other operations of it. */
    private void wholeBlocks(long now, Layer layer, Signal signal) {
        String node = layer.node();
        switch (signal) {
            case BlockPort.Submit it ->
                inside(now, node, Event.Joint.ENTERS, it.operation(), conversation.entered(node, it));
            case BlockPort.Ask(int _, BlockPort.Submit it) -> {
                OptionalLong tag = conversation.inWholeBlocks(node, it);
                Operation operation = it.operation();
                if (tag.isPresent()) {
                    Event event = new Event.InWholeBlocks(operation.kind(), operation.durable());
                    add(now, node, event, Subject.of(operation, tag.getAsLong()));
                } else {
                    inside(now, node, Event.Joint.IS_ASKED, operation, conversation.asked(node, it.tag()));
                }
            }
            case BlockPort.Heard(int _, BlockPort.Completed it) -> {
                Event event = new Event.Inside(Event.Joint.IS_ANSWERED, Optional.empty(), false);
                add(now, node, event, new Subject(Moment.NOWHERE, conversation.answered(node, it.tag())));
            }
            case BlockPort.Completed it -> {
                Event event = new Event.Inside(Event.Joint.LEAVES, Optional.empty(), false);
                add(now, node, event, new Subject(Moment.NOWHERE, conversation.left(node, it)));
            }
            case WholeBlocksControl.MadeFor it -> {
                conversation.madeFor(node, it);
                aside(now, layer, signal);
            }
            default -> aside(now, layer, signal);
        }
    }

    /** What is told elsewhere already, or of nobody but that part's own concern. */
    private void aside(long now, Layer layer, Signal signal) {
        long bytes = switch (signal) {
            case LinkPort.Received it -> it.bytes().readableBytes();
            case LinkPort.Send it -> it.bytes().readableBytes();
            default -> 0;
        };
        String what = signal.getClass().getSimpleName();
        add(now, layer.node(), new Event.Aside(layer.kind(), layer.instance(), what, bytes), Subject.NOTHING);
    }

    private void inside(long now, String node, Event.Joint joint, Operation operation, long tag) {
        Event event = new Event.Inside(joint, Optional.of(operation.kind()), operation.durable());
        add(now, node, event, Subject.of(operation, tag));
    }

    private void start(long now, String node, DiskRequest request) {
        long transaction = request.transaction();
        Content content = request instanceof DiskRequest.Write it ? Content.of(it.data()) : Content.HIDDEN;
        Event.DiskStep step = DiskMoments.step(request);
        Subject subject = new Subject(DiskMoments.range(request), conversation.tag(transaction));
        running.put(node + "/" + request.ticket(), new Running(step, subject));
        add(now, new Way(node, Way.DISK), new Event.DiskStarted(step, content), subject);
    }

    private void world(long now, String node, WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted _ -> {
                conversation.began(node);
                crossed(now, node, event);
            }
            case WorldEvent.Struck it ->
                add(now, Way.WORLD, new Event.Struck(it.fault(), it.what(), it.hit(), it.until()), Subject.NOTHING);
            case WorldEvent.Healed _ -> add(now, Way.WORLD, new Event.Crossed(event), Subject.NOTHING);
            case WorldEvent.MediaHolds it -> {
                Content content = Content.of(Unpooled.wrappedBuffer(it.content()));
                Range range = new Range(it.offset(), it.content().length);
                add(now, Way.MEDIA, new Event.MediaHold(content), new Subject(range, 0));
            }
            case WorldEvent.ProcessCrashed _,
                    WorldEvent.ProcessEnded _,
                    WorldEvent.PowerCut _,
                    WorldEvent.ClockSet _,
                    WorldEvent.UsedByOthers _ -> crossed(now, node, event);
        }
    }

    private void heard(long now, String node, long link, Direction direction, boolean sent, ByteBuf bytes) {
        Way way = peers.way(node, link, direction);
        int slot = peers.slot(node, link);
        List<Heard> all = conversation.heard(node, peers.client(node, link), link, direction, bytes);
        if (all.isEmpty()) {
            add(now, way, new Event.Bytes(link, bytes.readableBytes(), sent, ""), Subject.NOTHING);
        }
        for (Heard heard : all) {
            crossing = new Crossing(value, crossing.message() + 1);
            Event event = sent ? new Event.Sent(heard.said(), slot) : new Event.Arrived(heard.said(), slot);
            add(now, way, event, heard.subject());
        }
    }

    private void crossed(long now, String node, Object value) {
        add(now, node, new Event.Crossed(value), Subject.NOTHING);
    }

    private void add(long now, String node, Event event, Subject subject) {
        add(now, Way.at(node), event, subject);
    }

    private void add(long now, Way way, Event event, Subject subject) {
        ArrayDeque<Moment> into = event.sort() == Sort.QUIET ? quiet : moments;
        into.add(new Moment(now, way, event, subject.range(), subject.tag(), crossing));
        if (into.size() > momentsMax) {
            into.removeFirst();
        }
    }
}
