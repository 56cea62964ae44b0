package dst.protocol.referee;

import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import dst.protocol.wire.Type;
import dst.protocol.wire.Wire;

/** Marks a link as odd once its client said anything there that a server may object to: then it may call its peer wrong. */
final class ServerObjections extends ServerObserver {
    @Override
    void received(long now, WatchedLink link, Message message) {
        boolean fine = switch (message) {
            case Message.Preamble it -> it.versionMin() <= Wire.VERSION_MIN && it.versionMax() >= Wire.VERSION_MAX;
            case Message.Hello it -> link.welcome == null;
            case Message.Attach it ->
                link.welcome != null && link.attached == null && it.agreement().equals(link.welcome.agreement());
            case Message.Replayed it -> link.attached != null && isOfThisGrant(link.attached, it);
            case Message.Ping _, Message.Pong _ -> link.hello != null;
            case Message.Framed it -> Type.of(it).due() != Type.Due.GRANTED || link.attached != null;
        };
        link.odd |= !fine;
        AttachmentView attachment = link.attachment;
        if (message instanceof Message.Replayed && attachment != null && fine) {
            attachment.replayed = true;
        }
        if (message instanceof Message.Goodbye goodbye
                && attachment != null
                && goodbye.clean()
                && link.export != null) {
            attachment.leftClean |= goodbye.boot().equals(link.export.disk.boot);
        }
    }

    private static boolean isOfThisGrant(Message.Attached attached, Message.Replayed replayed) {
        return replayed.epoch() == attached.holder().epoch() && replayed.boot().equals(attached.boot());
    }

    /** Conservative: limits and the hold-back of D3 are not followed closely; where they could matter a link is odd. */
    private static boolean isInOrder(WatchedLink link, Message.Request request) {
        AttachmentView attachment = link.attachment;
        Message.Attached attached = link.attached;
        if (attachment == null || attached == null || request.payloadSkipped()) {
            return false;
        }
        Settled settled = request.settled();
        boolean small = attachment.tasks.size() < attached.agreement().terms().transactionsMax();
        return small
                && request.replay() != attachment.replayed
                && isOfOneChain(attachment, settled)
                && request.id() > 0
                && request.id() < settled.end()
                && settled.openCount() <= attached.agreement().terms().transactionsMax()
                && request.epoch() == attached.holder().epoch()
                && request.boot().equals(attached.boot());
    }

    /** T3: the sets of one attachment only grow, over whatever links they come. */
    private static boolean isOfOneChain(AttachmentView attachment, Settled settled) {
        if (settled.newerThan(attachment.received)) {
            boolean grows = settled.mark() >= attachment.received.mark();
            attachment.received = settled;
            return grows;
        }
        return settled.mark() <= attachment.received.mark();
    }

    @Override
    void requested(long now, WatchedLink link, Task task, Message.Request request, boolean first) {
        boolean contradicts = !first && !task.sameContent(request);
        if (contradicts && link.attachment != null) {
            link.attachment.contradicted = true;
        }
        link.odd |= !isInOrder(link, request) || contradicts;
    }
}
