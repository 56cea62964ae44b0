package dst.protocol.referee;

import dst.protocol.Closing;
import dst.protocol.wire.Decoded;
import dst.protocol.wire.Message;

/**
 * Watches one side for one rule, or a few that need the same memory. It is told facts in the order in which they crossed that
 * side's boundary; each fact that it does not care for costs it nothing.
 */
abstract class Observer {
    /** A process begins, or ends without having been asked: nothing of before can be held against it. */
    void began() {}

    /** Its boundary's. */
    Agenda agenda = new Agenda();

    /** Whether {@link #stepped} has to be told after each step: of those who look at the clock. */
    boolean watchesSteps() {
        return false;
    }

    /** {@link #stepped} is told after this step. */
    final void lookAfterStep() {
        agenda.due = true;
    }

    /** From now on some host's clock may stand still, for how long is not known; or, once healed, all of them run again. */
    void clocks(long now, boolean run) {}

    /** This node's clock was set or runs otherwise from now on: what its process takes for a while may be none. */
    void clockSet(long now) {}

    /** The step before is over and everything that came of it was seen; the next input comes now. */
    void stepped(long now) {}

    void opened(long now, WatchedLink link) {}

    /** Any message but a request or an answer. */
    void received(long now, WatchedLink link, Message message) {}

    /** Any message but a request or an answer, and the first of those on a link. */
    void sent(long now, WatchedLink link, Message message) {}

    /** What this side sent, or received, is no message. */
    void garbled(long now, WatchedLink link, Decoded.Wrong wrong, boolean sent) {}

    /** This side closes the link. */
    void closes(long now, WatchedLink link, Closing closing) {}

    /** This side wants to be given what arrives, or not (backpressure). */
    void reads(long now, WatchedLink link, boolean wanted) {}

    /** The link is gone, whoever ended it. */
    void gone(long now, WatchedLink link) {}
}
