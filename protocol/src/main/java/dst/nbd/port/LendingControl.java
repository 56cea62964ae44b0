package dst.nbd.port;

import dst.protocol.Boot;
import dst.protocol.Control;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Permission;

/**
 * What decides of one export who has it, and when its disk is opened again: what that is told and tells beside its ports, its disk and
 * what is durable beside that. NBD connections have numbers that their host gives them, each for one use.
 */
public interface LendingControl {
    /** Of machine: see {@link dst.protocol.trace.Layer}. */
    String KIND = "lending";

    /** The first: the export, and who holds it as that is durable. */
    record Offered(Export export, Holder holder) implements Control.Told {}

    /** The protocol's server wants this holder to be durable; answered by {@code Granted}, once nobody has it over NBD. */
    record Granting(Holder next) implements Control.Told {}

    /** An NBD connection whose principal may do that asks for it; answered in the same step by {@code Lent} or {@code NotLent}. */
    record Wanted(long user, Permission permission) implements Control.Told {}

    /** That connection has no more to do with it, and nothing of it runs on the disk. */
    record GivenBack(long user) implements Control.Told {}

    /**
     * It is to have another size, or (0) the one that its disk has got by now; those who have it over NBD have so much time to end.
     * Answered by {@code Resized} or {@code NotResized}.
     */
    record Resize(long wanted, long nanos) implements Control.Told {}

    /** It is to be removed: nobody is given it over NBD any more, and who has it is told to end; answered by {@code Withdrawn}. */
    record Withdraw(long nanos) implements Control.Told {}

    /** The protocol's server has no such export any more. */
    record Over() implements Control.Told {}

    /** The way to the disk has been lost, so many times until now; told before any end of what was lost with it. */
    record WayLost(long times) implements Control.Told {}

    /** After {@code Pause}: nothing of the server's runs on the disk any more (T5). */
    record Paused() implements Control.Told {}

    /** After {@code ChangeSize}: what it is now, and why it is not what was wanted; empty if it is. */
    record SizeChanged(long size, String wrong) implements Control.Told {}

    /** It is that connection's, too. */
    record Lent(long user) implements Control.Tells {}

    record NotLent(long user, Obstacle obstacle) implements Control.Tells {}

    /** That connection begins nothing new, is answered what runs, and gives it back. */
    record End(long user) implements Control.Tells {}

    /** That connection has no more time. */
    record Cut(long user) implements Control.Tells {}

    /** Nobody has it over NBD any more. */
    record Free() implements Control.Tells {}

    /** A client waits, within its handshake, until nobody has it over NBD any more. */
    record HeldBack(Holder next) implements Control.Tells {}

    /** This holder is durable, and the server may know it. */
    record Granted(Holder holder) implements Control.Tells {}

    /** From now on nothing of the server's reaches the disk, and it is told no end of what runs; answered by {@code Paused}. */
    record Pause() implements Control.Tells {}

    /** Give the disk that size, or (0) find out the one that it has got; answered by {@code SizeChanged}. */
    record ChangeSize(long wanted) implements Control.Tells {}

    /** The server has the disk again, in this boot, and all that it asks for from now on reaches it (H4). */
    record Reopened(Boot boot) implements Control.Tells {}

    /** It has that size: the server is offered it anew, before anybody else is (H6). */
    record Resized(long size) implements Control.Tells {}

    record NotResized(String why) implements Control.Tells {}

    /** Nobody has it over NBD any more, in time or cut. */
    record Withdrawn(boolean inTime) implements Control.Tells {}

    /** It cannot be withdrawn now: it is being resized or removed already. */
    record NotWithdrawn() implements Control.Tells {}
}
