package dst.nbd;

import dst.nbd.port.Extent;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.hostile.Meter;
import dst.protocol.hostile.Odds;
import dst.protocol.hostile.Pages;
import dst.protocol.hostile.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A hostile client on one connection after the other; the host behind the server does everything well, in any order. */
final class NbdServerBout {
    private static final byte[] CONTENT = new byte[64 << 10];

    /** Heads in pieces of a byte, and what is said in one step. */
    private static final long FREE = 64L * Pages.PAGE;

    private final Odds odds;
    private final Mutated peer;
    private final Tally tally;
    private final Pages pages = new Pages();
    private final Meter meter = new Meter();
    private final List<Signal> outputs = new ArrayList<>();
    private final List<BlockPort.Submit> submitted = new ArrayList<>();
    private final List<NbdServerControl.Map> asked = new ArrayList<>();
    private NbdServer server;
    private long unsent;
    private long wants;
    private long received;
    private long lastTag;
    private boolean opening;
    private boolean listing;
    private boolean serving;
    private boolean closed;
    private boolean reading;

    NbdServerBout(long seed, Tally tally) {
        this.odds = new Odds(seed);
        this.peer = new Mutated(odds);
        this.tally = tally;
        this.server = new NbdServer(pages);
    }

    void run(int messages) {
        for (int i = 0; i < messages; ) {
            begin();
            int most = i + 1 + odds.below(400);
            for (; i < messages && i < most && !closed; i++) {
                tally.message();
                receive(peer.toServer(serving));
                while (!closed && odds.chance(1, 3)) {
                    hostWorks();
                }
            }
            end();
        }
    }

    private void begin() {
        server = new NbdServer(pages);
        unsent = 0;
        wants = 0;
        received = 0;
        lastTag = 0;
        opening = false;
        listing = false;
        serving = false;
        closed = false;
        reading = true;
        step(new NbdServerControl.Accepted(1, "hostile", List.of(Served.export()), NbdServer.PAYLOAD_MAX), 0);
        receive(Served.bytes().number(odds.chance(1, 20) ? odds.count(3) : 3).array());
    }

    private void receive(byte[] bytes) {
        received += bytes.length;
        boolean drips = odds.chance(1, 10);
        int at = 0;
        while (at < bytes.length) {
            int part = Math.min(bytes.length - at, drips ? 1 + odds.below(30) : 1 + odds.below(8000));
            step(new LinkPort.Received(1, pages.of(bytes, at, part)), part);
            at += part;
            while (!closed && !reading) {
                hostWorks();
            }
        }
    }

    private void hostWorks() {
        if (opening && odds.chance(3, 4)) {
            opening = false;
            step(
                    odds.chance(1, 10)
                            ? new NbdServerControl.OpenRefused(Problem.NOT_READY, "later")
                            : new NbdServerControl.Opened(Served.export()),
                    0);
        } else if (listing && odds.chance(3, 4)) {
            listing = false;
            step(new NbdServerControl.Listed(odds.chance(1, 4) ? List.of() : List.of(Served.export())), 0);
        } else if (wants > 0 && odds.chance(1, 2)) {
            long granted = wants;
            wants = 0;
            step(new NbdServerControl.Granted(granted), 0);
        } else if (unsent > 0 && odds.chance(1, 2)) {
            long sent = 1 + odds.below((int) Math.min(unsent, 1 << 20));
            unsent -= sent;
            step(new LinkPort.Sent(1, sent), 0);
        } else if (!submitted.isEmpty()) {
            complete(submitted.remove(odds.below(submitted.size())));
        } else if (!asked.isEmpty()) {
            NbdServerControl.Map map = asked.remove(odds.below(asked.size()));
            step(new NbdServerControl.Mapped(map.tag(), List.of(new Extent(map.length(), false, false))), 0);
        } else if (odds.chance(1, 2000)) {
            step(new NbdServerControl.Drain(), 0);
        }
    }

    private void complete(BlockPort.Submit submit) {
        release(submit);
        Operation operation = submit.operation();
        ByteBuf data = operation instanceof Operation.Read read
                ? Unpooled.wrappedBuffer(CONTENT, 0, read.length())
                : Unpooled.EMPTY_BUFFER;
        Outcome outcome = switch (odds.below(12)) {
            case 0 -> new Outcome.Refused(Problem.IO_ERROR, "the disk says so");
            case 1 -> new Outcome.Unknown(Problem.TIMED_OUT, "nobody knows");
            default -> new Outcome.Done(data);
        };
        step(new BlockPort.Heard(0, new BlockPort.Completed(submit.tag(), outcome)), 0);
    }

    private static void release(BlockPort.Submit submit) {
        if (submit.operation() instanceof Operation.Write write) {
            write.data().release();
        }
    }

    private void step(Signal input, long bytes) {
        outputs.clear();
        meter.begin();
        server.step(0, input, outputs);
        meter.end(bytes + (input instanceof LinkPort.Received ? 0 : received));
        tally.held(pages.bytes());
        if (pages.bytes() > FREE + 4 * received) {
            throw new AssertionError(pages.bytes() + " bytes are held of " + received + " that were sent");
        }
        List.copyOf(outputs).forEach(this::carryOut);
    }

    private void carryOut(Signal output) {
        if (closed) {
            throw new AssertionError(output + " after the end");
        }
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> {
                boolean refuses =
                        bytes.readableBytes() == Nbd.SIMPLE_BYTES && bytes.getInt(bytes.readerIndex() + 4) != 0;
                if (refuses) {
                    tally.refused("error");
                }
                serving |= gives(bytes);
                unsent += bytes.readableBytes();
                bytes.release();
            }
            case NbdServerControl.Wants(long bytes) -> wants = bytes;
            case NbdServerControl.GivesBack givesBack -> {}
            case LinkPort.Close close -> {
                tally.closed(close.closing());
                closed = true;
            }
            case LinkPort.Reading now -> reading = now.wanted();
            case NbdServerControl.Open open -> opening = true;
            case NbdServerControl.ListExports list -> listing = true;
            case BlockPort.Ask(int _, BlockPort.Submit submit) -> {
                checkTag(submit.tag());
                checkRange(submit.operation());
                submitted.add(submit);
            }
            case NbdServerControl.Map map -> {
                checkTag(map.tag());
                asked.add(map);
            }
            case Control.Noted noted -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    /** Whether the export is given with these words: the answer to EXPORT_NAME, or the end of that to GO. */
    private static boolean gives(ByteBuf bytes) {
        int end = bytes.writerIndex();
        return bytes.readableBytes() == Nbd.EXPORT_BYTES
                || (bytes.readableBytes() >= 52
                        && bytes.getInt(end - 12) == Nbd.GO
                        && bytes.getLong(end - 8) == (long) Nbd.ACK << 32);
    }

    private void checkTag(long tag) {
        if (tag != ++lastTag) {
            throw new AssertionError("the tag " + tag + " after " + (lastTag - 1));
        }
    }

    /** Nothing that its export cannot do comes through. */
    private static void checkRange(Operation operation) {
        long end = operation.offset() + operation.length();
        boolean aligned = (operation.offset() & 511) == 0 && (operation.length() & 511) == 0;
        if (operation.offset() < 0 || end > Served.SIZE || !aligned || operation.length() > CONTENT.length) {
            throw new AssertionError("submitted: " + operation);
        }
    }

    private void end() {
        if (!closed && odds.chance(1, 4)) {
            step(new NbdServerControl.HalfClosed(), 0);
        }
        if (!closed && odds.chance(1, 2)) {
            step(new LinkPort.Closed(1, "reset"), 0);
        }
        // What was submitted still settles, also when nobody is there any more.
        while (!submitted.isEmpty() && (closed || odds.chance(3, 4))) {
            complete(submitted.removeLast());
        }
        server.discard();
        submitted.forEach(NbdServerBout::release);
        submitted.clear();
        asked.clear();
        if (pages.live() != 0) {
            throw new AssertionError(pages.live() + " pages are not back");
        }
    }
}
