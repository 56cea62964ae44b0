package dst.sim.nbd;

import dst.protocol.ClientInput;
import dst.protocol.ClientOutput;
import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.attach.Attach;
import dst.protocol.attach.AttachInput;
import dst.protocol.attach.AttachOutput;
import dst.protocol.nbd.NbdServerInput;
import dst.protocol.nbd.NbdServerOutput;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client as programs have it on an attached device: what is submitted goes through an NBD client, a stream of bytes and the device's
 * NBD server, and comes back the same way. From outside it is a client like any other, so everything that is asked of one is asked of it.
 */
final class AttachedClient implements Machine<ClientInput, ClientOutput> {
    private final Attach attach;
    private final Program program;

    /** What was submitted while there was no connection to submit it to. */
    private final ArrayDeque<ClientInput.Submitted> early = new ArrayDeque<>();

    /** What ends everything is told after all that it settles. */
    private final List<ClientOutput> last = new ArrayList<>();

    private final List<AttachOutput> fromAttach = new ArrayList<>();
    private List<? super ClientOutput> outputs = new ArrayList<>();
    private long now;

    /** Asked to detach: no program gets a connection any more. */
    private boolean leaving;

    /** Why nothing can be submitted any more; null: it can. */
    private @Nullable Problem over;

    AttachedClient(Attach attach, Program program) {
        this.attach = attach;
        this.program = program;
    }

    @Override
    public void step(long time, ClientInput input, List<? super ClientOutput> into) {
        now = time;
        outputs = into;
        switch (input) {
            case ClientInput.Submitted submitted -> submit(submitted);
            case ClientInput.TimerFired fired -> {
                if (attach.nextDeadline() <= now) {
                    toAttach(new AttachInput.TimerFired());
                }
                program.timer(now);
            }
            case ClientInput.Started started -> {
                program.seed(started.seed());
                toAttach(new AttachInput.Client(started));
            }
            default -> {
                leaving |= input instanceof ClientInput.Detach;
                toAttach(new AttachInput.Client(input));
            }
        }
        exchange();
        Problem why = over;
        if (why != null) {
            early.forEach(one -> refuse(one, why));
            early.clear();
        }
        last.forEach(one -> outputs.add(one));
        last.clear();
    }

    private void submit(ClientInput.Submitted submitted) {
        if (program.isServed()) {
            program.submit(now, submitted.tag(), submitted.operation());
        } else {
            early.add(submitted);
        }
    }

    private void refuse(ClientInput.Submitted submitted, Problem problem) {
        if (submitted.operation() instanceof Operation.Write write) {
            write.data().release();
        }
        outputs.add(new ClientOutput.Completed(submitted.tag(), new Outcome.Refused(problem, problem.words())));
    }

    /** What both sides say goes back and forth until neither says anything. */
    private void exchange() {
        do {
            if (over == null && !leaving && !program.isConnected()) {
                program.connect(now);
            }
            for (NbdServerInput said = program.next(); said != null; said = program.next()) {
                long connection = program.connection();
                toAttach(
                        said instanceof NbdServerInput.Connected connected
                                ? new AttachInput.Came(connection, "programs", connected)
                                : new AttachInput.Nbd(connection, said));
            }
            settled();
            while (program.isServed() && !early.isEmpty()) {
                submit(early.remove());
            }
        } while (program.hears(now) || program.hasSomethingToSay());
        settled();
    }

    private void settled() {
        program.settled().forEach(one -> outputs.add(one));
        program.settled().clear();
    }

    private void toAttach(AttachInput input) {
        attach.step(now, input, fromAttach);
        for (AttachOutput output : fromAttach) {
            switch (output) {
                case AttachOutput.Nbd(long connection, NbdServerOutput said) -> toProgram(connection, said);
                case AttachOutput.Drop(long connection, String words) ->
                    toProgram(connection, new NbdServerOutput.Close(Closing.of(Closing.Cause.REFUSED, words)));
                case AttachOutput.Client(ClientOutput said) -> clientSaid(said);
            }
        }
        fromAttach.clear();
    }

    private void toProgram(long connection, NbdServerOutput said) {
        switch (said) {
            case NbdServerOutput.Send(ByteBuf bytes) when connection != program.connection() -> bytes.release();
            case NbdServerOutput.Send(ByteBuf bytes) -> program.arriving(bytes);
            case NbdServerOutput.Reading(boolean wanted) -> program.mayTalk(wanted);
            case NbdServerOutput.Close close when connection == program.connection() -> program.closed();
            case NbdServerOutput.Close close -> {}
            case NbdServerOutput.Noted noted -> {}
            default -> throw new IllegalStateException("stays inside: " + said);
        }
    }

    private void clientSaid(ClientOutput said) {
        switch (said) {
            case ClientOutput.Changed changed -> {
                outputs.add(changed);
                program.leave();
            }
            case ClientOutput.Failed failed -> end(failed, Problem.DEVICE_FAILED);
            case ClientOutput.Detached detached -> end(detached, Problem.DETACHED);
            default -> outputs.add(said);
        }
    }

    private void end(ClientOutput said, Problem problem) {
        last.add(said);
        over = problem;
    }

    @Override
    public long nextDeadline() {
        return Math.min(attach.nextDeadline(), program.nextDeadline());
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(attach.digest())
                .add(leaving)
                .add(over == null ? -1 : over.ordinal())
                .add(early.size());
        early.forEach(one -> digest.add(one.tag()));
        program.digest(digest);
        return digest.value();
    }

    @Override
    public void discard() {
        attach.discard();
        program.discard();
        for (ClientInput.Submitted one : early) {
            if (one.operation() instanceof Operation.Write write) {
                write.data().release();
            }
        }
        early.clear();
    }
}
