package dst.scenarios.lending;

import dst.protocol.BlockPort;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Signal;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who comes for an export, one operation after the other: for each it wants to have it, has it flushed and returns it; by the
 * operation's number as an NBD connection does, as a client of the protocol does, or as an operator who wants another size.
 */
final class Guest implements Machine {
    private static final long AGAIN_NANOS = 10_000_000;
    private static final int MANNERS = 8;

    private final ArrayDeque<Long> wanted = new ArrayDeque<>();
    private final Map<Long, ByteBuf> waiting = new TreeMap<>();
    private long link;
    private boolean open;
    private boolean asked;
    private long againAt = NEVER;

    @Override
    public void step(long now, Signal input, List<? super Signal> outbox) {
        switch (input) {
            case Control.Started _ -> connect(outbox);
            case LinkPort.Opened(long opened) -> open |= opened == link;
            case LinkPort.Closed(long closed, String _)
            when closed == link -> {
                open = false;
                asked = false;
                againAt = after(now);
            }
            case LinkPort.Received(long from, ByteBuf bytes) -> {
                List<Message> messages = Message.in(waiting, from, bytes);
                bytes.release();
                messages.stream().filter(_ -> from == link).forEach(message -> heard(now, message, outbox));
            }
            case BlockPort.Submit(long tag, Operation.Flush _) -> wanted.add(tag);
            case BlockPort.Submit submit -> {
                Signal.release(submit);
                outbox.add(new BlockPort.Completed(
                        submit.tag(), new Outcome.Refused(Problem.NOT_SUPPORTED, "a guest flushes only")));
            }
            case Control.TimerFired _
            when now >= againAt -> {
                againAt = NEVER;
                if (!open) {
                    connect(outbox);
                }
            }
            default -> {}
        }
        ask(outbox);
    }

    private static long after(long now) {
        return Machine.after(now, AGAIN_NANOS);
    }

    private void connect(List<? super Signal> outbox) {
        waiting.clear();
        outbox.add(new LinkPort.Connect(++link, 0));
    }

    private void ask(List<? super Signal> outbox) {
        if (open && !asked && againAt == NEVER && !wanted.isEmpty()) {
            asked = true;
            say(first(wanted.getFirst()), outbox);
        }
    }

    private static Message.What first(long tag) {
        int manner = (int) (tag % MANNERS);
        if (manner == MANNERS - 1) {
            return Message.What.RESIZE;
        }
        return manner % 2 == 0 ? Message.What.BORROW : Message.What.HOLD;
    }

    private void say(Message.What what, List<? super Signal> outbox) {
        outbox.add(new Message(what, wanted.getFirst()).on(link));
    }

    /** Of what is over nothing counts. */
    private void heard(long now, Message message, List<? super Signal> outbox) {
        if (!asked || wanted.isEmpty() || wanted.getFirst() != message.tag()) {
            return;
        }
        switch (message.what()) {
            case GIVEN, AGAIN -> say(Message.What.FLUSH, outbox);
            case DONE -> {
                say(Message.What.RETURN, outbox);
                asked = false;
                outbox.add(new BlockPort.Completed(wanted.remove(), new Outcome.Done(Unpooled.EMPTY_BUFFER)));
            }
            case END -> {
                say(Message.What.RETURN, outbox);
                later(now);
            }
            case GONE -> later(now);
            default -> throw new IllegalStateException("a lender does not say " + message);
        }
    }

    private void later(long now) {
        asked = false;
        againAt = after(now);
    }

    @Override
    public long nextDeadline() {
        return againAt;
    }

    @Override
    public long digest() {
        StateDigest digest = new StateDigest().add(link).add(open).add(asked).add(againAt);
        wanted.forEach(digest::add);
        return digest.add(waiting.values()).value();
    }

    @Override
    public void discard() {}
}
