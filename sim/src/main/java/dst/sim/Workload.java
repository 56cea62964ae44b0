package dst.sim;

import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.trace.Stamp;
import dst.sim.Plan.OperationPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The plan's operations: each is submitted once, when its time has come and there is a process, and settles at most once. */
final class Workload {
    /** Tags are unique in a plan, whichever process of whichever client carries them out: one workload, one writer. */
    private static final long WRITER = 1;

    private final Scene scene;
    private final int blockSize;
    private final ByteBuf block;
    private final Map<String, Submitter> submitters = new LinkedHashMap<>();
    private final List<Planned> operations = new ArrayList<>();
    private final LongObjectHashMap<Planned> byTag = new LongObjectHashMap<>();
    private Consumer<Submitter> whenOver = submitter -> {};
    private long lastSubmitted;

    Workload(Scene scene, Hosts hosts) {
        this.scene = scene;
        this.blockSize = scene.plan.blockSize();
        this.block = Unpooled.buffer(blockSize);
        Set<String> asked = new TreeSet<>();
        String last = "";
        for (OperationPlan plan : scene.plan.operations()) {
            if (!plan.node().equals(last)) {
                last = plan.node();
                asked.add(last);
            }
        }
        for (Host host : hosts.all()) {
            if (host instanceof ClientHost || asked.contains(host.name)) {
                Submitter submitter = new Submitter(scene, this, host);
                submitters.put(host.name, submitter);
                host.ports.serve(this, submitter);
            }
        }
        for (OperationPlan plan : scene.plan.operations()) {
            add(plan);
        }
    }

    private void add(OperationPlan plan) {
        Submitter submitter = submitters.get(plan.node());
        if (submitter == null) {
            throw new IllegalArgumentException(
                    "operation " + plan.tag() + " is for the node " + plan.node() + ", which the plan does not have");
        }
        if (plan.after() != OperationPlan.NOTHING && !byTag.containsKey(plan.after())) {
            throw new IllegalArgumentException("operation " + plan.tag() + " is to follow operation " + plan.after()
                    + ", which does not stand before it in the plan");
        }
        Planned operation = new Planned(plan, submitter, scene.clock);
        operation.submitter.add(operation);
        operations.add(operation);
        if (byTag.put(plan.tag(), operation) != null) {
            throw new IllegalArgumentException("two operations of the plan have the tag " + plan.tag());
        }
    }

    /** Sets everything up whose time is given by the plan alone; says of each node when all its operations are over. */
    void begin(Consumer<Submitter> callWhenOver) {
        whenOver = callWhenOver;
        List<Planned> timed = new ArrayList<>();
        for (Planned operation : operations) {
            if (operation.plan.after() == OperationPlan.NOTHING) {
                timed.add(operation);
            } else {
                operation.follow(Objects.requireNonNull(byTag.get(operation.plan.after())));
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

    List<Submitter> submitters() {
        return new ArrayList<>(submitters.values());
    }

    /** When the last operation so far was handed to a node. */
    long lastSubmitted() {
        return lastSubmitted;
    }

    void settled(Host host, long tag, Outcome outcome) {
        Planned operation = submitted(host, tag);
        if (operation == null) {
            host.find(
                    Rules.G5,
                    "the ",
                    new Sentence.Name(host.name),
                    " settled operation ",
                    new Sentence.Operation(tag),
                    ", which was ",
                    (byTag.get(tag) == null ? "never submitted" : "settled before or not submitted to this process"));
        } else {
            operation.submitter.settled(operation, outcome);
        }
    }

    void copied(Host host, long tag) {
        Planned operation = submitted(host, tag);
        if (operation == null || !operation.holdsBuffer) {
            host.find(
                    Rules.T6,
                    "the ",
                    new Sentence.Name(host.name),
                    " gave back a buffer of operation ",
                    new Sentence.Operation(tag),
                    " that it did not have");
        } else {
            operation.submitter.copied(operation);
        }
    }

    private @Nullable Planned submitted(Host host, long tag) {
        Planned operation = byTag.get(tag);
        return operation != null && operation.state == Planned.State.SUBMITTED && operation.submitter.host.equals(host)
                ? operation
                : null;
    }

    /** The first few operations that hang, for a person to read. */
    Sentence unsettled() {
        List<Object> text = new ArrayList<>();
        int hanging = 0;
        for (Submitter submitter : submitters.values()) {
            hanging = submitter.host.honest ? submitter.describeUnsettled(text, hanging) : hanging;
        }
        return Sentence.of(text.toArray());
    }

    void over(Submitter submitter) {
        whenOver.accept(submitter);
    }

    void submit(Planned operation, Host host) {
        OperationPlan plan = operation.plan;
        lastSubmitted = scene.now();
        host.ports.submit(
                plan.tag(),
                switch (plan.kind()) {
                    case READ -> new Operation.Read(plan.offset(), plan.length());
                    case WRITE -> new Operation.Write(plan.offset(), content(plan, host), plan.durable());
                    case FLUSH -> new Operation.Flush();
                    case TRIM -> new Operation.Trim(plan.offset(), plan.length());
                    case ZERO -> new Operation.Zero(plan.offset(), plan.length(), plan.durable());
                });
    }

    /** What a write writes, in pages of that host: a stamp for each block, and for what is not a whole block anything. */
    private ByteBuf content(OperationPlan plan, Host host) {
        ByteBuf content = host.pages().room(plan.length());
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
}
