package dst.protocol.hostile;

import dst.protocol.wire.Decoded;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decoders of one direction under everything that a seed draws: they throw nothing, take memory for nothing that they have not
 * checked, name the rule once and for all, and what was whole takes nothing from what comes behind it.
 */
final class DecoderBout {
    private static final long SENTINEL = 0x5EA1ED;

    private final Direction direction;
    private final int payloadMax;
    private final Function<Direction, DecoderUnderAttack> make;
    private final Odds odds;
    private final Tally tally;
    private final Draft draft = new Draft();
    private final ToServer toServer;
    private final ToClient toClient;
    private final Pages pages = new Pages();
    private final Meter meter = new Meter();
    private final byte[] preamble;
    private final byte[] ping;
    private DecoderUnderAttack decoder;
    private int left;
    private int sentinels;

    /** Whether everything so far was whole, so that the next message begins where a decoder expects one. */
    private boolean inStep;

    private Decoded.@Nullable Wrong wrong;

    DecoderBout(
            Direction direction, int payloadMax, long seed, Function<Direction, DecoderUnderAttack> make, Tally tally) {
        this.direction = direction;
        this.payloadMax = payloadMax;
        this.make = make;
        this.odds = new Odds(seed);
        this.tally = tally;
        Known known = new Known();
        this.toServer = new ToServer(draft, odds, known);
        this.toClient = new ToClient(draft, odds, known, new Asked());
        this.preamble = bytes(new Message.Preamble(1, 1));
        this.ping = bytes(new Message.Ping(SENTINEL));
        this.decoder = fresh();
    }

    private byte[] bytes(Message message) {
        ByteBuf encoded = new Encoder(pages).encode(message);
        byte[] bytes = ByteBufUtil.getBytes(encoded);
        encoded.release();
        return bytes;
    }

    private DecoderUnderAttack fresh() {
        DecoderUnderAttack fresh = make.apply(direction);
        fresh.payloadMax(payloadMax);
        return fresh;
    }

    void run(int messages) {
        for (int i = 0; i < messages; i++) {
            if (--left <= 0 || wrong != null) {
                renew();
            }
            tally.message();
            attack();
            long held = pages.bytes();
            tally.held(held);
            if (held > 2L * payloadMax + 8L * Pages.PAGE) {
                throw new AssertionError("R7: " + held + " bytes of pages are held");
            }
        }
        decoder.discard();
        if (pages.live() != 0) {
            throw new AssertionError(pages.live() + " pages were not given back");
        }
    }

    private void renew() {
        decoder.discard();
        if (pages.live() != 0) {
            throw new AssertionError(pages.live() + " pages were not given back");
        }
        decoder = fresh();
        left = 64;
        wrong = null;
        if (odds.chance(1, 16)) {
            toServer.drawPreamble();
            give(draft.array(), draft.length());
            inStep = false;
        } else {
            give(preamble, preamble.length);
            inStep = true;
        }
    }

    private void attack() {
        if (direction == Direction.TO_SERVER) {
            toServer.draw();
        } else {
            toClient.draw();
        }
        give(draft.array(), draft.length());
        inStep &= draft.isWhole();
        if (inStep && wrong == null) {
            sentinels = 0;
            give(ping, ping.length);
            if (sentinels != 1) {
                throw new AssertionError("a whole message took something from the one behind it, or left something");
            }
        }
    }

    private void give(byte[] bytes, int length) {
        int at = 0;
        boolean drips = odds.chance(1, 512);
        while (at < length && wrong == null) {
            int piece = drips ? 1 : odds.chance(1, 4) ? 1 + odds.below(length) : length;
            piece = Math.min(piece, length - at);
            step(pages.of(bytes, at, piece), piece);
            at += piece;
        }
        if (at < length) {
            ByteBuf late = pages.of(bytes, at, length - at);
            decoder.feed(late);
            if (late.refCnt() != 0 || decoder.next() != wrong) {
                throw new AssertionError("what is wrong once is wrong for ever, and takes nothing more");
            }
        }
    }

    private void step(ByteBuf bytes, int length) {
        meter.begin();
        decoder.feed(bytes);
        Decoded decoded = decoder.next();
        while (decoded instanceof Message message) {
            take(message);
            decoded = decoder.next();
        }
        meter.end(length);
        if (decoded instanceof Decoded.Wrong found) {
            wrong = found;
            Rules.check(found.rule(), found.text());
            tally.refused(found.rule());
        }
    }

    private void take(Message message) {
        switch (message) {
            case Message.Request request -> request.payload().release();
            case Message.Answer answer -> answer.payload().release();
            case Message.Ping(long nonce) -> sentinels += nonce == SENTINEL ? 1 : 0;
            default -> {}
        }
    }
}
