package dst.protocol.referee;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DurablePort;
import dst.protocol.Problem;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * H4 and D5 as they bind a server: it speaks for an export only in a boot that has begun and not ended; a failed flush ends the
 * boot, with every answer and every link of it, and the disk forgets its cache before the next.
 */
final class Boots extends ServerObserver {
    private final ServerLife life;
    private final Charge h4;
    private final Charge d5;
    private final ArrayList<WatchedLink> links = new ArrayList<>();

    Boots(ServerLife life, Charges charges) {
        this.life = life;
        this.h4 = charges.charge(Rules.H4, Side.SERVER);
        this.d5 = charges.charge(Rules.D5, Side.SERVER);
    }

    @Override
    void began() {
        links.clear();
    }

    @Override
    void opened(long now, WatchedLink link) {
        links.add(link);
    }

    @Override
    void gone(long now, WatchedLink link) {
        links.remove(link);
    }

    @Override
    void starts(long now, DiskView disk, DiskOperation operation) {
        h4.seen();
        if (!disk.opened) {
            h4.broken(
                    now,
                    "the server started ",
                    operation,
                    " at ",
                    new Sentence.Time(now),
                    " on disk ",
                    disk.number,
                    ", which it had not been given");
        } else if (disk.bootEnded && operation.kind != null) {
            d5.broken(
                    now,
                    "the server started ",
                    operation,
                    " at ",
                    new Sentence.Time(now),
                    " in ",
                    disk.boot,
                    disk.failureSeen,
                    ", which a failed flush had ended");
        } else if (disk.bootEnded && !disk.running.isEmpty()) {
            d5.broken(
                    now,
                    disk.failureSeen,
                    "the server made the disk forget its cache at ",
                    new Sentence.Time(now),
                    " while ",
                    disk.running.get(0),
                    " was running");
        }
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        switch (message) {
            case Message.Welcome it -> {
                checkSpeaks(now, link, "Welcome", it.boot());
                checkCause(now, link, it);
            }
            case Message.Attached it -> checkSpeaks(now, link, "Attached", it.boot());
            default -> {}
        }
    }

    private void checkSpeaks(long now, WatchedLink link, String word, Boot boot) {
        ExportView export = link.export;
        if (export == null) {
            return;
        }
        h4.seen();
        DiskView disk = export.disk;
        if (!disk.opened || disk.bootEnded || !boot.equals(disk.boot)) {
            h4.broken(
                    now,
                    "the server sent ",
                    word,
                    " for ",
                    boot,
                    " on link ",
                    link,
                    " at ",
                    new Sentence.Time(now),
                    disk.failureSeen,
                    ", but the disk's boot was ",
                    (!disk.opened ? "not begun" : disk.boot + (disk.bootEnded ? ", and had ended" : "")));
        }
    }

    /** A client counts failed flushes by what it is told here. */
    private void checkCause(long now, WatchedLink link, Message.Welcome welcome) {
        if (link.export == null || !welcome.boot().equals(link.export.disk.boot)) {
            return;
        }
        BootCause cause = link.export.disk.cause;
        // A newer server may have a word of its own for a cause, and that reads as OTHER; only a failed flush is
        // counted.
        boolean newer = welcome.cause() == BootCause.OTHER && cause != BootCause.FLUSH_FAILED;
        if (welcome.cause() != cause && !newer) {
            d5.broken(
                    now,
                    "the server said on link ",
                    link.id,
                    " at ",
                    new Sentence.Time(now),
                    " that ",
                    welcome.boot(),
                    " began because of: ",
                    welcome.cause().words(),
                    ", but it was: ",
                    cause.words());
        }
    }

    @Override
    void answers(long now, WatchedLink link, ExportView export, @Nullable Task task, Message.Answer answer) {
        DiskView disk = export.disk;
        if (disk.bootEnded && answer.problem() != Problem.STALE) {
            d5.broken(
                    now,
                    "the server answered transaction ",
                    new Sentence.Number(answer.id()),
                    " at ",
                    new Sentence.Time(now),
                    " in ",
                    disk.boot,
                    disk.failureSeen,
                    ", which a failed flush had ended");
        }
    }

    @Override
    void told(long now, Signal output) {
        if (!(output instanceof DurablePort.DrawBoot draw)) {
            return;
        }
        DiskView disk = life.disk(draw.disk());
        if (!disk.bootEnded) {
            return;
        }
        d5.seen();
        if (!disk.forgotten) {
            d5.broken(
                    now,
                    disk.failureSeen,
                    "the server asked for a new boot at ",
                    new Sentence.Time(now),
                    " after a failed flush, but had not made the disk forget its cache");
        } else if (draw.cause() != BootCause.FLUSH_FAILED) {
            d5.broken(
                    now,
                    disk.failureSeen,
                    "the server asked for a new boot at ",
                    new Sentence.Time(now),
                    " after a failed flush, but said that it was for: ",
                    draw.cause().words());
        }
    }

    @Override
    void bootDrawn(long now, DiskView disk, Boot before) {
        for (WatchedLink link : links) {
            Message.Attached attached = link.attached;
            if (link.export != null
                    && link.export.disk == disk
                    && attached != null
                    && attached.boot().equals(before)) {
                d5.broken(
                        now,
                        "the server opened ",
                        disk.boot,
                        " at ",
                        new Sentence.Time(now),
                        ", but link ",
                        link,
                        " of ",
                        before,
                        " was still open");
                return;
            }
        }
    }
}
