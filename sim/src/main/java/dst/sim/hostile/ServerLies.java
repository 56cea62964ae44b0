package dst.sim.hostile;

import dst.protocol.BootCause;
import dst.protocol.Holder;
import dst.protocol.Prng;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What a hostile server says to a client. */
final class ServerLies extends Lies {
    ServerLies(Prng prng, Overheard overheard) {
        super(prng, overheard);
    }

    @Override
    ByteBuf next() {
        Message.Answer answer = overheard.answer;
        Message.Request request = overheard.request;
        Message.Welcome welcome = overheard.welcome;
        Message.Attached attached = overheard.attached;
        Message.Hello hello = overheard.hello;
        return switch (below(13)) {
            case 0, 1 -> answer == null ? Unpooled.EMPTY_BUFFER : answer(answer, answer.id());
            case 2, 3 -> answer == null || request == null ? Unpooled.EMPTY_BUFFER : answer(answer, request.id());
            case 4 -> answer == null ? Unpooled.EMPTY_BUFFER : answer(answer, odd(answer.id()));
            case 5 ->
                welcome == null
                        ? Unpooled.EMPTY_BUFFER
                        : bytes(new Message.Welcome(
                                below(3) == 0 ? welcome.agreement() : odd(welcome.agreement()),
                                below(2) == 0 ? welcome.boot() : odd(welcome.boot()),
                                BootCause.values()[below(BootCause.values().length)],
                                odd(welcome.epoch()),
                                below(2) == 0));
            case 6 -> attached == null ? Unpooled.EMPTY_BUFFER : attached(attached);
            case 7 ->
                attached == null
                        ? Unpooled.EMPTY_BUFFER
                        : bytes(new Message.Goodbye(below(2) == 0, odd(0), odd(attached.boot()), "so long"));
            case 8 -> flood();
            case 9 -> bytes(new Message.Refuse(problem(), "no", below(2) == 0 ? 0 : odd(1)));
            case 10 -> header(below(20));
            case 11 -> hello == null ? bytes(new Message.Pong(prng.next())) : bytes(hello);
            default -> junk(1 + below(200));
        };
    }

    private ByteBuf attached(Message.Attached of) {
        return bytes(new Message.Attached(
                below(2) == 0 ? of.agreement() : odd(of.agreement()),
                below(2) == 0
                        ? of.holder()
                        : new Holder(odd(of.holder().epoch()), of.holder().token()),
                below(2) == 0 ? of.boot() : odd(of.boot()),
                below(2) == 0));
    }
}
