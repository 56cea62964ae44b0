package dst.sim;

import dst.protocol.Kind;
import dst.protocol.Outcome;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Who submits one node's operations, in the order in which their times come: to a process that is there, with a free buffer. */
final class Submitter {
    private static final int LISTED_MAX = 5;

    final Host host;
    private final Scene scene;
    private final Workload workload;
    private final int buffersMax;
    private final List<Planned> operations = new ArrayList<>();
    private final ArrayDeque<Planned> waiting = new ArrayDeque<>();
    private final ArrayDeque<Planned> lost = new ArrayDeque<>();
    private int left;
    private int submitted;
    private int buffers;
    private long copiedBytes;
    private boolean spokeNbd;

    Submitter(Scene scene, Workload workload, Host host) {
        this.scene = scene;
        this.workload = workload;
        this.host = host;
        this.buffersMax = host.plan.buffers() == 0 ? Integer.MAX_VALUE : host.plan.buffers();
    }

    void add(Planned operation) {
        operations.add(operation);
        left++;
    }

    boolean isOver() {
        return left == 0;
    }

    /** Whether nothing that was handed to the node, or should have been, is unsettled. */
    boolean isIdle() {
        return submitted == 0 && waiting.isEmpty();
    }

    /** The operation's time has come. */
    void due(Planned operation) {
        operation.dueAt = scene.now();
        if (waiting.isEmpty() && takes(operation)) {
            submit(operation);
        } else {
            waiting.add(operation);
        }
    }

    private boolean takes(Planned operation) {
        return host.isUp() && (buffers < buffersMax || operation.plan.kind() != Kind.WRITE);
    }

    private void submitWaiting() {
        while (!waiting.isEmpty() && takes(waiting.getFirst())) {
            submit(waiting.remove());
        }
    }

    private void submit(Planned operation) {
        if (scene.asksFor(Standing.OVERLAP) && operations.stream().anyMatch(operation::overlaps)) {
            scene.stood(Standing.OVERLAP, "operation " + operation.plan.tag());
        }
        operation.state = Planned.State.SUBMITTED;
        submitted++;
        if (operation.plan.kind() == Kind.WRITE) {
            operation.holdsBuffer = true;
            buffers++;
            scene.counts.peak(Counts.Peak.BUFFERS, buffers);
        }
        workload.submit(operation, host);
    }

    /** The machine has copied the content of a write: its buffer is free. */
    void copied(Planned operation) {
        int length = operation.plan.length();
        scene.counts.count(Counts.Item.BYTES_COPIED, length);
        copiedBytes += length;
        operation.copied = true;
        scene.counts.peak(Counts.Peak.COPIED_BYTES, copiedBytes);
        free(operation);
        submitWaiting();
    }

    void settled(Planned operation, Outcome outcome) {
        scene.counts.settled(operation.plan.kind(), outcome);
        if (host.program().equals(Plan.HostPlan.ATTACHED) && !spokeNbd) {
            spokeNbd = true;
            scene.stood(Standing.NBD, host.name);
        }
        scene.counts.latencies().recordValue(scene.now() - operation.dueAt);
        over(operation);
        operation.beginFollowers();
        submitWaiting();
    }

    void processStarted() {
        beginFollowersOfLost();
        submitWaiting();
    }

    private void beginFollowersOfLost() {
        while (!lost.isEmpty()) {
            lost.remove().beginFollowers();
        }
    }

    /** The process crashed: what was submitted to it never settles. */
    void processGone() {
        for (Planned operation : operations) {
            if (operation.state == Planned.State.SUBMITTED) {
                scene.counts.count(Counts.Item.LOST);
                over(operation);
                lost.add(operation);
            }
        }
    }

    /** The process has ended its work: nothing more is submitted, and everything that it had heard of must have settled. */
    void processFinished() {
        for (Planned operation : operations) {
            if (operation.state == Planned.State.SUBMITTED && host.ports.hasHeardOf(operation.plan.tag())) {
                host.find(Rules.G5, "the ", new Sentence.Name(host.name), " detached and never settled ", operation);
            }
        }
        giveUp();
    }

    /** Nobody waits for what is not over. */
    void giveUp() {
        waiting.clear();
        beginFollowersOfLost();
        for (Planned operation : operations) {
            if (operation.state != Planned.State.OVER) {
                over(operation);
                operation.beginFollowers();
            }
        }
    }

    /** Adds the first few that hang to the text, for a person to read; how many hang. */
    int describeUnsettled(List<Object> text, int before) {
        int hanging = before;
        for (Planned operation : operations) {
            if (operation.state == Planned.State.SUBMITTED || operation.state == Planned.State.WAITING) {
                if (hanging < LISTED_MAX) {
                    text.add(hanging == 0 ? "" : ", ");
                    text.add(operation);
                } else if (hanging == LISTED_MAX) {
                    text.add(" and more");
                }
                hanging++;
            }
        }
        return hanging;
    }

    private void free(Planned operation) {
        if (operation.holdsBuffer) {
            operation.holdsBuffer = false;
            buffers--;
        }
    }

    private void over(Planned operation) {
        if (operation.state == Planned.State.SUBMITTED) {
            submitted--;
            free(operation);
            if (operation.copied) {
                copiedBytes -= operation.plan.length();
            }
        }
        operation.state = Planned.State.OVER;
        left--;
        if (left == 0) {
            workload.over(this);
        }
    }
}
