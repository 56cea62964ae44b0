package dst.sim;

import dst.protocol.Range;
import dst.protocol.Sentence;
import dst.sim.Plan.OperationPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One operation of the plan and how far it has got; its event is that its time has come. */
final class Planned extends Event implements Sentence.Subject {
    final OperationPlan plan;
    final Submitter submitter;
    private final Clock clock;
    State state = State.PLANNED;
    long dueAt;

    /** A write whose buffer has not come back to its submitter. */
    boolean holdsBuffer;

    boolean copied;
    private List<Planned> followers = List.of();

    @Nullable Planned nextInTime;

    enum State {
        PLANNED,
        WAITING,
        SUBMITTED,
        /** Settled, or it never will: its process is gone, or the client had been detached. */
        OVER
    }

    Planned(OperationPlan plan, Submitter submitter, Clock clock) {
        this.plan = plan;
        this.submitter = submitter;
        this.clock = clock;
    }

    @Override
    void happen() {
        Planned next = nextInTime;
        if (next != null) {
            clock.schedule(next, next.plan.at());
        }
        if (state == State.PLANNED) {
            state = State.WAITING;
            submitter.due(this);
        }
    }

    /** Whether another one is under way at the same blocks, and one of the two changes them. */
    boolean overlaps(Planned other) {
        return other.state == State.SUBMITTED
                && (plan.kind().changes() || other.plan.kind().changes())
                && plan.offset() < Clock.plus(other.plan.offset(), other.plan.length())
                && other.plan.offset() < Clock.plus(plan.offset(), plan.length());
    }

    void follow(Planned earlier) {
        if (earlier.followers.isEmpty()) {
            earlier.followers = new ArrayList<>(1);
        }
        earlier.followers.add(this);
    }

    void beginFollowers() {
        for (int i = 0; i < followers.size(); i++) {
            Planned follower = followers.get(i);
            clock.schedule(follower, Clock.plus(clock.now(), follower.plan.at()));
        }
    }

    @Override
    public Sentence named() {
        String what = Counts.words(plan.kind());
        Range where = new Range(plan.offset(), plan.length());
        return Sentence.of(
                "operation ",
                new Sentence.Operation(plan.tag()),
                " (" + what,
                plan.length() == 0 ? "" : Sentence.of(" ", new Sentence.Place(where), "+", plan.length()),
                plan.durable() ? " FUA)" : ")");
    }
}
