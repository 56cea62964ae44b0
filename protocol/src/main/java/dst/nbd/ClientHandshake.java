package dst.nbd;

import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The first part of a connection as a client has it: one option after the other, each when the one before has been answered. */
final class ClientHandshake {
    /** A reply has a string and a few numbers at most. */
    static final int REPLY_MAX = 2 * Nbd.STRING_MAX;

    /** More replies to one option than anybody needs. */
    static final int REPLIES_MAX = 64;

    private final Outbox outbox;
    private final String name;
    private final Shown shown;
    private Stage stage = Stage.GREETING;
    private long deadline = Machine.NEVER;
    private boolean zeroes = true;
    private boolean structured;
    private boolean maps;
    private int context;
    private int replies;

    /** The reply that is arriving; its head is here. */
    private boolean begun;

    private int type;
    private byte[] data = Options.NOTHING;
    private int filled;
    private @Nullable Closing ending;

    private enum Stage {
        GREETING(0),
        STRUCTURED(Nbd.STRUCTURED_REPLY),
        CONTEXT(Nbd.SET_META_CONTEXT),
        GO(Nbd.GO),
        /** For servers that do not know GO; its answer is no reply like the others. */
        OLD(Nbd.EXPORT_NAME),
        OVER(0);

        private final int option;

        Stage(int option) {
            this.option = option;
        }
    }

    ClientHandshake(Outbox outbox, String name) {
        this.outbox = outbox;
        this.name = name;
        this.shown = new Shown(name);
    }

    void begin(long now) {
        deadline = Machine.after(now, Handshake.NANOS_MAX);
    }

    long deadline() {
        return deadline;
    }

    @Nullable Closing ending() {
        return ending;
    }

    boolean isOver() {
        return stage == Stage.OVER;
    }

    boolean isStructured() {
        return structured;
    }

    /** The number of the only context. */
    int context() {
        return context;
    }

    /** Only once it is over. */
    Shown shown() {
        return shown;
    }

    /** Takes one thing of what has arrived; false: more has to arrive, or it is over. */
    boolean next(Inbox inbox) {
        if (ending != null) {
            return false;
        }
        return switch (stage) {
            case GREETING -> greeting(inbox);
            case OLD -> old(inbox);
            case STRUCTURED, CONTEXT, GO -> (begun || head(inbox)) && body(inbox);
            case OVER -> false;
        };
    }

    private boolean end(String rule, String text) {
        ending = Closing.peerWrong(rule, text);
        return false;
    }

    private boolean greeting(Inbox inbox) {
        ByteBuf head = inbox.head(Nbd.GREETING_BYTES);
        if (head == null) {
            return false;
        }
        int at = head.readerIndex();
        boolean right = head.getLong(at) == Nbd.GREETING && head.getLong(at + 8) == Nbd.OPTION_MAGIC;
        int flags = head.getShort(at + 16);
        inbox.skip(Nbd.GREETING_BYTES);
        if (!right || (flags & Nbd.FIXED_NEWSTYLE) == 0) {
            return end("greeting", "no server of the fixed newstyle");
        }
        zeroes = (flags & Nbd.NO_ZEROES) == 0;
        outbox.flags(Nbd.FIXED_NEWSTYLE | (zeroes ? 0 : Nbd.NO_ZEROES));
        ask(Stage.STRUCTURED, Options.NOTHING);
        return true;
    }

    private void ask(Stage next, byte[] said) {
        stage = next;
        replies = 0;
        outbox.option(next.option, said);
    }

    private boolean head(Inbox inbox) {
        ByteBuf head = inbox.head(Nbd.OPTION_REPLY_BYTES);
        if (head == null) {
            return false;
        }
        int at = head.readerIndex();
        long magic = head.getLong(at);
        int option = head.getInt(at + 8);
        type = head.getInt(at + 12);
        long length = head.getInt(at + 16) & 0xFFFF_FFFFL;
        inbox.skip(Nbd.OPTION_REPLY_BYTES);
        if (magic != Nbd.OPTION_REPLY_MAGIC || option != stage.option) {
            return end("option reply", "no reply to the option " + stage.option);
        }
        if (length > REPLY_MAX || ++replies > REPLIES_MAX) {
            return end("option reply", "the reply " + replies + " has " + length + " bytes");
        }
        begun = true;
        data = new byte[(int) length];
        filled = 0;
        return true;
    }

    private boolean body(Inbox inbox) {
        filled = inbox.copy(data, filled, data.length);
        if (filled < data.length) {
            return false;
        }
        begun = false;
        Fields fields = new Fields(data);
        data = Options.NOTHING;
        filled = 0;
        if (type < 0) {
            return refused(fields);
        }
        return type == Nbd.ACK ? acknowledged(fields) : told(fields);
    }

    private boolean refused(Fields fields) {
        switch (stage) {
            case STRUCTURED, CONTEXT -> {
                maps = false;
                go();
            }
            default -> {
                if (type == Nbd.ERR_UNSUP) {
                    ask(Stage.OLD, utf8(name));
                } else {
                    ending = Closing.of(
                            Closing.Cause.REFUSED, "no export for us: " + type + " " + fields.text(fields.left()));
                }
            }
        }
        return ending == null;
    }

    private boolean acknowledged(Fields fields) {
        if (fields.left() != 0) {
            return end("option reply", "an acknowledgement with data");
        }
        switch (stage) {
            case STRUCTURED -> {
                structured = true;
                ask(Stage.CONTEXT, query());
            }
            case CONTEXT -> go();
            default -> {
                if (!shown.isThere()) {
                    return end("export information", "an export without a size");
                }
                stage = Stage.OVER;
            }
        }
        return true;
    }

    private boolean told(Fields fields) {
        String wrong = null;
        if (stage == Stage.CONTEXT && type == Nbd.META_CONTEXT) {
            wrong = context(fields);
        } else if (stage == Stage.GO && type == Nbd.INFORMATION) {
            wrong = fields.left() < 2 ? "information of no kind" : shown.tell(fields.small(), fields);
        } else {
            wrong = "a reply of the type " + type + " to the option " + stage.option;
        }
        return wrong == null || end("option reply", wrong);
    }

    private @Nullable String context(Fields fields) {
        if (maps || fields.left() < 4) {
            return "more contexts than were asked for";
        }
        context = fields.number();
        maps = fields.text(fields.left()).equals(Nbd.ALLOCATION);
        return maps ? null : "another context than was asked for";
    }

    private void go() {
        byte[] of = utf8(name);
        ask(
                Stage.GO,
                ByteBuffer.allocate(4 + of.length + 2 + 2)
                        .putInt(of.length)
                        .put(of)
                        .putShort((short) 1)
                        .putShort((short) Nbd.INFO_BLOCK_SIZE)
                        .array());
    }

    private byte[] query() {
        byte[] of = utf8(name);
        byte[] asked = utf8(Nbd.ALLOCATION);
        return ByteBuffer.allocate(4 + of.length + 4 + 4 + asked.length)
                .putInt(of.length)
                .put(of)
                .putInt(1)
                .putInt(asked.length)
                .put(asked)
                .array();
    }

    private boolean old(Inbox inbox) {
        int length = Nbd.EXPORT_BYTES + (zeroes ? Nbd.ZEROES : 0);
        ByteBuf head = inbox.bytes() < length ? null : inbox.head(Nbd.EXPORT_BYTES);
        if (head == null) {
            return false;
        }
        int at = head.readerIndex();
        long size = head.getLong(at);
        int flags = head.getShort(at + 8);
        inbox.skip(length);
        String wrong = shown.exported(size, flags);
        if (wrong != null) {
            return end("export information", wrong);
        }
        stage = Stage.OVER;
        return true;
    }

    boolean maps() {
        return maps;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void digest(StateDigest digest) {
        digest.add(name)
                .add(stage.ordinal())
                .add(deadline)
                .add(zeroes)
                .add(structured)
                .add(maps)
                .add(context)
                .add(replies)
                .add(begun)
                .add(type)
                .add(data.length)
                .add(filled)
                .add(String.valueOf(ending));
        for (int at = 0; at < filled; at++) {
            digest.add(data[at]);
        }
        shown.digest(digest);
    }
}
