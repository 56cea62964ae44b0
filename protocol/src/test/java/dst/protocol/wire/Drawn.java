package dst.protocol.wire;

import dst.protocol.Agreement;
import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Arbitrary messages: equal seeds draw equal ones. */
public final class Drawn {
    static final int PAYLOAD_MAX = 3000;

    private static final String[] LETTERS = {"a", "/", "0", "é", "語", "😀", "\n", " "};

    private final Prng prng;
    private final ByteBufAllocator pages;

    public Drawn(long seed, ByteBufAllocator pages) {
        this.prng = new Prng(seed);
        this.pages = pages;
    }

    /** A preamble and some messages that may follow it. */
    List<Message> stream(Direction direction, int count) {
        List<Message> messages = new ArrayList<>();
        messages.add(new Message.Preamble(below(1 << 16), below(1 << 16)));
        for (int i = 0; i < count; i++) {
            messages.add(message(direction));
        }
        return messages;
    }

    public Message message(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer() : toClient();
    }

    private Message toServer() {
        return switch (below(8)) {
            case 0 -> new Message.Hello(text(60), unique(), (int) number(31), number(63), terms(), holder(), unique());
            case 1 -> new Message.Attach(agreement(), number(63), flip());
            case 2 -> new Message.Replayed(number(63), boot());
            case 3 -> new Message.Goodbye(flip(), number(63), boot(), text(250));
            case 4 -> nonce();
            default -> request();
        };
    }

    private Message toClient() {
        return switch (below(8)) {
            case 0 -> new Message.Welcome(agreement(), boot(), BootCause.of(below(5)), number(63), flip());
            case 1 -> new Message.Attached(agreement(), holder(), boot(), flip());
            case 2 -> new Message.Refuse(problem(), text(250));
            case 3 -> new Message.Goodbye(flip(), number(63), boot(), text(250));
            case 4 -> nonce();
            default ->
                new Message.Answer(
                        1 + number(62),
                        problem(),
                        number(63),
                        boot(),
                        number(63),
                        number(63),
                        flip() ? Unpooled.EMPTY_BUFFER : payload(below(PAYLOAD_MAX + 1)));
        };
    }

    private Message nonce() {
        return flip() ? new Message.Ping(prng.next()) : new Message.Pong(prng.next());
    }

    Message.Request request() {
        Kind kind = flip() ? Kind.WRITE : Kind.of(1 + below(5));
        int length = kind == Kind.WRITE ? below(PAYLOAD_MAX + 1) : (int) number(31);
        ByteBuf payload = kind == Kind.WRITE ? payload(length) : Unpooled.EMPTY_BUFFER;
        return new Message.Request(
                1 + number(62),
                kind,
                below(1 << 16),
                number(62),
                length,
                number(63),
                boot(),
                settled(),
                Checksum.of(payload),
                payload);
    }

    Settled settled() {
        long mark = number(40) & -64;
        long[] bits = new long[below(9)];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = prng.next();
        }
        int openMost = (int) Math.min(mark, flip() ? 4 : Terms.TRANSACTIONS_MAX);
        long[] open = new long[below(openMost + 1)];
        for (int i = 0; i < open.length; i++) {
            open[i] = mark - open.length + i;
        }
        return new Settled(mark, bits, open);
    }

    /** In one page, or in many of different lengths. */
    ByteBuf payload(int length) {
        CompositeByteBuf whole = new CompositeByteBuf(pages, false, Integer.MAX_VALUE);
        int left = length;
        while (left > 0) {
            int part = (int) Math.min(left, flip() ? CountedPages.PAGE : prng.between(1, CountedPages.PAGE));
            ByteBuf page = pages.buffer(part);
            for (int i = 0; i < part; i++) {
                page.writeByte((int) prng.next());
            }
            whole.addComponent(true, page);
            left -= part;
        }
        return whole;
    }

    private Terms terms() {
        int transfer = 1 + (int) number(30);
        return new Terms(
                (int) prng.next(),
                (int) prng.next(),
                (int) prng.next(),
                1 + (int) number(30),
                transfer,
                1 + below(Terms.TRANSACTIONS_MAX),
                transfer + (int) number(30));
    }

    private Agreement agreement() {
        int blockSize = 1 << below(31);
        Permission permission = Permission.values()[below(4)];
        return new Agreement(
                below(1 << 16), terms(), new Device(unique(), number(63) & -blockSize, blockSize, permission));
    }

    private Holder holder() {
        return flip() ? Holder.NOBODY : new Holder(number(63), unique());
    }

    private Boot boot() {
        return flip() ? new Boot(7, new Unique(1, 2)) : new Boot(number(63), unique());
    }

    private Unique unique() {
        return new Unique(prng.next(), prng.next());
    }

    private Problem problem() {
        return Problem.values()[below(Problem.values().length)];
    }

    private String text(int letters) {
        StringBuilder text = new StringBuilder();
        for (int i = below(letters + 1); i > 0; i--) {
            text.append(LETTERS[below(LETTERS.length)]);
        }
        return text.toString();
    }

    /** Of at most so many bits, small as often as large. */
    long number(int bits) {
        int used = below(bits + 1);
        return used == 0 ? 0 : prng.next() >>> (64 - used);
    }

    boolean flip() {
        return prng.chance(1, 2);
    }

    int below(int bound) {
        return (int) prng.below(bound);
    }
}
