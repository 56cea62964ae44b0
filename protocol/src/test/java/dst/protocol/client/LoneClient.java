package dst.protocol.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Agreement;
import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Holding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Overlap;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.wire.CountedPages;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A client with nothing around it: server and submitter are played by the test, word by word; every page is counted. */
final class LoneClient {
    static final int BLOCK = 512;
    static final int SIZE = 256 * BLOCK;
    static final long SECOND = ClientSettings.SECOND;
    static final Unique TOKEN = new Unique(7, 7);
    static final Device DEVICE = new Device(new Unique(1, 2), SIZE, BLOCK, Permission.BOTH);
    static final Terms TERMS =
            new Terms(Terms.CRC32C, Terms.PLAIN, Terms.FUA | Terms.TRIM | Terms.ZERO, 5_000, 4 * BLOCK, 16, 16 * BLOCK);
    static final Boot FIRST = boot(1);
    static final Holder HOLDER = new Holder(1, TOKEN);

    /** H5: the grant of an export that is shared. */
    static final Holder SHARED = new Holder(0, TOKEN);

    private final Tap tap;
    final CountedPages pages = new CountedPages(false);
    final Client client;
    private final HeardMessages messages = new HeardMessages();
    final Map<Long, List<Message>> heard = messages.heard;
    final Map<Long, Closing> closed = new TreeMap<>();
    final Map<Long, Outcome> outcomes = new LinkedHashMap<>();
    final Set<Long> copied = new TreeSet<>();
    final List<BlockPort.Changed> changes = new ArrayList<>();
    final List<BlockPort.Failed> failures = new ArrayList<>();
    final List<ClientControl.Detached> detached = new ArrayList<>();
    private final Encoder encoder = new Encoder(pages);
    private Device device = DEVICE;
    private Terms terms = TERMS;
    private final Map<Long, Long> unsent = new TreeMap<>();
    boolean occupied;
    private final Map<Integer, Long> slots = new TreeMap<>();
    private long execution;
    private final Set<Long> answered = new TreeSet<>();

    /** The link asked for last, or that of the slot chosen last: what is said and heard is said and heard there. */
    long link;

    Holder holder = HOLDER;
    Boot boot = FIRST;
    BootCause cause = BootCause.STARTED;
    long commit;
    long now;

    LoneClient(ClientSettings settings) {
        this(settings, (now, node, value) -> {});
    }

    LoneClient(ClientSettings settings, Tap tap) {
        this.tap = tap;
        client = new Client(settings, pages);
        step(new Control.Started(TOKEN, 1));
    }

    static Boot boot(long counter) {
        return new Boot(counter, new Unique(counter, 99));
    }

    static ClientSettings settings(long patience, long retained, Terms terms) {
        return new ClientSettings(
                "disk", terms, Unique.NONE, patience, 2 * SECOND, SECOND / 10, retained, 2, ClientPolicy.ORDINARY);
    }

    static ClientSettings settings() {
        return settings(Machine.NEVER, 1 << 20, TERMS);
    }

    static LoneClient attached() {
        return attached(settings());
    }

    static LoneClient attached(ClientSettings settings) {
        return attached(settings, HOLDER);
    }

    static LoneClient attached(ClientSettings settings, Holder holder) {
        LoneClient lone = new LoneClient(settings);
        lone.holder = holder;
        lone.terms = settings.terms();
        lone.attach();
        return lone;
    }

    void step(Signal input) {
        List<Signal> outputs = new ArrayList<>();
        tap.saw(now, Layer.client("client"), input);
        client.step(now, input, outputs);
        outputs.forEach(output -> tap.saw(now, Layer.client("client"), output));
        outputs.forEach(this::keep);
    }

    private void keep(Signal output) {
        switch (output) {
            case LinkPort.Connect connect -> {
                assertTrue(slots.getOrDefault(connect.slot(), 0L) < connect.link(), "L2: generations rise");
                link = connect.link();
                slots.put(connect.slot(), link);
            }
            case LinkPort.Send(long number, ByteBuf bytes) -> {
                unsent.merge(number, (long) bytes.readableBytes(), Long::sum);
                messages.hear(number, bytes);
            }
            case LinkPort.Close(long number, Closing closing) -> assertNull(closed.put(number, closing));
            case LinkPort.Reading reading -> throw new AssertionError("L4: a client always reads");
            case BlockPort.Completed(long tag, Outcome outcome) ->
                assertNull(outcomes.put(tag, outcome), "G5: settled twice: " + tag);
            case BlockPort.Changed changed -> changes.add(changed);
            case BlockPort.Failed failed -> failures.add(failed);
            case ClientControl.Detached end -> detached.add(end);
            case BlockPort.Copied(long tag) -> assertTrue(copied.add(tag), "T5: copied twice: " + tag);
            case Control.Noted noted -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    void say(Message message) {
        step(new LinkPort.Received(link, encoder.encode(message)));
    }

    void raw(byte[] bytes) {
        step(new LinkPort.Received(link, pages.buffer(bytes.length).writeBytes(bytes)));
    }

    void sent() {
        Long bytes = unsent.remove(link);
        step(new LinkPort.Sent(link, bytes == null ? 0 : bytes));
    }

    /** What was handed over on this link and has not left the host. */
    long unsent() {
        return unsent.getOrDefault(link, 0L);
    }

    /** From now on it is about this slot's link. */
    LoneClient on(int slot) {
        Long number = slots.get(slot);
        if (number == null) {
            throw new AssertionError("slot " + slot + " was never connected");
        }
        link = number;
        return this;
    }

    /** How many slots' links have been heard to say something and are not closed. */
    int live() {
        return (int) slots.values().stream()
                .filter(number -> heard.containsKey(number) && !closed.containsKey(number))
                .count();
    }

    boolean connected(int slot) {
        return slots.containsKey(slot);
    }

    void device(Device other) {
        device = other;
    }

    void terms(Terms other) {
        terms = other;
    }

    Agreement agreement() {
        return new Agreement(1, terms, device);
    }

    void open() {
        step(new LinkPort.Opened(link));
        say(new Message.Preamble(1, 1));
    }

    void welcome() {
        say(new Message.Welcome(agreement(), boot, cause, holder.epoch(), occupied));
    }

    /** The whole handshake of the link asked for last. */
    void attach() {
        open();
        welcome();
        say(new Message.Attached(agreement(), holder, boot, false));
    }

    /** A client with so many links, all of them attached; it is about the first one. */
    static LoneClient attached(ClientSettings settings, int links) {
        LoneClient lone = attached(settings.with(policy(links)));
        for (int slot = 1; slot < links; slot++) {
            int next = slot;
            lone.passUntil(() -> lone.connected(next));
        }
        for (int slot = 1; slot < links; slot++) {
            lone.on(slot).attach();
        }
        return lone.on(0);
    }

    static ClientPolicy policy(int links) {
        return new ClientPolicy(links, Overlap.WAIT, 0, Holding.TAKE, Integer.MAX_VALUE);
    }

    /** The link is gone, and the client has asked for the next one. */
    void lose() {
        long before = link;
        int slot = slot();
        step(new LinkPort.Closed(link, "reset"));
        passUntil(() -> on(slot).link != before);
    }

    private int slot() {
        for (Map.Entry<Integer, Long> entry : slots.entrySet()) {
            if (entry.getValue() == link) {
                return entry.getKey();
            }
        }
        throw new AssertionError("link " + link + " is of yesterday");
    }

    /** The server comes back in its next boot: it has forgotten everything that it did not flush. */
    void nextBoot() {
        renew();
        lose();
        attach();
    }

    void renew() {
        boot = boot(boot.counter() + 1);
        execution = 0;
        commit = 0;
        answered.clear();
    }

    /** What is due now. */
    void fire() {
        for (int i = 0; client.nextDeadline() <= now; i++) {
            assertTrue(i < 100, "a deadline that does not move on");
            step(new Control.TimerFired());
        }
    }

    void passUntil(java.util.function.BooleanSupplier reached) {
        for (int i = 0; i < 1000 && !reached.getAsBoolean(); i++) {
            now = Math.max(now, client.nextDeadline());
            step(new Control.TimerFired());
        }
    }

    /** Lets time pass, deadline by deadline, with a server that is only alive. */
    void pass(long nanos) {
        long until = now + nanos;
        for (int i = 0; i < 10_000 && client.nextDeadline() <= until; i++) {
            now = Math.max(now, client.nextDeadline());
            step(new Control.TimerFired());
            say(new Message.Pong(0));
        }
        now = until;
    }

    void submit(long tag, Operation operation) {
        step(new BlockPort.Submit(tag, operation));
    }

    void write(long tag, int block) {
        submit(tag, new Operation.Write((long) block * BLOCK, bytes(BLOCK, (int) tag), false));
    }

    void writeDurable(long tag, int block) {
        submit(tag, new Operation.Write((long) block * BLOCK, bytes(BLOCK, (int) tag), true));
    }

    void read(long tag, int block) {
        submit(tag, new Operation.Read((long) block * BLOCK, BLOCK));
    }

    void flush(long tag) {
        submit(tag, new Operation.Flush());
    }

    ByteBuf bytes(int length, int value) {
        CompositeByteBuf all = pages.compositeBuffer(Integer.MAX_VALUE);
        for (int left = length; left > 0; left -= CountedPages.PAGE) {
            ByteBuf page = pages.buffer(Math.min(left, CountedPages.PAGE));
            while (page.isWritable()) {
                page.writeByte(value);
            }
            all.addComponent(true, page);
        }
        return all;
    }

    /** Answers well, with the next execution number. */
    void answer(Message.Request request) {
        if (request.kind() == Kind.FLUSH) {
            commit = execution;
        }
        answered.add(request.id());
        long number = request.kind().changes() ? ++execution : 0;
        ByteBuf data = request.kind() == Kind.READ ? bytes(request.length(), 0x55) : Unpooled.EMPTY_BUFFER;
        say(new Message.Answer(request.id(), Problem.NONE, holder.epoch(), boot, number, commit, data));
    }

    /** Once, and only what the device can do (R2). */
    void answerHonestly(Message.Request request) {
        boolean possible = request.offset() <= device.size() - request.length()
                && ((request.offset() | request.length()) & (device.blockSize() - 1)) == 0;
        if (!possible) {
            answer(request, Problem.OUT_OF_RANGE);
        } else if (!answered.contains(request.id())) {
            answer(request);
        }
    }

    void answer(Message.Request request, Problem problem) {
        say(new Message.Answer(request.id(), problem, holder.epoch(), boot, 0, commit, Unpooled.EMPTY_BUFFER));
    }

    /** Answers everything that was asked on this link, once, until nothing more is asked. */
    void answerAll() {
        for (int i = 0; i < requests().size(); i++) {
            answerHonestly(requests().get(i));
        }
    }

    List<Message.Request> requests() {
        return all(Message.Request.class);
    }

    Message.Request request() {
        return requests().getLast();
    }

    <T extends Message> List<T> all(Class<T> type) {
        return heard.getOrDefault(link, List.of()).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    <T extends Outcome> T outcome(long tag, Class<T> type) {
        Outcome outcome = outcomes.get(tag);
        if (!type.isInstance(outcome)) {
            throw new AssertionError(tag + " ended as " + outcome + ", not " + type.getSimpleName());
        }
        return type.cast(outcome);
    }

    /** The host ends: whatever is still on its way is given back, and nothing may be missing. */
    void everythingIsGivenBack() {
        client.discard();
        messages.discard();
        for (Outcome outcome : outcomes.values()) {
            if (outcome instanceof Outcome.Done done) {
                done.data().release();
            }
        }
        outcomes.clear();
        assertEquals(0, pages.live(), "pages not given back");
    }
}
