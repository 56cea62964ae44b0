package dst.scenarios.lending;

import dst.nbd.lending.Lending;
import dst.nbd.port.LendingControl;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Device;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.protocol.Stack;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.Unique;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A server's part around {@link Lending}: guests come over links, and what that decides is carried out as a real node's host does it. A
 * flush that fails is a way to the disk that was lost.
 */
final class Lender implements Machine, Stack {
    private static final long SIZE = 1 << 20;
    private static final long ENDING_NANOS = 20_000_000;
    private static final int SIZES = 5;

    private final Lending lending = new Lending();
    private Joint joint = (_, _, _, _) -> {};
    private final Map<Long, Guest> guests = new TreeMap<>();
    private final Map<Long, ByteBuf> waiting = new TreeMap<>();

    /** Who wants to hold it, the first one being the next or, while it is somebody's, the holder. */
    private final ArrayDeque<Guest> holding = new ArrayDeque<>();

    private final ArrayDeque<Guest> resizing = new ArrayDeque<>();
    private final Map<Long, Guest> users = new TreeMap<>();
    private final Map<Long, Guest> running = new TreeMap<>();
    private boolean ready;

    /** What the holder asks for does not reach the disk. */
    private boolean paused;

    /** A pause is to be answered. */
    private boolean pausing;

    /** A holder is on its way to be durable. */
    private boolean granting;

    private long lastUser;
    private long lastTicket;
    private long losses;

    /** One link, and what its guest has come for. */
    private static final class Guest {
        final long link;
        boolean gone;

        /** Its operation; 0: none. */
        long tag;

        /** Its number where it has the export as NBD connections do; 0: it does not. */
        long user;

        /** Its ticket at the disk; 0: none. */
        long ticket;

        /** It has returned it, and something of it still runs. */
        boolean returning;

        Guest(long link) {
            this.link = link;
        }
    }

    @Override
    public void watch(Joint other) {
        joint = other;
    }

    @Override
    public void step(long now, Signal input, List<? super Signal> outbox) {
        switch (input) {
            case Control.Started _ -> tell(now, new LendingControl.Offered(export(), Holder.NOBODY), outbox);
            case DiskPort.Opened _ -> ready = true;
            case LinkPort.Accepted(long link, String _, String _) -> guests.put(link, new Guest(link));
            case LinkPort.Received(long link, ByteBuf bytes) -> {
                List<Message> messages = Message.in(waiting, link, bytes);
                bytes.release();
                Guest guest = guests.get(link);
                if (guest != null) {
                    messages.forEach(message -> heard(now, guest, message, outbox));
                }
            }
            case LinkPort.Closed(long link, String _) -> closed(now, link, outbox);
            case DiskPort.Ended(int _, long ticket, DiskResult result)
            when ticket > 0 -> ended(now, ticket, result, outbox);
            case DiskPort.Ended _, DurablePort.Event _ -> tell(now, input, outbox);
            case Control.TimerFired _ -> {
                if (lending.nextDeadline() <= now) {
                    tell(now, input, outbox);
                }
            }
            default -> {}
        }
        grantNext(now, outbox);
    }

    private static Export export() {
        Device device = new Device(new Unique(1, 1), SIZE, 512, Permission.BOTH);
        return new Export("export", 0, 0, device, Terms.DEFAULT, false);
    }

    // Guests.

    private void heard(long now, Guest guest, Message message, List<? super Signal> outbox) {
        switch (message.what()) {
            case BORROW, HOLD, RESIZE -> {
                guest.tag = message.tag();
                if (!ready || guest.returning) {
                    say(Message.What.GONE, guest, outbox);
                } else {
                    wanted(now, guest, message.what(), outbox);
                }
            }
            case FLUSH -> flush(guest, outbox);
            case RETURN -> returned(now, guest, outbox);
            default -> throw new IllegalStateException("a guest does not say " + message);
        }
    }

    private void wanted(long now, Guest guest, Message.What what, List<? super Signal> outbox) {
        switch (what) {
            case BORROW -> {
                guest.user = ++lastUser;
                users.put(guest.user, guest);
                tell(now, new LendingControl.Wanted(guest.user, Permission.BOTH), outbox);
            }
            case HOLD -> holding.add(guest);
            default -> {
                resizing.add(guest);
                tell(now, new LendingControl.Resize(SIZE * (1 + guest.tag % SIZES), ENDING_NANOS), outbox);
            }
        }
    }

    private void say(Message.What what, Guest guest, List<? super Signal> outbox) {
        if (!guest.gone) {
            outbox.add(new Message(what, guest.tag).on(guest.link));
        }
    }

    private boolean isHolder(Guest guest) {
        return guest.equals(holding.peek()) && lending.holder().isSomebody() && !granting;
    }

    private void flush(Guest guest, List<? super Signal> outbox) {
        boolean holds = isHolder(guest);
        if (guest.ticket == 0 && (guest.user != 0 || (holds && !paused))) {
            guest.ticket = ++lastTicket;
            running.put(guest.ticket, guest);
            outbox.add(new DiskPort.Start(0, new DiskRequest.Flush(guest.ticket, 0)));
        } else if (!holds) {
            say(Message.What.GONE, guest, outbox);
        }
    }

    private void ended(long now, long ticket, DiskResult result, List<? super Signal> outbox) {
        Guest guest = running.remove(ticket);
        if (guest == null) {
            return;
        }
        guest.ticket = 0;
        boolean failed = result instanceof DiskResult.Failed;
        if (failed) {
            tell(now, new LendingControl.WayLost(++losses), outbox);
        }
        if (guest.returning) {
            returned(now, guest, outbox);
        } else if (guest.user != 0) {
            say(failed ? Message.What.END : Message.What.DONE, guest, outbox);
        } else if (!paused) {
            say(Message.What.DONE, guest, outbox);
        }
        answerPause(now, outbox);
    }

    /** It has it no more, once nothing of it runs. */
    private void returned(long now, Guest guest, List<? super Signal> outbox) {
        guest.returning = guest.ticket != 0;
        if (guest.returning) {
            return;
        }
        long user = guest.user;
        guest.user = 0;
        if (user != 0) {
            users.remove(user);
            tell(now, new LendingControl.GivenBack(user), outbox);
        } else if (isHolder(guest)) {
            granting = true;
            tell(now, new LendingControl.Granting(lending.holder().ended(true)), outbox);
        } else if (!guest.equals(holding.peek()) || !granting) {
            holding.remove(guest);
        }
    }

    private void closed(long now, long link, List<? super Signal> outbox) {
        waiting.remove(link);
        Guest guest = guests.remove(link);
        if (guest != null) {
            guest.gone = true;
            returned(now, guest, outbox);
        }
    }

    /** Nobody takes it from another one here: whoever wants to hold it waits for his turn. */
    private void grantNext(long now, List<? super Signal> outbox) {
        Guest next = holding.peek();
        if (!granting && next != null && !lending.holder().isSomebody()) {
            granting = true;
            long epoch = lending.holder().epoch() + 1;
            tell(now, new LendingControl.Granting(new Holder(epoch, new Unique(next.link, next.tag))), outbox);
        }
    }

    // What the lending decides.

    private void tell(long now, Signal input, List<? super Signal> outbox) {
        List<Signal> decided = new ArrayList<>();
        joint.saw(now, LendingControl.KIND, 1, input);
        lending.step(now, input, decided);
        decided.forEach(output -> joint.saw(now, LendingControl.KIND, 1, output));
        decided.forEach(output -> carryOut(now, output, outbox));
    }

    private void carryOut(long now, Signal output, List<? super Signal> outbox) {
        switch (output) {
            case DiskPort.Request request -> outbox.add(request);
            case DurablePort.Request request -> outbox.add(request);
            case LendingControl.Lent(long user) -> say(Message.What.GIVEN, user(user), outbox);
            case LendingControl.NotLent(long user, var _) -> {
                Guest guest = user(user);
                users.remove(user);
                guest.user = 0;
                say(Message.What.GONE, guest, outbox);
            }
            case LendingControl.End(long user) -> say(Message.What.END, user(user), outbox);
            case LendingControl.Cut(long user) -> {
                Guest guest = user(user);
                if (!guest.gone) {
                    outbox.add(new LinkPort.Close(guest.link, Closing.of(Closing.Cause.DONE, "it had no more time")));
                    closed(now, guest.link, outbox);
                }
            }
            case LendingControl.Granted(Holder holder) -> granted(now, holder, outbox);
            case LendingControl.Pause _ -> {
                paused = true;
                pausing = true;
                answerPause(now, outbox);
            }
            case LendingControl.ChangeSize(long wanted) ->
                tell(now, new LendingControl.SizeChanged(wanted, ""), outbox);
            case LendingControl.Reopened _ -> {
                paused = false;
                Guest holder = holding.peek();
                if (holder != null && isHolder(holder)) {
                    say(Message.What.AGAIN, holder, outbox);
                }
            }
            case LendingControl.Resized _ -> say(Message.What.DONE, resizing.remove(), outbox);
            // Whoever was refused is the one who came last.
            case LendingControl.NotResized _ -> say(Message.What.GONE, resizing.removeLast(), outbox);
            case LendingControl.Free _, LendingControl.HeldBack _ -> {}
            default -> throw Signal.misplaced(output);
        }
    }

    private Guest user(long user) {
        return Objects.requireNonNull(users.get(user));
    }

    private void granted(long now, Holder holder, List<? super Signal> outbox) {
        granting = false;
        Guest guest = holding.getFirst();
        if (!holder.isSomebody()) {
            holding.remove();
        } else if (guest.gone) {
            returned(now, guest, outbox);
        } else {
            say(Message.What.GIVEN, guest, outbox);
        }
    }

    private void answerPause(long now, List<? super Signal> outbox) {
        if (pausing && running.values().stream().allMatch(guest -> guest.user != 0)) {
            pausing = false;
            tell(now, new LendingControl.Paused(), outbox);
        }
    }

    @Override
    public long nextDeadline() {
        return lending.nextDeadline();
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest().add(lending.digest()).add(waiting.values());
        guests.values()
                .forEach(guest -> digest.add(guest.link)
                        .add(guest.tag)
                        .add(guest.user)
                        .add(guest.ticket)
                        .add(guest.returning));
        users.forEach((user, guest) -> digest.add(user).add(guest.link));
        holding.forEach(guest -> digest.add(guest.link));
        resizing.forEach(guest -> digest.add(guest.link));
        running.keySet().forEach(digest::add);
        return digest.add(ready)
                .add(paused)
                .add(pausing)
                .add(granting)
                .add(lastUser)
                .add(lastTicket)
                .add(losses)
                .value();
    }

    @Override
    public void discard() {
        lending.discard();
    }
}
