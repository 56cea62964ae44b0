package dst.protocol.referee;

import dst.protocol.ClientPolicy;
import dst.protocol.Closing;
import dst.protocol.Origin;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * R7 as it says who has to go where not all can stay: nobody while there is room, and then somebody of whoever has most. Which of
 * that one's it is (the idle ones first) is not looked at.
 */
final class FairShares extends ServerObserver {
    private static final String NO_NEED = "there was room for it";

    private final ServerLife life;
    private final Charge r7;
    /** Null if its limits are not known. */
    private final @Nullable ServerSettings settings;

    /** In the order in which they were opened. */
    private final ArrayList<WatchedLink> links = new ArrayList<>();

    /** Came through its handshake in this step, as far as that is its own to do. */
    private @Nullable WatchedLink newcomer;
    /** Was told in this step that a limit is reached. */
    private @Nullable WatchedLink told;
    /** Somebody was not listened to within his handshake: when he is heard is not seen here. */
    private boolean unsure;

    FairShares(ServerLife life, Charges charges, @Nullable ServerSettings settings) {
        this.life = life;
        this.settings = settings;
        this.r7 = charges.charge(Rules.R7, Side.SERVER);
    }

    @Override
    void began() {
        links.clear();
        newcomer = null;
        told = null;
        unsure = false;
    }

    @Override
    void opened(long now, WatchedLink link) {
        links.add(link);
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Attach && link.attached == null) {
            newcomer = link;
            lookAfterStep();
        }
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Refuse refuse && refuse.problem() == Problem.LIMIT) {
            told = link;
            lookAfterStep();
        }
    }

    @Override
    void reads(long now, WatchedLink link, boolean wanted) {
        unsure |= !wanted && link.attached == null;
    }

    @Override
    void stepped(long now) {
        newcomer = null;
        told = null;
    }

    @Override
    void gone(long now, WatchedLink link) {
        links.remove(link);
    }

    @Override
    void closes(long now, WatchedLink link, Closing closing) {
        if (link != told || closing.cause() != Closing.Cause.REFUSED || settings == null || unsure) {
            return;
        }
        if (link.hello != null && link.hello.slot() >= ClientPolicy.LINKS_MAX) {
            return; // Refused for that.
        }
        ExportView export = newcomer == null ? null : newcomer.export;
        String wrong = "";
        if (link.attach == null) {
            wrong = ofHandshakes(link, settings);
        } else if (newcomer != null && export != null) {
            wrong = ofThoseThrough(link, newcomer, export, settings);
        }
        r7.seen();
        if (!wrong.isEmpty()) {
            r7.broken(
                    now,
                    newcomer == null ? Sentence.EMPTY : newcomer.evidence(),
                    "the server turned away link ",
                    link,
                    " of ",
                    new Sentence.Name(link.principal),
                    " at ",
                    new Sentence.Time(now),
                    " because of a limit, but ",
                    new Sentence.Name(wrong));
        }
    }

    /** What is wrong with it; empty if nothing is. */
    private String ofHandshakes(WatchedLink link, ServerSettings limits) {
        Shares<WatchedLink> shares = new Shares<>(links.stream()
                .filter(it -> it.attach == null)
                .map(it -> share(it, "", false))
                .toList());
        return shares.count() <= limits.handshakesMax()
                ? "no more than " + limits.handshakesMax() + " handshakes were not over"
                : shares.whyNotOfHandshakes(shares.of(link));
    }

    /** The same, of one that is there for a newcomer's sake no more, or is the newcomer. */
    private String ofThoseThrough(WatchedLink link, WatchedLink newcomer, ExportView export, ServerSettings limits) {
        Shares<WatchedLink> shares = ofLinks(newcomer);
        boolean linksFull =
                shares.count() > limits.linksMax() && links.stream().noneMatch(it -> endsWith(it, newcomer));
        String asLink = linksFull ? shares.whyNot(shares.of(link), shares.of(newcomer)) : NO_NEED;
        boolean reader = export.export.shared() && newcomerIsNoReaderYet(newcomer, export);
        if (asLink.isEmpty() || !reader) {
            return asLink;
        }
        int running = 0;
        for (DiskView disk : life.disks) {
            running += disk.running.size();
        }
        List<Shares.Share<Object>> readers = ofReaders();
        if (readers.size() + running < limits.attachmentsMax()) {
            return asLink;
        }
        if (running > 0) {
            return ""; // Of some of that the readers may be gone, and count; whose they were is not seen here.
        }
        Object leaving = link == newcomer || link.attachment == null ? link : link.attachment;
        readers.add(new Shares.Share<>(
                newcomer, name(newcomer), Origin.of(newcomer.principal), export.export.name(), false));
        Shares<Object> ofReaders = new Shares<>(readers);
        return ofReaders.whyNot(ofReaders.of(leaving), ofReaders.of(newcomer));
    }

    private static boolean newcomerIsNoReaderYet(WatchedLink newcomer, ExportView export) {
        return export.attachments.stream()
                .noneMatch(it -> it.links > 0 && newcomer.hello != null && it.token.equals(newcomer.hello.token()));
    }

    private Shares<WatchedLink> ofLinks(WatchedLink newcomer) {
        List<WatchedLink> through =
                links.stream().filter(it -> it.attach != null).toList();
        List<Shares.Share<WatchedLink>> shares = new ArrayList<>();
        for (WatchedLink link : through) {
            ExportView export = link.export;
            boolean holds = export != null
                    && !export.export.shared()
                    && through.stream().noneMatch(it -> it != link && it != newcomer && it.export == export);
            shares.add(share(link, export == null ? "" : export.export.name(), holds));
        }
        return new Shares<>(shares);
    }

    private List<Shares.Share<Object>> ofReaders() {
        List<Shares.Share<Object>> shares = new ArrayList<>();
        for (ExportView export : life.exports) {
            for (AttachmentView reader : export.attachments) {
                if (export.export.shared() && reader.links > 0) {
                    shares.add(new Shares.Share<>(reader, "a reader", reader.origin, export.export.name(), false));
                }
            }
        }
        return shares;
    }

    private static Shares.Share<WatchedLink> share(WatchedLink link, String export, boolean holds) {
        return new Shares.Share<>(link, name(link), Origin.of(link.principal), export, holds);
    }

    private static String name(WatchedLink link) {
        return "link " + link.id;
    }

    /** L2, H5: whether that one ends as the newcomer is granted. */
    private static boolean endsWith(WatchedLink link, WatchedLink newcomer) {
        Message.Hello own = link.hello;
        Message.Hello newer = newcomer.hello;
        if (link == newcomer || link.attach == null || own == null || newer == null || link.export != newcomer.export) {
            return false;
        }
        return own.token().equals(newer.token())
                ? own.slot() == newer.slot()
                : link.export != null && !link.export.export.shared();
    }
}
