package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.wire.Message;
import dst.protocol.wire.Type;
import dst.protocol.wire.Wire;
import org.jspecify.annotations.Nullable;

/** Marks a link as odd once its server said anything there that a client may object to: then it may call its peer wrong. */
final class ClientObjections extends ClientObserver {
    private final ClientLife life;

    ClientObjections(ClientLife life) {
        this.life = life;
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        boolean fine = switch (message) {
            case Message.Preamble it -> it.versionMin() <= Wire.VERSION_MIN && it.versionMax() >= Wire.VERSION_MAX;
            // The link keeps the newest: a second one is not seen here, so any that is not due is odd.
            case Message.Welcome it ->
                link.hello != null
                        && link.attach == null
                        && it.boot().counter() >= life.newest.counter()
                        && isWithinOffer(link, it);
            case Message.Attached it -> isDue(link, it);
            case Message.Ping _, Message.Pong _ -> link.welcome != null;
            case Message.Framed it -> Type.of(it).due() != Type.Due.GRANTED || link.attached != null;
        };
        link.odd |= !fine;
        if (message instanceof Message.Attached && !link.odd) {
            life.granted(link);
        }
    }

    @Override
    void answered(long now, WatchedLink link, @Nullable Sending sending, Message.Answer answer, boolean current) {
        link.odd |= link.attached == null;
        if (sending == null) {
            link.odd |= answer.id() > life.lastId || answer.payload().isReadable();
            return;
        }
        boolean data = sending.kind == Kind.READ && answer.problem() == Problem.NONE;
        link.odd |= !current || answer.payload().readableBytes() != (data ? sending.length : 0);
        life.misled |= life.isCurrent(link, answer) && !sending.isPossible(answer);
    }

    /** An answer that the client took for wrong it did not count, whatever the referee made of it. */
    @Override
    void closes(long now, WatchedLink link, Closing closing) {
        life.misled |= closing.cause() == Closing.Cause.PEER_WRONG;
    }

    private static boolean isWithinOffer(WatchedLink link, Message.Welcome welcome) {
        Message.Hello hello = link.hello;
        return hello != null
                && welcome.agreement().version() == Wire.VERSION_MAX
                && welcome.agreement().terms().largestTransfer()
                        >= welcome.agreement().device().blockSize()
                && welcome.agreement().terms().agreed()
                && welcome.agreement()
                        .terms()
                        .agreeWith(hello.offer())
                        .equals(welcome.agreement().terms());
    }

    private boolean isDue(WatchedLink link, Message.Attached attached) {
        Message.Hello hello = link.hello;
        Message.Welcome welcome = link.welcome;
        Message.Attach attach = link.attach;
        return hello != null
                && welcome != null
                && attach != null
                && attached.agreement().equals(attach.agreement())
                && attached.boot().equals(welcome.boot())
                && attached.boot().counter() >= life.newest.counter()
                && attached.holder().token().equals(hello.token())
                && (!attach.joins() || attached.holder().epoch() == attach.epoch());
    }
}
