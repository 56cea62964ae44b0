package dst.reports;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.DiskRequest;
import dst.protocol.Finding;
import dst.protocol.Range;
import dst.protocol.ServerInput;
import dst.protocol.ServerOutput;
import dst.protocol.Side;
import dst.protocol.WholeBlocksInput;
import dst.protocol.WholeBlocksOutput;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Direction;
import dst.reports.Conversation.Said;
import dst.reports.Conversation.Subject;
import dst.reports.Moment.Sort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a short description of everything that crossed a boundary, in the order of time; for runs that are to be told. A message
 * is noted when it is sent, and again where it arrives.
 */
public final class Recording implements Tap {
    static final String CLIENT = "client";
    static final String POWER_CUT = "the host loses power";
    private static final String WORLD = "world";

    private final ArrayDeque<Moment> moments = new ArrayDeque<>();
    private final int momentsMax;
    private final Conversation conversation = new Conversation();
    private final Peers peers = new Peers();
    private final Map<String, Running> running = new HashMap<>();
    private final Map<Long, Subject> submitted = new HashMap<>();

    private record Running(String words, Range range, Subject subject) {}

    public Recording() {
        this(Integer.MAX_VALUE);
    }

    private Recording(int momentsMax) {
        this.momentsMax = momentsMax;
    }

    /** Keeps no more than so many, the last ones: of a node that ran for long. */
    public static Recording ofTheLast(int momentsMax) {
        return new Recording(momentsMax);
    }

    public List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** The same, and what the world noticed, each at its time. */
    public List<Moment> momentsWith(List<Finding> noticed) {
        List<Moment> all = new ArrayList<>(moments);
        for (Finding finding : noticed) {
            int place = all.size();
            while (place > 0 && all.get(place - 1).at() > finding.at()) {
                place--;
            }
            String where =
                    finding.side() == Side.OPEN ? WORLD : finding.side().words().replace("the ", "");
            all.add(place, new Moment(finding.at(), where, Sort.FOUND, finding.sentence(), 0, 0, 0));
        }
        return List.copyOf(all);
    }

    @Override
    public void saw(long now, String node, Object value) {
        switch (value) {
            case ClientInput input -> client(now, node, input);
            case ClientOutput output -> client(now, node, output);
            case ServerInput input -> server(now, node, input);
            case ServerOutput output -> server(now, node, output);
            case WholeBlocksInput input -> {
                if (input instanceof WholeBlocksInput.Submitted it) {
                    conversation.entered(node, it);
                }
            }
            case WholeBlocksOutput output -> wholeBlocks(now, node, output);
            case WorldEvent event -> world(now, node, event);
            default -> note(now, node, Sort.OTHER, value.toString());
        }
    }

    private void client(long now, String node, ClientInput input) {
        switch (input) {
            case ClientInput.Started _ -> conversation.began(node);
            case ClientInput.Submitted it -> {
                conversation.submitted(node, it);
                Subject subject =
                        new Subject(it.operation().offset(), it.operation().length(), it.tag());
                submitted.put(it.tag(), subject);
                String words = "operation " + it.tag() + " submitted: " + Phrases.operation(it.operation());
                add(now, node, Sort.SUBMITTED, words, subject);
            }
            case ClientInput.LinkOpened it -> opened(now, node, it.link());
            case ClientInput.Received it -> heard(now, node, it.link(), Direction.TO_CLIENT, false, it.bytes());
            case ClientInput.Sent _, ClientInput.TimerFired _ -> {}
            case ClientInput.LinkClosed it -> note(now, node, Sort.LINK, "link " + it.link() + " lost: " + it.reason());
            case ClientInput.Detach _ -> note(now, node, Sort.PROCESS, "is asked to detach");
        }
    }

    private void client(long now, String node, ClientOutput output) {
        switch (output) {
            case ClientOutput.Connect it -> {
                peers.connects(node, it.link(), it.slot());
                note(now, node, Sort.LINK, "connects, link " + it.link() + peers.slot(node, it.link()));
            }
            case ClientOutput.Send it -> heard(now, node, it.link(), Direction.TO_SERVER, true, it.bytes());
            case ClientOutput.Close it ->
                note(
                        now,
                        node,
                        Sort.LINK,
                        "closes link " + it.link() + ": " + it.closing().text());
            case ClientOutput.Reading _ -> {}
            case ClientOutput.Completed it -> {
                String words = "operation " + it.tag() + " " + Phrases.outcome(it.outcome());
                Subject subject = submitted.getOrDefault(it.tag(), new Subject(0, 0, it.tag()));
                add(now, node, Sort.OUTCOME, words, subject);
            }
            case ClientOutput.Changed it ->
                note(
                        now,
                        node,
                        Sort.PROCESS,
                        "has the device, " + it.device().size() + " bytes in blocks of "
                                + it.device().blockSize()
                                + (it.owed() ? "; a predecessor's replay may be missing" : ""));
            case ClientOutput.Failed it ->
                note(
                        now,
                        node,
                        Sort.PROCESS,
                        "the device has failed: " + it.problem().words() + Phrases.note(it.text()) + "; "
                                + Phrases.ranges(it.lost()));
            case ClientOutput.Detached it -> note(now, node, Sort.PROCESS, "is detached; " + Phrases.ranges(it.lost()));
            case ClientOutput.Copied it -> note(now, node, Sort.OTHER, "copied the content of operation " + it.tag());
            case ClientOutput.Noted it -> note(now, node, Sort.OTHER, it.text());
        }
    }

    /** Only what changes a part of a block makes other operations of it. */
    private void wholeBlocks(long now, String node, WholeBlocksOutput output) {
        switch (output) {
            case WholeBlocksOutput.Submit it ->
                conversation.madeFor(node, it).ifPresent(tag -> {
                    Subject subject =
                            new Subject(it.operation().offset(), it.operation().length(), tag);
                    String words = "for operation " + tag + ", in whole blocks: " + Phrases.operation(it.operation());
                    add(now, node, Sort.OTHER, words, subject);
                });
            case WholeBlocksOutput.Completed it -> conversation.left(node, it);
        }
    }

    private void server(long now, String node, ServerInput input) {
        switch (input) {
            case ServerInput.DiskOpened it ->
                note(
                        now,
                        node,
                        Sort.BOOT,
                        it.boot() + " begins" + Phrases.note(it.cause().words()));
            case ServerInput.ExportOpened it ->
                note(now, node, Sort.OTHER, "opens " + it.export().name());
            case ServerInput.LinkOpened it -> {
                peers.opened(node, it.link(), it.principal());
                opened(now, node, it.link());
            }
            case ServerInput.Received it -> heard(now, node, it.link(), Direction.TO_SERVER, false, it.bytes());
            case ServerInput.Sent _, ServerInput.TimerFired _ -> {}
            case ServerInput.LinkClosed it -> note(now, node, Sort.LINK, "link " + it.link() + " lost: " + it.reason());
            case ServerInput.DiskEnded it -> {
                Running ended = running.remove(node + "/" + it.ticket());
                if (ended != null) {
                    String words = ended.words() + " ended: " + Phrases.result(it.result(), ended.range());
                    add(now, "disk -> " + node, Sort.DISK, words, ended.subject());
                }
            }
            case ServerInput.BootDrawn it -> note(now, node, Sort.BOOT, it.boot() + " begins");
            case ServerInput.Persisted it ->
                note(now, node, Sort.OTHER, "epoch " + it.holder().epoch() + " is durable");
            case ServerInput.Ready it -> {}
            case ServerInput.AccessChanged it ->
                note(
                        now,
                        node,
                        Sort.OTHER,
                        "is told who may use " + it.export() + ": "
                                + it.access().rules());
            case ServerInput.Leave _ -> note(now, node, Sort.PROCESS, "is told to go away");
            case ServerInput.RemoveExport it -> note(now, node, Sort.PROCESS, "is asked to remove " + it.export());
        }
    }

    private void server(long now, String node, ServerOutput output) {
        switch (output) {
            case ServerOutput.Send it -> heard(now, node, it.link(), Direction.TO_CLIENT, true, it.bytes());
            case ServerOutput.Close it ->
                note(
                        now,
                        node,
                        Sort.LINK,
                        "closes link " + it.link() + ": " + it.closing().text());
            case ServerOutput.Reading _ -> {}
            case ServerOutput.StartDisk it -> start(now, node, it.request());
            case ServerOutput.DrawBoot it ->
                note(now, node, Sort.BOOT, "the boot ends: " + it.cause().words());
            case ServerOutput.Persist it ->
                note(
                        now,
                        node,
                        Sort.OTHER,
                        "writes down epoch " + it.holder().epoch()
                                + (it.holder().flushedIn() == 0
                                        ? ""
                                        : ", flushed in boot " + it.holder().flushedIn()));
            case ServerOutput.Left it ->
                note(now, node, Sort.PROCESS, it.clean() ? "has left, with everything flushed" : "has left, not clean");
            case ServerOutput.Removed it ->
                note(now, node, Sort.PROCESS, it.export() + " is removed" + (it.clean() ? ", clean" : ", not clean"));
            case ServerOutput.Noted it -> note(now, node, Sort.OTHER, it.text());
        }
    }

    private void start(long now, String node, DiskRequest request) {
        Range range = Phrases.range(request);
        String of = request.transaction() == 0 ? "" : " for transaction " + request.transaction();
        Subject subject = new Subject(range.offset(), range.length(), conversation.tag(request.transaction()));
        String words = Phrases.disk(request) + of;
        String holding = request instanceof DiskRequest.Write write ? Phrases.holding(write.data()) : "";
        running.put(node + "/" + request.ticket(), new Running(words, range, subject));
        add(now, node + " -> disk", Sort.DISK, words + holding, subject);
    }

    private void world(long now, String node, WorldEvent event) {
        switch (event) {
            case WorldEvent.ProcessStarted _ -> {
                conversation.began(node);
                note(now, node, Sort.PROCESS, "the process starts");
            }
            case WorldEvent.ProcessCrashed _ -> note(now, node, Sort.PROCESS, "the process crashes");
            case WorldEvent.ProcessEnded _ -> note(now, node, Sort.PROCESS, "the process ends, as it was told to");
            case WorldEvent.PowerCut _ -> note(now, node, Sort.PROCESS, POWER_CUT);
            case WorldEvent.Struck it ->
                keep(new Moment(
                        now,
                        WORLD,
                        Sort.FAULT,
                        it.fault() + (it.what().isEmpty() ? "" : ": " + it.what()),
                        0,
                        0,
                        0,
                        Math.max(now, it.until())));
            case WorldEvent.Healed _ -> note(now, WORLD, Sort.OTHER, "healed: no fault strikes from here on");
            case WorldEvent.ClockSet it -> {}
            case WorldEvent.UsedByOthers it -> note(now, node, Sort.OTHER, "others have used disk " + it.disk());
            case WorldEvent.MediaHolds it -> {
                ByteBuf content = Unpooled.wrappedBuffer(it.content());
                String words = "in the end at " + it.offset() + Phrases.holding(content);
                add(now, "disk", Sort.DISK, words, new Subject(it.offset(), it.content().length, 0));
            }
        }
    }

    private void opened(long now, String node, long link) {
        conversation.opened(node, link);
        note(now, node, Sort.LINK, "link " + link + " is open");
    }

    private void heard(long now, String node, long link, Direction direction, boolean sent, ByteBuf bytes) {
        String where = peers.where(node, link, direction);
        String way = peers.slot(node, link);
        for (Said said : conversation.heard(node, peers.client(node, link), link, direction, bytes)) {
            add(
                    now,
                    where,
                    sent ? Sort.MESSAGE : Sort.ARRIVAL,
                    (sent ? "" : "arrived: ") + said.words() + way,
                    said.subject());
        }
    }

    private void note(long now, String where, Sort sort, String words) {
        add(now, where, sort, words, Subject.NOTHING);
    }

    private void add(long now, String where, Sort sort, String words, Subject subject) {
        keep(new Moment(now, where, sort, words, subject.offset(), subject.length(), subject.tag()));
    }

    private void keep(Moment moment) {
        moments.add(moment);
        if (moments.size() > momentsMax) {
            moments.removeFirst();
        }
    }
}
