package dst.protocol.referee;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Message;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A client's boundary, and the book of what it was asked, what it sent for that, what was answered and what it told. */
final class ClientBoundary extends Boundary<ClientObserver> implements Judge {
    /** More is not remembered: a client that never settles anything must not fill the referee's memory. */
    private static final int REMEMBERED_MAX = 1 << 16;

    private static final int ORPHANS_MAX = 64;

    private final ClientLife life;
    private final BlockSums sums;
    private final Programs programs;
    private final Blocks blocks;

    /** Programs ask for any bytes, and what is made of that is asked of the client. */
    private boolean attached;

    private final LongObjectHashMap<Submission> submissions = new LongObjectHashMap<>();
    /** Of those that the client has settled already, the last few. */
    private final ArrayDeque<Sending> orphans = new ArrayDeque<>();

    private final ArrayList<Submission> unsent = new ArrayList<>();
    private final LongObjectHashMap<Sending> sendings = new LongObjectHashMap<>();
    private final ArrayDeque<Sending> byId = new ArrayDeque<>();

    ClientBoundary(
            ClientLife life, BlockSums sums, Charges charges, List<Observer> common, ClientObserver[] observers) {
        super(Direction.TO_CLIENT, charges, common, observers);
        this.life = life;
        this.sums = sums;
        this.programs = new Programs(life, sums, charges);
        this.blocks = new Blocks(programs, charges);
    }

    @Override
    void began() {
        submissions.clear();
        unsent.clear();
        orphans.clear();
        sendings.clear();
        byId.clear();
        attached = false;
        programs.began();
        blocks.began();
        life.began();
        super.began();
    }

    @Override
    public void saw(long now, Signal signal) {
        if (attached) {
            aroundIt(now, signal);
        } else {
            crossed(now, signal);
        }
    }

    private void crossed(long now, Signal signal) {
        switch (signal) {
            case Signal.Input input -> took(now, input);
            case Signal.Output output -> gave(now, output);
        }
    }

    private void took(long now, Signal.Input input) {
        life.next();
        stepped(now);
        switch (input) {
            case Control.Started it -> began();
            case BlockPort.Submit it -> submitted(now, it.tag(), blocks.nameOf(it.tag()), it.operation());
            case LinkPort.Opened it -> opened(now, it.link());
            case LinkPort.Received it -> bytesReceived(now, it.link(), it.bytes());
            case LinkPort.Sent it -> left(now, it.link(), it.bytes());
            case LinkPort.Closed it -> {
                gone(now, it.link());
                ends(now, it.link());
            }
            case ClientControl.Detach it -> {
                for (ClientObserver observer : observers) {
                    observer.asksToDetach(now, it.deadlineNanos());
                }
            }
            default -> {}
        }
    }

    private void gave(long now, Signal.Output output) {
        switch (output) {
            case LinkPort.Connect it -> {
                for (ClientObserver observer : observers) {
                    observer.connects(now, it.link(), it.slot());
                }
            }
            case LinkPort.Send it -> bytesSent(now, it.link(), it.bytes());
            case LinkPort.Close it -> {
                closes(now, it.link(), it.closing());
                ends(now, it.link());
            }
            case LinkPort.Reading it -> reading(now, it.link(), it.wanted());
            case BlockPort.Completed it -> completed(now, it.tag(), it.outcome());
            case BlockPort.Changed it -> {
                programs.hasDevice(now);
                told(now, it);
            }
            case BlockPort.Failed it -> {
                life.failed = true;
                told(now, it);
            }
            case ClientControl.Detached it -> {
                life.failed = true;
                told(now, it);
            }
            default -> {}
        }
    }

    /** Of a client within an attached device, whose own boundary is that of the whole: what programs ask, and what they are told. */
    private void aroundIt(long now, Signal signal) {
        if (signal instanceof Signal.Input) {
            programs.stepped(now);
        }
        switch (signal) {
            case BlockPort.Submit it -> programs.asked(now, it.tag(), it.operation());
            case BlockPort.Completed it -> programs.told(now, it.tag(), it.outcome());
            case ClientControl.Detach it -> programs.asksToDetach();
            default -> {}
        }
    }

    /** The client is another machine's, and what its host gives and takes is that one's; or whole blocks are made of what programs ask. */
    @Override
    public void sawWithin(long now, String kind, Signal signal) {
        if (kind.equals(Layer.ATTACHED)) {
            crossed(now, signal);
            attached = true;
        } else if (attached) {
            blocks.saw(now, signal);
        }
    }

    private void ends(long now, long link) {
        for (ClientObserver observer : observers) {
            observer.ends(now, link);
        }
    }

    private void told(long now, Signal output) {
        for (ClientObserver observer : observers) {
            observer.told(now, output);
        }
    }

    /** The name is what people know it by: the tag of the operation that it is, or is made for. */
    private void submitted(long now, long tag, long name, Operation operation) {
        int checksum = operation instanceof Operation.Write write ? sums.whole(write.data()) : 0;
        Submission submission = new Submission(name, operation, checksum, now);
        submission.seen = charges.now();
        life.open += submissions.put(tag, submission) == null ? 1 : 0;
        unsent.add(submission);
        for (ClientObserver observer : observers) {
            observer.submitted(now, submission);
        }
    }

    @Override
    void messageReceived(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Answer answer) {
            answered(now, link, answer);
        }
        super.messageReceived(now, link, message);
    }

    private void answered(long now, WatchedLink link, Message.Answer answer) {
        Sending sending = sendings.get(answer.id());
        // G8: what contradicts an answer that counted, or cannot be one, counts for nothing.
        boolean counts = life.isCurrent(link, answer);
        boolean current = counts && (sending == null || sending.isPossible(answer));
        if (sending != null && counts && !current) {
            sending.contradicted = true;
        }
        if (sending != null && current && answer.problem() != Problem.STALE) {
            sending.answered(answer, sending.kind == Kind.READ ? sums.whole(answer.payload()) : 0);
            sending.answerSeen = charges.now();
        }
        for (ClientObserver observer : observers) {
            observer.answered(now, link, sending, answer, current);
        }
    }

    @Override
    void messageSent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Request request) {
            requested(now, link, request);
        }
        super.messageSent(now, link, message);
    }

    private void requested(long now, WatchedLink link, Message.Request request) {
        life.uses(link);
        Sending sending = sendings.get(request.id());
        boolean first = sending == null;
        if (sending == null) {
            int blockSize = life.blockSize(link);
            int[] blocks = request.kind() == Kind.WRITE && blockSize > 0
                    ? sums.of(request.payload(), blockSize, request.payloadChecksum())
                    : BlockSums.NONE;
            sending = new Sending(request, link, life.step, blocks);
            sending.seen = charges.now();
            if (!request.replay()) {
                join(sending);
            }
        }
        for (ClientObserver observer : observers) {
            observer.requests(now, link, sending, request, first);
        }
        if (first) {
            remember(sending);
        }
        sending.link = link;
        sending.lastSeen = charges.now();
        sending.lastBoot = request.boot();
        forgetSettled(request);
    }

    /** Finds what the new transaction was submitted as. Overlapping ones are sent in order, so the first that fits is it. */
    private void join(Sending sending) {
        int found = -1;
        for (int i = 0; i < unsent.size(); i++) {
            Submission submission = unsent.get(i);
            if (submission.fits(sending)) {
                sending.twin |= found >= 0;
                boolean exact = submission.checksum == sending.checksum;
                boolean exactBefore = found >= 0 && unsent.get(found).checksum == sending.checksum;
                found = found < 0 || (exact && !exactBefore) ? i : found;
            }
        }
        for (Sending other : life.live) {
            if (!other.replay && other.sameContent(sending)) {
                other.twin = true;
                sending.twin = true;
            }
        }
        if (found >= 0) {
            Submission submission = unsent.remove(found);
            submission.sending = sending;
            sending.submission = submission;
        }
    }

    private void remember(Sending sending) {
        if (sendings.size() >= REMEMBERED_MAX) {
            sendings.clear();
            byId.clear();
            life.live.clear();
        }
        sendings.put(sending.id, sending);
        byId.add(sending);
        life.live.add(sending);
        if (sending.id > life.lastId) {
            life.lastId = sending.id;
            life.lastSeen = sending.seen;
        }
    }

    /** What the client calls settled and has told is over for the referee, too. */
    private void forgetSettled(Message.Request request) {
        for (Sending eldest = byId.peek(); eldest != null; eldest = byId.peek()) {
            boolean over = eldest.submission == null || eldest.submission.completed;
            if (!over || !request.settled().contains(eldest.id)) {
                return;
            }
            byId.remove();
            sendings.remove(eldest.id);
            if (isOrphan(eldest)) {
                orphans.add(eldest);
                if (orphans.size() > ORPHANS_MAX) {
                    orphans.remove();
                }
            }
            life.live.remove(eldest);
        }
    }

    private void completed(long now, long tag, Outcome outcome) {
        Submission submission = submissions.remove(tag);
        if (submission != null) {
            life.open--;
            if (submission.sending == null) {
                unsent.remove(submission);
                if (outcome instanceof Outcome.Done) {
                    adopt(submission);
                }
            } else if (outcome instanceof Outcome.Done && !submission.sending.done) {
                exchange(submission);
            }
            submission.completed = true;
            submission.done = outcome instanceof Outcome.Done;
        }
        for (ClientObserver observer : observers) {
            observer.completed(now, tag, submission, outcome);
        }
        if (submission != null && submission.sending != null) {
            life.live.remove(submission.sending);
        }
    }

    /** One of several equal operations was given up as another of them went out: what was sent was the one that is told as done. */
    private void adopt(Submission submission) {
        if (!adopt(submission, orphans)) {
            adopt(submission, byId);
        }
    }

    private static boolean adopt(Submission submission, ArrayDeque<Sending> candidates) {
        for (Sending sending : candidates) {
            boolean fits = submission.fits(sending) && submission.checksum == sending.checksum;
            if (fits && submission.at <= sending.sentAt && isOrphan(sending)) {
                sending.twin = true;
                sending.submission = submission;
                submission.sending = sending;
                return true;
            }
        }
        return false;
    }

    /** Answered as done, and told to nobody: what it was submitted as had been given up. */
    private static boolean isOrphan(Sending sending) {
        Submission given = sending.submission;
        return sending.done && !sending.replay && (given == null || (given.completed && !given.done));
    }

    /** Which of several equal operations went out as which transaction is not seen: in doubt as the client says. */
    private void exchange(Submission submission) {
        Sending own = submission.sending;
        for (Sending other : byId) {
            Submission others = other.submission;
            boolean free = others == null ? !other.replay : !others.completed;
            if (own != null && other.done && free && own.sameContent(other)) {
                own.submission = others;
                if (others != null) {
                    others.sending = own;
                }
                other.submission = submission;
                submission.sending = other;
                return;
            }
        }
    }
}
