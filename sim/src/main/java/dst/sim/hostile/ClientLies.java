package dst.sim.hostile;

import dst.protocol.Holder;
import dst.protocol.Prng;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What a hostile client says to a server. */
final class ClientLies extends Lies {
    /** What the honest client beside this one has attached, by the name that scenarios give it. */
    private static final String NEIGHBOURS_EXPORT = "disk";

    ClientLies(Prng prng, Overheard overheard) {
        super(prng, overheard);
    }

    @Override
    ByteBuf next() {
        Message.Request request = overheard.request;
        Message.Hello hello = overheard.hello;
        Message.Attach attach = overheard.attach;
        Message.Attached attached = overheard.attached;
        Message.Answer answer = overheard.answer;
        return switch (below(14)) {
            case 0, 1, 2 -> request == null ? Unpooled.EMPTY_BUFFER : request(request);
            case 3 -> hello == null ? Unpooled.EMPTY_BUFFER : hello(hello, hello.export());
            case 4 -> hello == null ? Unpooled.EMPTY_BUFFER : hello(hello, NEIGHBOURS_EXPORT);
            case 5 ->
                attach == null
                        ? Unpooled.EMPTY_BUFFER
                        : bytes(new Message.Attach(odd(attach.agreement()), odd(attach.epoch()), below(2) == 0));
            case 6 ->
                attached == null
                        ? Unpooled.EMPTY_BUFFER
                        : bytes(new Message.Replayed(odd(attached.holder().epoch()), odd(attached.boot())));
            case 7 ->
                attached == null
                        ? Unpooled.EMPTY_BUFFER
                        : bytes(new Message.Goodbye(below(2) == 0, odd(0), odd(attached.boot()), "so long"));
            case 8 -> flood();
            case 9 -> bytes(new Message.Pong(prng.next()));
            case 10 -> bytes(new Message.Refuse(problem(), "no"));
            case 11 -> header(below(20));
            case 12 -> answer == null ? Unpooled.EMPTY_BUFFER : answer(answer, answer.id());
            default -> junk(1 + below(200));
        };
    }

    /** First words for a link of its own: it comes as another client, or as itself in another place. */
    ByteBuf firstWords() {
        Message.Hello hello = overheard.hello;
        if (hello == null || below(4) == 0) {
            return below(2) == 0 ? Unpooled.EMPTY_BUFFER : junk(below(60));
        }
        ByteBuf preamble = bytes(new Message.Preamble(below(2), 1 + below(3)));
        ByteBuf words = hello(hello, below(2) == 0 ? NEIGHBOURS_EXPORT : hello.export());
        if (below(3) == 0) {
            words = withUnknown(below(2) == 0 ? words : sameHello(hello, words));
        }
        return Unpooled.wrappedBuffer(preamble, words);
    }

    /** Nothing else is wrong with it. */
    private ByteBuf sameHello(Message.Hello of, ByteBuf instead) {
        instead.release();
        return bytes(of);
    }

    private ByteBuf hello(Message.Hello of, String export) {
        Holder held = below(2) == 0 ? of.held() : new Holder(odd(of.held().epoch()), unique());
        return bytes(new Message.Hello(
                export,
                below(2) == 0 ? of.token() : unique(),
                below(3),
                odd(of.generation()),
                of.offer(),
                below(2) == 0 ? Holder.NOBODY : held,
                below(2) == 0 ? of.known() : below(2) == 0 ? Unique.NONE : unique()));
    }
}
