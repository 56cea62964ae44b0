package dst.sim.nbd;

import dst.nbd.attach.Attach;
import dst.nbd.attach.AttachControl;
import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Rule;
import dst.protocol.Rules;
import dst.protocol.Signal;
import dst.protocol.Stack;
import dst.protocol.StateDigest;
import dst.protocol.trace.Layer;
import dst.sim.Witness;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A client as programs have it on an attached device: what is submitted goes through an NBD client, a stream of bytes and the device's
 * NBD server, and comes back the same way. From outside it is a client like any other, so everything that is asked of one is asked of it.
 */
final class AttachedClient implements Machine, Stack, Witness {
    /** Whoever comes so often at one instant is not let in any more. */
    private static final int CONNECTS_AT_ONCE = 100;

    private final Attach attach;
    private final Application application;
    private final Visitors visitors;

    /** What was submitted while there was no connection to submit it to. */
    private final ArrayDeque<BlockPort.Submit> early = new ArrayDeque<>();

    /** What ends everything is told after all that it settles. */
    private final List<Signal> last = new ArrayList<>();

    private final List<Signal> fromAttach = new ArrayList<>();
    private List<? super Signal> outputs = new ArrayList<>();
    private BiConsumer<Rule, String> finding = (_, _) -> {};
    private long now;

    /** How often the program has come in this step. */
    private int connects;

    /** Asked to detach: no program gets a connection any more. */
    private boolean leaving;

    /** Why nothing can be submitted any more; null: it can. */
    private @Nullable Problem over;

    AttachedClient(Attach attach, Application application, Visitors visitors) {
        this.attach = attach;
        this.application = application;
        this.visitors = visitors;
    }

    @Override
    public void tells(BiConsumer<Rule, String> where) {
        finding = where;
        visitors.tells(where);
    }

    /** Its host has the whole as its client, so the client within is another one. */
    @Override
    public void watch(Joint joint) {
        application.watch(joint);
        attach.watch((at, kind, instance, signal) ->
                joint.saw(at, kind.equals(Layer.CLIENT) ? Layer.ATTACHED : kind, instance, signal));
    }

    @Override
    public void step(long time, Signal input, List<? super Signal> into) {
        now = time;
        outputs = into;
        switch (input) {
            case BlockPort.Submit submitted -> submit(submitted);
            case Control.TimerFired fired -> {
                if (attach.nextDeadline() <= now) {
                    toAttach(new Control.TimerFired());
                }
                application.timer(now);
            }
            case Control.Started started -> {
                application.seed(started.seed());
                visitors.seed(started.seed());
                toAttach(started);
            }
            default -> {
                leaving |= input instanceof ClientControl.Detach;
                toAttach(input);
            }
        }
        connects = 0;
        visitors.act();
        exchange();
        Problem why = over;
        if (why != null) {
            early.forEach(one -> refuse(one, why));
            early.clear();
        }
        last.forEach(one -> outputs.add(one));
        last.clear();
    }

    private void submit(BlockPort.Submit submitted) {
        if (application.isServed()) {
            application.submit(now, submitted.tag(), submitted.operation());
        } else {
            early.add(submitted);
        }
    }

    private void refuse(BlockPort.Submit submitted, Problem problem) {
        if (submitted.operation() instanceof Operation.Write write) {
            write.data().release();
        }
        outputs.add(new BlockPort.Completed(submitted.tag(), new Outcome.Refused(problem, problem.words())));
    }

    /** What both sides say goes back and forth until neither says anything. */
    private void exchange() {
        do {
            if (over == null && !leaving && !application.isConnected() && mayConnect()) {
                application.connect(now);
            }
            for (Signal said = application.next(); said != null; said = application.next()) {
                long connection = application.connection();
                toAttach(said instanceof AttachControl.Came ? said : new AttachControl.Heard(connection, said));
            }
            for (Signal said = visitors.next(); said != null; said = visitors.next()) {
                toAttach(said);
            }
            settled();
            while (application.isServed() && !early.isEmpty()) {
                submit(early.remove());
            }
        } while (application.hears(now) || application.hasSomethingToSay());
        settled();
    }

    private void settled() {
        application.settled().forEach(one -> outputs.add(one));
        application.settled().clear();
    }

    private void toAttach(Signal input) {
        attach.step(now, input, fromAttach);
        for (Signal output : fromAttach) {
            switch (output) {
                case AttachControl.Says(long connection, Signal said) -> toApplication(connection, said);
                case AttachControl.Dropped(long connection, String words) -> dropped(connection, words);
                default -> clientSaid(output);
            }
        }
        fromAttach.clear();
    }

    /** G6: a device that ends every connection is no device, and a program that comes again at once would never come to rest. */
    private boolean mayConnect() {
        if (++connects == CONNECTS_AT_ONCE) {
            finding.accept(
                    Rules.G6,
                    "the client ended the connections of its program one after the other, " + CONNECTS_AT_ONCE
                            + " at one instant");
        }
        return connects < CONNECTS_AT_ONCE;
    }

    /** R7: it gives way to somebody who has less, and nobody has less than the program. */
    private void dropped(long connection, String words) {
        if (connection == application.connection()) {
            finding.accept(
                    Rules.R7,
                    "the client turned the only connection of its program away, for visitors who had more (" + words
                            + ")");
        }
        toApplication(connection, new LinkPort.Close(connection, Closing.of(Closing.Cause.REFUSED, words)));
    }

    private void toApplication(long connection, Signal said) {
        switch (said) {
            case LinkPort.Send(long _, ByteBuf bytes)
            when Visitors.isOne(connection) -> visitors.hears(connection, bytes);
            case LinkPort.Close _ when Visitors.isOne(connection) -> visitors.closed(connection);
            case LinkPort.Reading _ when Visitors.isOne(connection) -> {} // What they say is little.
            case LinkPort.Send(long _, ByteBuf bytes) when connection != application.connection() -> bytes.release();
            case LinkPort.Send(long _, ByteBuf bytes) -> application.arriving(bytes);
            case LinkPort.Reading(long _, boolean wanted) -> application.mayTalk(wanted);
            case LinkPort.Close close when connection == application.connection() -> application.closed();
            case LinkPort.Close close -> {}
            case Control.Noted noted -> {}
            default -> throw new IllegalStateException("stays inside: " + said);
        }
    }

    private void clientSaid(Signal said) {
        switch (said) {
            case BlockPort.Changed changed -> {
                outputs.add(changed);
                application.leave();
            }
            case BlockPort.Failed failed -> end(failed, Problem.DEVICE_FAILED);
            case ClientControl.Detached detached -> end(detached, Problem.DETACHED);
            default -> outputs.add(said);
        }
    }

    private void end(Signal said, Problem problem) {
        last.add(said);
        over = problem;
    }

    @Override
    public long nextDeadline() {
        return Math.min(attach.nextDeadline(), application.nextDeadline());
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest();
        digest.add(attach.digest())
                .add(leaving)
                .add(over == null ? -1 : over.ordinal())
                .add(early.size());
        early.forEach(one -> digest.add(one.tag()));
        application.digest(digest);
        visitors.digest(digest);
        return digest.value();
    }

    @Override
    public void discard() {
        attach.discard();
        application.discard();
        visitors.discard();
        for (BlockPort.Submit one : early) {
            if (one.operation() instanceof Operation.Write write) {
                write.data().release();
            }
        }
        early.clear();
    }
}
