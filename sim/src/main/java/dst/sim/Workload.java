package dst.sim;

import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Side;
import dst.protocol.trace.Stamp;
import dst.sim.Plan.OperationPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The plan's operations: each is submitted once, when its time has come and there is a client, and settles at most once. */
final class Workload {
    /** Tags are unique in a plan, whichever of the client's processes carries them out: one workload, one writer. */
    private static final long WRITER = 1;

    private static final int LISTED_MAX = 5;

    private final Scene scene;
    private final ClientHost client;
    private final Runnable whenOver;
    private final int blockSize;
    private final ByteBuf block;
    private final List<Planned> operations = new ArrayList<>();
    private final LongObjectHashMap<Planned> byTag = new LongObjectHashMap<>();
    private final ArrayDeque<Planned> waiting = new ArrayDeque<>();
    private final ArrayDeque<Planned> lost = new ArrayDeque<>();
    private int left;
    private int submitted;
    private long lastSubmitted;

    Workload(Scene scene, ClientHost client, Runnable whenOver) {
        this.scene = scene;
        this.client = client;
        this.whenOver = whenOver;
        this.blockSize = scene.plan.blockSize();
        this.block = Unpooled.buffer(blockSize);
        for (OperationPlan plan : scene.plan.operations()) {
            if (plan.after() != OperationPlan.NOTHING && !byTag.containsKey(plan.after())) {
                throw new IllegalArgumentException("operation " + plan.tag() + " is to follow operation " + plan.after()
                        + ", which does not stand before it in the plan");
            }
            Planned operation = new Planned(plan);
            operations.add(operation);
            if (byTag.put(plan.tag(), operation) != null) {
                throw new IllegalArgumentException("two operations of the plan have the tag " + plan.tag());
            }
        }
        left = operations.size();
    }

    private enum State {
        PLANNED,
        WAITING,
        SUBMITTED,
        /** Settled, or it never will: its process is gone, or the client had been detached. */
        OVER
    }

    /** One operation of the plan; its event is that its time has come. */
    private final class Planned extends Event {
        final OperationPlan plan;
        State state = State.PLANNED;
        List<Planned> followers = List.of();

        @Nullable Planned nextInTime;

        Planned(OperationPlan plan) {
            this.plan = plan;
        }

        @Override
        void happen() {
            Planned next = nextInTime;
            if (next != null) {
                scene.clock.schedule(next, next.plan.at());
            }
            if (state != State.PLANNED) {
                return;
            }
            state = State.WAITING;
            if (client.isUp()) {
                submit(this);
            } else {
                waiting.add(this);
            }
        }
    }

    /** Sets everything up whose time is given by the plan alone. */
    void begin() {
        List<Planned> timed = new ArrayList<>();
        for (Planned operation : operations) {
            if (operation.plan.after() == OperationPlan.NOTHING) {
                timed.add(operation);
            } else {
                follow(operation);
            }
        }
        timed.sort(Comparator.comparingLong(operation -> operation.plan.at()));
        for (int i = 1; i < timed.size(); i++) {
            timed.get(i - 1).nextInTime = timed.get(i);
        }
        if (!timed.isEmpty()) {
            scene.clock.schedule(timed.get(0), timed.get(0).plan.at());
        }
    }

    private void follow(Planned operation) {
        Planned first = Objects.requireNonNull(byTag.get(operation.plan.after()));
        if (first.followers.isEmpty()) {
            first.followers = new ArrayList<>(1);
        }
        first.followers.add(operation);
    }

    boolean isOver() {
        return left == 0;
    }

    /** Whether nothing that was handed to a client, or should have been, is unsettled. */
    boolean isIdle() {
        return submitted == 0 && waiting.isEmpty();
    }

    /** When the last operation so far was handed to the client. */
    long lastSubmitted() {
        return lastSubmitted;
    }

    void settled(long tag, Outcome outcome) {
        Planned operation = byTag.get(tag);
        if (operation == null || operation.state != State.SUBMITTED) {
            scene.find(
                    "G5",
                    Side.CLIENT,
                    "the client settled operation " + tag + ", which was "
                            + (operation == null
                                    ? "never submitted"
                                    : "settled before or not submitted to this process"));
            return;
        }
        scene.counts.settled(operation.plan.kind(), outcome);
        over(operation);
        beginFollowers(operation);
    }

    void clientStarted() {
        while (!lost.isEmpty()) {
            beginFollowers(lost.remove());
        }
        while (!waiting.isEmpty() && client.isUp()) {
            submit(waiting.remove());
        }
    }

    /** The process crashed: what was submitted to it never settles. */
    void clientGone() {
        for (Planned operation : operations) {
            if (operation.state == State.SUBMITTED) {
                scene.counts.count(Counts.Item.LOST);
                over(operation);
                lost.add(operation);
            }
        }
    }

    /** The client has ended its work: nothing more is submitted, and everything that it had heard of must have settled. */
    void clientDetached() {
        for (Planned operation : operations) {
            if (operation.state == State.SUBMITTED && client.hasHeardOf(operation.plan.tag())) {
                scene.find("G5", Side.CLIENT, "the client detached and never settled " + words(operation.plan));
            }
            if (operation.state != State.OVER) {
                over(operation);
            }
        }
    }

    /** The first few that hang, for a person to read. */
    String unsettled() {
        StringBuilder text = new StringBuilder();
        int hanging = 0;
        for (Planned operation : operations) {
            if (operation.state == State.SUBMITTED || operation.state == State.WAITING) {
                if (hanging < LISTED_MAX) {
                    text.append(hanging == 0 ? "" : ", ").append(words(operation.plan));
                }
                hanging++;
            }
        }
        return hanging <= LISTED_MAX ? text.toString() : text + " and " + (hanging - LISTED_MAX) + " more";
    }

    private void beginFollowers(Planned operation) {
        for (int i = 0; i < operation.followers.size(); i++) {
            Planned follower = operation.followers.get(i);
            scene.clock.schedule(follower, Clock.plus(scene.now(), follower.plan.at()));
        }
    }

    private void over(Planned operation) {
        if (operation.state == State.SUBMITTED) {
            submitted--;
        }
        operation.state = State.OVER;
        left--;
        if (left == 0) {
            whenOver.run();
        }
    }

    private void submit(Planned planned) {
        OperationPlan plan = planned.plan;
        planned.state = State.SUBMITTED;
        submitted++;
        lastSubmitted = scene.now();
        client.submit(
                plan.tag(),
                switch (plan.kind()) {
                    case READ -> new Operation.Read(plan.offset(), plan.length());
                    case WRITE -> new Operation.Write(plan.offset(), content(plan), plan.durable());
                    case FLUSH -> new Operation.Flush();
                    case TRIM -> new Operation.Trim(plan.offset(), plan.length());
                    case ZERO -> new Operation.Zero(plan.offset(), plan.length(), plan.durable());
                });
    }

    /** What a write writes, in pages of the client's host: a stamp for each block, and for what is not a whole block anything. */
    private ByteBuf content(OperationPlan plan) {
        ByteBuf content = client.pages().room(plan.length());
        int done = 0;
        if (blockSize >= Stamp.BYTES) {
            for (; plan.length() - done >= blockSize; done += blockSize) {
                block.clear();
                Stamp.write(block, WRITER, plan.tag(), plan.offset() + done, blockSize);
                content.writeBytes(block);
            }
        }
        for (; done < plan.length(); done++) {
            content.writeByte((int) plan.tag());
        }
        return content;
    }

    private static String words(OperationPlan plan) {
        String what = Counts.words(plan.kind());
        String where = plan.length() == 0 ? "" : " " + plan.offset() + "+" + plan.length();
        return "operation " + plan.tag() + " (" + what + where + (plan.durable() ? " FUA)" : ")");
    }
}
