package dst.protocol.referee;

import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import dst.protocol.wire.Wire;

/** Marks a link as odd once its client said anything there that a server may object to: then it may call its peer wrong. */
final class ServerManners extends ServerObserver {
    @Override
    void received(long now, Link link, Message message) {
        boolean fine = switch (message) {
            case Message.Preamble it -> it.versionMin() <= Wire.VERSION_MIN && it.versionMax() >= Wire.VERSION_MAX;
            case Message.Hello it -> link.welcome == null;
            case Message.Attach it ->
                link.welcome != null && link.attached == null && it.agreement().equals(link.welcome.agreement());
            case Message.Request it -> true;
            case Message.Replayed it -> link.attached != null && isOfThisGrant(link.attached, it);
            case Message.Ping it -> link.hello != null;
            case Message.Pong it -> link.hello != null;
            case Message.Goodbye it -> link.attached != null;
            case Message.Refuse it -> true;
            case Message.Welcome it -> false;
            case Message.Attached it -> false;
            case Message.Answer it -> false;
        };
        link.odd |= !fine;
        ExportView export = link.export;
        if (message instanceof Message.Replayed && export != null) {
            export.replayed = true;
        }
    }

    private static boolean isOfThisGrant(Message.Attached attached, Message.Replayed replayed) {
        return replayed.epoch() == attached.holder().epoch() && replayed.boot().equals(attached.boot());
    }

    /** Conservative: limits and the hold-back of D3 are not followed closely; where they could matter a link is odd. */
    private static boolean isInOrder(Link link, Message.Request request) {
        ExportView export = link.export;
        Message.Attached attached = link.attached;
        if (export == null || attached == null || request.payloadSkipped()) {
            return false;
        }
        Settled settled = request.settled();
        boolean small = export.tasks.size() < attached.agreement().terms().transactionsMax();
        return small
                && request.replay() != export.replayed
                && request.id() > 0
                && request.id() < settled.end()
                && settled.openCount() <= attached.agreement().terms().transactionsMax()
                && request.epoch() == attached.holder().epoch()
                && request.boot().equals(attached.boot());
    }

    @Override
    void requested(long now, Link link, Task task, Message.Request request, boolean first) {
        link.odd |= !isInOrder(link, request) || (!first && !task.sameContent(request));
    }
}
