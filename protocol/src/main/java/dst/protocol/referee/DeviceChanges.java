package dst.protocol.referee;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Device;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import org.jspecify.annotations.Nullable;

/** H5: a client stays with its device. H6: one that has changed is told upwards before it is used. L5: a detach ends by its deadline. */
final class DeviceChanges extends ClientObserver {
    /** A host's clock may drift and stand still; this much is beyond any of that. */
    private static final long GRACE = 60_000_000_000L;

    private final Charge h5;
    private final Charge h6;
    private final Charge l5;
    private @Nullable Device told;
    /** Which device the first request went to. */
    private Unique known = Unique.NONE;

    /** Counts what was told: each link's granted device is compared with it once. */
    private int tellings;

    private long leaveBy = Long.MAX_VALUE;
    private long leaveAsked;
    private Crossing leaveSeen = Crossing.NONE;
    private Crossing toldSeen = Crossing.NONE;
    private Crossing knownSeen = Crossing.NONE;
    private long lateAt;

    DeviceChanges(Charges charges) {
        this.h5 = charges.charge(Rules.H5, Side.CLIENT);
        this.h6 = charges.charge(Rules.H6, Side.CLIENT);
        this.l5 = charges.charge(Rules.L5, Side.CLIENT);
    }

    @Override
    void began() {
        told = null;
        toldSeen = Crossing.NONE;
        known = Unique.NONE;
        tellings = 0;
        leaveBy = Long.MAX_VALUE;
        lateAt = 0;
    }

    @Override
    void told(long now, Signal output) {
        if (output instanceof BlockPort.Changed changed) {
            told = changed.device();
            tellings++;
            toldSeen = h6.now();
        } else if (output instanceof ClientControl.Detached) {
            if (leaveBy != Long.MAX_VALUE) {
                l5.seen();
            }
            leaveBy = Long.MAX_VALUE;
        }
    }

    @Override
    void requests(long now, WatchedLink link, Sending sending, Message.Request request, boolean first) {
        Message.Attached attached = link.attached;
        if (attached == null || link.comparedWith == tellings + 1) {
            return;
        }
        link.comparedWith = tellings + 1;
        h6.seen();
        Device device = attached.agreement().device();
        checkIdentity(now, link, sending, device);
        if (!device.equals(told)) {
            h6.broken(
                    now,
                    "the client sent ",
                    sending,
                    " at ",
                    new Sentence.Time(now),
                    link.attachedSeen,
                    toldSeen,
                    " to a device that is now ",
                    device,
                    ", but had told its user ",
                    (told == null ? "nothing" : "of " + told));
            told = device;
        }
    }

    private void checkIdentity(long now, WatchedLink link, Sending sending, Device device) {
        if (known.equals(Unique.NONE)) {
            known = device.identity();
            knownSeen = h5.now();
        }
        h5.seen();
        if (!known.equals(device.identity())) {
            h5.broken(
                    now,
                    "the client sent ",
                    sending,
                    " at ",
                    new Sentence.Time(now),
                    link.attachedSeen,
                    knownSeen,
                    " to device ",
                    device.identity(),
                    ", but the one that it has used is ",
                    known);
        }
    }

    @Override
    void asksToDetach(long now, long deadlineNanos) {
        leaveAsked = now;
        leaveSeen = l5.now();
        leaveBy = now > Long.MAX_VALUE - GRACE - 4 * deadlineNanos || deadlineNanos > Long.MAX_VALUE / 8
                ? Long.MAX_VALUE
                : now + 4 * deadlineNanos + GRACE;
    }

    @Override
    boolean watchesSteps() {
        return true;
    }

    @Override
    void stepped(long now) {
        if (now <= leaveBy) {
            return;
        }
        if (lateAt == 0) {
            lateAt = now;
        } else if (now - lateAt > GRACE) {
            l5.broken(
                    now,
                    leaveSeen,
                    "the client was asked to detach at ",
                    new Sentence.Time(leaveAsked),
                    " and has not done so by ",
                    new Sentence.Time(now),
                    ", long after its deadline");
        }
    }
}
