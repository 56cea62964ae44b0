import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import dst.protocol.referee.Charge;
import dst.protocol.referee.Charges;
import dst.protocol.referee.Judge;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.protocol.setting.Usual;
import dst.sim.NodeKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A protocol of one's own: each block is a register that two keepers hold. Users write at the first one, which hands it on to its backup,
 * and read at either. It is replicated badly.
 */
public final class Register implements NodeKind.Source {
    private static final int BLOCK = 512;

    @Override
    public List<NodeKind> kinds() {
        Setting<Told, Integer> backups = new Setting<>("backups", Measure.whole(0, 1), Told::backups, Usual.fixed("0"));
        return List.of(
                NodeKind.of("user", Side.CLIENT, Settings.none(Nothing::new), (told, pages) -> new User())
                        .saying(Message::reader),
                NodeKind.of("keeper", Side.SERVER, Settings.with(backups).made(Told::new), (told, pages) -> new Keeper(told.backups))
                        .judgedBy(Backed::new)
                        .saying(Message::reader));
    }

    public record Nothing() {}

    public record Told(int backups) {}

    /** What goes over the links: all messages have one length. */
    record Message(What what, long tag, long offset, byte[] content) {
        enum What { READ, WRITE, VALUE, STORED }

        static final int BYTES = 1 + 2 * Long.BYTES + BLOCK;

        LinkPort.Send on(long link) {
            ByteBuf bytes = Unpooled.buffer(BYTES).writeByte(what.ordinal()).writeLong(tag).writeLong(offset);
            return new LinkPort.Send(link, bytes.writeBytes(content));
        }

        /** The whole ones of what has come in on a link so far. */
        static List<Message> in(Map<Long, ByteBuf> links, long link, ByteBuf bytes) {
            ByteBuf waiting = links.computeIfAbsent(link, _ -> Unpooled.buffer()).writeBytes(bytes);
            List<Message> whole = new ArrayList<>();
            while (waiting.readableBytes() >= BYTES) {
                What what = What.values()[waiting.readByte()];
                whole.add(new Message(what, waiting.readLong(), waiting.readLong(), new byte[BLOCK]));
                waiting.readBytes(whole.getLast().content);
            }
            return whole;
        }

        static Function<ByteBuf, List<String>> reader() {
            Map<Long, ByteBuf> waiting = new TreeMap<>();
            return bytes -> in(waiting, 0, bytes).stream()
                    .map(it -> it.what.name().toLowerCase() + " for operation " + it.tag)
                    .toList();
        }
    }

    /** Opens a link for each slot, whose number is the slot's, and hears messages. A link that is lost is not opened again. */
    private abstract static class Node implements Machine {
        final Map<Long, Message> unanswered = new TreeMap<>();
        private final Map<Long, ByteBuf> waiting = new TreeMap<>();
        private final TreeSet<Long> open = new TreeSet<>();

        abstract int slots();

        /** To which slot it goes. */
        abstract long slot(Message message);

        abstract void heard(long link, Message message, List<? super Signal> outbox);

        abstract void submitted(long tag, Operation operation, List<? super Signal> outbox);

        @Override
        public void step(long now, Signal input, List<? super Signal> outbox) {
            switch (input) {
                case Control.Started _ -> {
                    for (int slot = 0; slot < slots(); slot++) {
                        outbox.add(new LinkPort.Connect(slot, slot));
                    }
                }
                case LinkPort.Opened(long link) -> {
                    open.add(link);
                    unanswered.values().stream().filter(it -> slot(it) == link).forEach(it -> outbox.add(it.on(link)));
                }
                case LinkPort.Received(long link, ByteBuf bytes) -> {
                    Message.in(waiting, link, bytes).forEach(message -> heard(link, message, outbox));
                    bytes.release();
                }
                case BlockPort.Submit(long tag, Operation operation) -> submitted(tag, operation, outbox);
                default -> {}
            }
        }

        void ask(Message message, List<? super Signal> outbox) {
            unanswered.put(message.tag, message);
            if (open.contains(slot(message))) {
                outbox.add(message.on(slot(message)));
            }
        }

        @Override
        public long nextDeadline() {
            return NEVER;
        }

        @Override
        public long digest() {
            StateDigest digest = new StateDigest().add(waiting.values());
            open.forEach(digest::add);
            unanswered.keySet().forEach(digest::add);
            return digest.value();
        }

        @Override
        public void discard() {}
    }

    private static final class Keeper extends Node {
        private final int backups;
        private final Map<Long, byte[]> registers = new TreeMap<>();

        Keeper(int backups) {
            this.backups = backups;
        }

        @Override
        int slots() {
            return backups;
        }

        @Override
        long slot(Message message) {
            return 0;
        }

        @Override
        void heard(long link, Message message, List<? super Signal> outbox) {
            switch (message.what) {
                case READ -> {
                    byte[] kept = registers.getOrDefault(message.offset, new byte[BLOCK]);
                    outbox.add(new Message(Message.What.VALUE, message.tag, message.offset, kept).on(link));
                }
                case WRITE -> {
                    registers.put(message.offset, message.content);
                    if (backups > 0) {
                        ask(message, outbox);
                    }
                    // The bug: the backup may not have it yet.
                    outbox.add(new Message(Message.What.STORED, message.tag, message.offset, message.content).on(link));
                }
                default -> unanswered.remove(message.tag);
            }
        }

        @Override
        void submitted(long tag, Operation operation, List<? super Signal> outbox) {
            throw new IllegalStateException("nothing is asked of a keeper but over its links");
        }

        @Override
        public long digest() {
            StateDigest digest = new StateDigest().add(super.digest());
            registers.forEach((offset, content) -> digest.add(offset).add(List.of(Unpooled.wrappedBuffer(content))));
            return digest.value();
        }
    }

    private static final class User extends Node {
        @Override
        int slots() {
            return 2;
        }

        /** What is written goes to the first keeper; what is read comes from either. */
        @Override
        long slot(Message message) {
            return message.what == Message.What.WRITE ? 0 : message.tag % 2;
        }

        @Override
        void submitted(long tag, Operation operation, List<? super Signal> outbox) {
            byte[] content = new byte[BLOCK];
            switch (operation) {
                case Operation.Read(long offset, int length) when length == BLOCK -> ask(new Message(Message.What.READ, tag, offset, content), outbox);
                case Operation.Write(long offset, ByteBuf data, boolean _) when data.readableBytes() == BLOCK -> {
                    data.readBytes(content).release();
                    ask(new Message(Message.What.WRITE, tag, offset, content), outbox);
                }
                default -> {
                    Signal.release(new BlockPort.Submit(tag, operation));
                    Outcome refused = new Outcome.Refused(Problem.NOT_SUPPORTED, "a register is read or written, and whole");
                    outbox.add(new BlockPort.Completed(tag, refused));
                }
            }
        }

        @Override
        void heard(long link, Message message, List<? super Signal> outbox) {
            unanswered.remove(message.tag);
            boolean read = message.what == Message.What.VALUE;
            ByteBuf data = read ? Unpooled.wrappedBuffer(message.content) : Unpooled.EMPTY_BUFFER;
            outbox.add(new BlockPort.Completed(message.tag, new Outcome.Done(data)));
        }
    }

    /** The rule: what a keeper acknowledges that has a backup, that one has acknowledged. */
    private static final class Backed implements Judge {
        private final Charge backed;
        private final Map<Long, ByteBuf> waiting = new TreeMap<>();
        private final TreeSet<Long> own = new TreeSet<>();
        private final TreeSet<Long> known = new TreeSet<>();

        Backed(Charges charges) {
            backed = charges.charge(Rule.of("BACKED", "what is acknowledged, the backup has"), Side.SERVER);
        }

        @Override
        public void saw(long now, Signal signal) {
            switch (signal) {
                case LinkPort.Connect it -> own.add(it.link());
                case LinkPort.Received it when own.contains(it.link()) ->
                    Message.in(waiting, it.link(), it.bytes().duplicate()).forEach(message -> known.add(message.tag));
                case LinkPort.Send it when !own.isEmpty() && !own.contains(it.link()) ->
                    Message.in(new TreeMap<>(), 0, it.bytes().duplicate()).forEach(message -> said(now, message));
                default -> {}
            }
        }

        private void said(long now, Message message) {
            if (message.what == Message.What.STORED) {
                backed.seen();
                if (!known.contains(message.tag)) {
                    backed.broken(now, "the server acknowledged operation ", new Sentence.Operation(message.tag),
                            ", which its backup had not acknowledged");
                }
            }
        }
    }
}
