package dst.protocol.referee;

import dst.protocol.BlockPort;
import dst.protocol.Boot;
import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Kind;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.wire.Message;
import io.netty.util.collection.LongObjectHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * D2 and D3 as they bind a client: in each new boot it writes again what it retained, all of it and nothing else, and has every
 * answer, before it says so and before any other request goes out.
 *
 * <p>Owed is only what the client told its submitter to be done and no commit number of the same boot has released.
 */
final class Retained extends ClientObserver {
    private static final int BLOCKS_MAX = 1 << 17;

    private static final int SHOWN_MAX = 6;

    private final ClientLife life;
    private final BlockSums sums;
    private final Charge d2;
    private final Charge d3;
    private final Charge d4;
    private final Charge d6;
    private final Charges charges;
    /** D4: at most so much is retained. */
    private final long bytesMax;
    /** No fewer blocks than these are retained; counted anew when they would be too many. */
    private long retainedMost;

    private final LongObjectHashMap<RetainedBlock> blocks = new LongObjectHashMap<>();
    private Boot boot = Boot.NONE;
    private long commit;
    private int blockSize;
    private boolean judged = true;
    /** The client has not yet said in this boot that everything is written again. */
    private boolean replaying;

    Retained(ClientLife life, BlockSums sums, Charges charges, @Nullable ClientSettings settings) {
        this.life = life;
        this.sums = sums;
        this.d2 = charges.charge(Rules.D2, Side.CLIENT);
        this.d3 = charges.charge(Rules.D3, Side.CLIENT);
        this.d4 = charges.charge(Rules.D4, Side.CLIENT);
        this.d6 = charges.charge(Rules.D6, Side.CLIENT);
        this.charges = charges;
        this.bytesMax = settings == null ? Long.MAX_VALUE : settings.retainedBytesMax();
    }

    @Override
    void began() {
        blocks.clear();
        boot = Boot.NONE;
        commit = 0;
        blockSize = 0;
        judged = true;
        replaying = false;
        retainedMost = 0;
    }

    private boolean isJudged() {
        return judged && !life.misled;
    }

    @Override
    void told(long now, Signal output) {
        if (isJudged() && output instanceof BlockPort.Failed failed) {
            Rules rule = failed.problem() == Problem.REPLACED ? Rules.H5 : Rules.D3;
            checkReported(now, charges.charge(rule, Side.CLIENT), failed.lost());
        } else if (isJudged() && output instanceof ClientControl.Detached detached) {
            checkReported(now, charges.charge(Rules.L5, Side.CLIENT), detached.lost());
        }
        judged = !life.failed && judged;
    }

    /** What is not known to be durable is named when the client gives it up. */
    private void checkReported(long now, Charge charge, List<Range> lost) {
        charge.seen();
        for (RetainedBlock block : blocks.values()) {
            long offset = block.number * blockSize;
            if (isRetained(block) && lost.stream().noneMatch(range -> range.overlaps(offset, offset + blockSize))) {
                charge.broken(
                        now,
                        "the client gave up its device at ",
                        new Sentence.Time(now),
                        " and did not say that block ",
                        block.number,
                        " (offset ",
                        place(block),
                        ") may be lost, which it retained from ",
                        source(block));
                return;
            }
        }
    }

    private boolean isRetained(RetainedBlock block) {
        return block.owed && !(block.boot.equals(boot) && block.execution <= commit);
    }

    /** D4: of what was acknowledged no more is kept than allowed. */
    private void checkRetained(long now) {
        d4.seen();
        if (retainedMost * blockSize <= bytesMax) {
            return;
        }
        retainedMost = 0;
        for (RetainedBlock block : blocks.values()) {
            retainedMost += isRetained(block) ? 1 : 0;
        }
        if (retainedMost * blockSize > bytesMax) {
            d4.broken(
                    now,
                    retained(),
                    "the client retained ",
                    retainedMost * blockSize,
                    " bytes at ",
                    new Sentence.Time(now),
                    ", allowed are ",
                    bytesMax);
        }
    }

    /** What was acknowledged of it, or enough of that to see how it came to so much. */
    private Sentence retained() {
        return Sentence.of(blocks.values().stream()
                .filter(this::isRetained)
                .flatMap(block -> Stream.ofNullable(block.wrote))
                .map(wrote -> wrote.answerSeen)
                .distinct()
                .limit(SHOWN_MAX)
                .toArray());
    }

    /** Only what was acknowledged is owed; the answer says in which boot and as which execution. */
    @Override
    void completed(long now, long tag, @Nullable Submission submission, Outcome outcome) {
        Sending sending = submission == null ? null : submission.sending;
        if (sending == null || !sending.kind.changes() || outcome instanceof Outcome.Refused || blockSize == 0) {
            return;
        }
        if (sending.offset % blockSize != 0 || sending.length % blockSize != 0) {
            judged = false;
            return;
        }
        long first = sending.offset / blockSize;
        for (int i = 0; i < sending.length / blockSize; i++) {
            RetainedBlock block = block(first + i);
            if (outcome instanceof Outcome.Done && sending.done && sending.kind.leavesContent()) {
                acknowledge(block, sending, i);
                retainedMost += block.owed ? 1 : 0;
            } else {
                block.owed = false;
                block.open = true;
            }
        }
        checkRetained(now);
    }

    private void acknowledge(RetainedBlock block, Sending sending, int index) {
        boolean older = block.boot.equals(sending.answeredIn) && block.execution > sending.execution;
        if (older) {
            return;
        }
        block.content = sending.kind == Kind.ZERO
                ? sums.zero(blockSize)
                : index < sending.blocks.length ? sending.blocks[index] : 0;
        block.open = sending.kind == Kind.WRITE && index >= sending.blocks.length;
        block.boot = sending.answeredIn;
        block.execution = sending.execution;
        block.wrote = sending;
        block.replay = null;
        block.owed = !sending.durable && !block.open && block.boot.equals(boot) && block.execution > commit;
    }

    private RetainedBlock block(long number) {
        RetainedBlock block = blocks.get(number);
        if (block == null) {
            if (blocks.size() >= BLOCKS_MAX) {
                blocks.clear();
            }
            block = new RetainedBlock(number);
            block.open = true;
            blocks.put(number, block);
        }
        return block;
    }

    @Override
    void answered(long now, WatchedLink link, @Nullable Sending sending, Message.Answer answer, boolean current) {
        if (!current || !answer.boot().equals(boot)) {
            return;
        }
        if (sending != null && sending.replay && sending.done && blockSize > 0) {
            replayed(sending);
        }
        commit = Math.max(commit, answer.commit());
    }

    private void replayed(Sending replay) {
        for (long number = replay.offset / blockSize; number < replay.end() / blockSize; number++) {
            RetainedBlock block = blocks.get(number);
            if (block != null && block.replay == replay) {
                block.boot = boot;
                block.execution = replay.execution;
            }
        }
    }

    @Override
    void received(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Goodbye goodbye && goodbye.boot().equals(boot)) {
            commit = Math.max(commit, goodbye.commit());
        }
        Message.Attached attached = link.attached;
        if (message instanceof Message.Refuse refuse
                && attached != null
                && attached.boot().equals(boot)) {
            commit = Math.max(commit, refuse.commit());
        }
    }

    @Override
    void sent(long now, WatchedLink link, Message message) {
        if (message instanceof Message.Replayed replayed && isJudged()) {
            enter(link, replayed.boot());
            if (replaying) {
                checkComplete(now, Sentence.of("said \"replayed\""));
                replaying = false;
            }
        }
    }

    @Override
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {
        if (!isJudged()) {
            return;
        }
        if (request.boot().counter() < life.newest.counter()) {
            d3.broken(
                    now,
                    "the client sent ",
                    sending,
                    " on link ",
                    link.id,
                    life.newestSeen(),
                    " of ",
                    request.boot(),
                    " at ",
                    new Sentence.Time(now),
                    ", but had attached ",
                    life.newest,
                    ", in which nothing but the replay may be sent first");
            return;
        }
        enter(link, request.boot());
        if (request.replay()) {
            checkReplay(now, sending, first);
        } else if (replaying) {
            checkComplete(now, Sentence.of("sent ", sending));
            d3.broken(
                    now,
                    link.attachedSeen,
                    "the client sent ",
                    sending,
                    " at ",
                    new Sentence.Time(now),
                    " in ",
                    boot,
                    ", before it had said that all retained content was written again");
            replaying = false;
        }
    }

    /** A boot is entered with the first thing said in it; what is owed to it is decided then. */
    private void enter(WatchedLink link, Boot now) {
        Message.Attached attached = link.attached;
        if (now.equals(boot) || attached == null || !attached.boot().equals(now)) {
            return;
        }
        int size = BlockSums.followed(attached.agreement().device().blockSize());
        if (blockSize != 0 && size != blockSize) {
            judged = false;
        }
        blockSize = size;
        // Who holds nothing (H5: a shared export) has nothing to say either.
        replaying = attached.holder().epoch() != 0;
        for (RetainedBlock block : blocks.values()) {
            block.owed = isRetained(block);
            block.replay = null;
        }
        boot = now;
        commit = 0;
    }

    private void checkReplay(long now, Sending replay, boolean first) {
        if (!first) {
            return;
        }
        d2.seen();
        d6.seen();
        if (!replay.kind.leavesContent()) {
            d6.broken(
                    now,
                    "the client sent ",
                    replay,
                    " at ",
                    new Sentence.Time(now),
                    " as a part of its replay, but only what was written is retained");
            return;
        }
        int count = replay.kind == Kind.ZERO ? replay.length / blockSize : replay.blocks.length;
        for (int i = 0; i < count; i++) {
            RetainedBlock block = blocks.get(replay.offset / blockSize + i);
            int content = replay.kind == Kind.ZERO ? sums.zero(blockSize) : replay.blocks[i];
            if (block == null || block.open) {
                continue;
            }
            if (block.content != content) {
                d2.broken(
                        now,
                        "the client wrote an older content again over block ",
                        block.number,
                        " (offset ",
                        place(block),
                        ") as ",
                        replay,
                        " at ",
                        new Sentence.Time(now),
                        "; the last content acknowledged there was that of ",
                        source(block));
            } else {
                block.replay = replay;
            }
        }
    }

    private void checkComplete(long now, Sentence did) {
        d3.seen();
        RetainedBlock missing = null;
        for (RetainedBlock block : blocks.values()) {
            boolean answered = block.replay != null && block.replay.done;
            if (block.owed && !answered && (missing == null || block.number < missing.number)) {
                missing = block;
            }
        }
        if (missing != null) {
            d3.broken(
                    now,
                    life.newestSeen(),
                    "the client ",
                    did,
                    " at ",
                    new Sentence.Time(now),
                    " in ",
                    boot,
                    ", but ",
                    notAgain(missing),
                    ", which it retained from ",
                    source(missing));
        }
    }

    private Sentence notAgain(RetainedBlock missing) {
        return missing.replay == null
                ? Sentence.of("had not written block ", missing.number, " (offset ", place(missing), ") again")
                : Sentence.of("the replay of block ", missing.number, " by ", missing.replay, " was not answered");
    }

    private Sentence.Place place(RetainedBlock block) {
        return new Sentence.Place(new Range(block.number * blockSize, blockSize));
    }

    private static Object source(RetainedBlock block) {
        return block.wrote == null ? "an operation that is not known" : block.wrote;
    }
}
