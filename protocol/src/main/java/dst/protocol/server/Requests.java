package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** From a request to its answer: what is stale, settled, a copy, refused, and what is executed (T2 to T5, T8, D1, R2). */
final class Requests {
    private final ServerOutbox outbox;

    /** A client's FLUSH. */
    private record Flushing(Task task, Store store, Requests requests) implements Flushes.Waiter {
        @Override
        public void flushed() {
            requests.finished(store, task);
        }

        @Override
        public void identify(StateDigest digest) {
            digest.add(task.request.id()).add(task.account.export).add(task.account.holder);
        }
    }

    Requests(ServerOutbox outbox) {
        this.outbox = outbox;
    }

    /** What ends the attachment by force; null if nothing does. */
    @Nullable Closing received(ServerLink link, ServerLink.Phase.Live live, Message.Request request) {
        Attachment attachment = live.attachment();
        ExportState export = live.export();
        if (isStale(live, request)) {
            request.payload().release();
            Store store = export.store;
            answer(
                    link,
                    new Message.Answer(
                            request.id(),
                            Problem.STALE,
                            attachment.holder().epoch(),
                            store.boot,
                            0,
                            store.flushes.commit(),
                            Unpooled.EMPTY_BUFFER));
            return null;
        }
        if (attachment.contradicts(request.settled())) {
            request.payload().release();
            outbox.accuse(link, "T3", Problem.MALFORMED, "a settled set that goes back behind an earlier one");
            return null;
        }
        attachment.settle(request.settled()).forEach(task -> drop(export.store, task));
        if (attachment.isSettled(request.id())) {
            request.payload().release();
            return null;
        }
        if (attachment.beyondWindow(request.id())) {
            request.payload().release();
            outbox.accuse(link, "T3", Problem.LIMIT, "id " + request.id() + " is beyond the window");
            return null;
        }
        Task known = attachment.task(request.id());
        if (known == null) {
            begin(task(link, live, request), live);
            return null;
        }
        return receivedCopy(known, request, link, live);
    }

    private static Task task(ServerLink link, ServerLink.Phase.Live live, Message.Request request) {
        return new Task(live.attachment().account, live.export().export.start(), request, link);
    }

    /** T4: a request belongs to this epoch and this boot, or it is none. */
    private static boolean isStale(ServerLink.Phase.Live live, Message.Request request) {
        return request.epoch() != live.attachment().holder().epoch()
                || !request.boot().equals(live.export().store.boot);
    }

    /** T3: a copy of what runs waits for its result; of what is answered, it gets that answer, a read a new execution. */
    private @Nullable Closing receivedCopy(
            Task known, Message.Request copy, ServerLink link, ServerLink.Phase.Live live) {
        copy.payload().release();
        if (!known.request.sameContent(copy)) {
            // T2: which of the two contents was meant cannot be known.
            String text = "id " + copy.id() + " came again with other content";
            outbox.accuse(link, "T2", Problem.MALFORMED, text);
            return Closing.peerWrong("T2", text);
        }
        if (known.state != Task.State.ANSWERED) {
            // The first one sent may be the last one to arrive: links are not equally fast.
            if (copy.resend() || known.link.closed) {
                known.moveTo(link);
            }
            return null;
        }
        known.moveTo(link);
        refuseForbidden(known);
        Store store = live.export().store;
        if (known.isRead() && known.problem == Problem.NONE) {
            Task again = task(link, live, known.request);
            live.attachment().record(again);
            store.enter(again);
        } else {
            answer(store, known, Unpooled.EMPTY_BUFFER);
        }
        return null;
    }

    /** R6: what was read, or would be read again, is not told to a link that may not have it any more. */
    private static void refuseForbidden(Task task) {
        Agreement agreement = task.link.agreement();
        if (task.moved && task.isRead() && task.problem == Problem.NONE && agreement != null) {
            task.problem = problemOf(task.request, agreement);
        }
    }

    private void begin(Task task, ServerLink.Phase.Live live) {
        ExportState export = live.export();
        live.attachment().record(task);
        Problem problem = problemOf(task.request, live.agreement());
        if (problem == Problem.NONE && export.removing() && !task.isFlush()) {
            problem = Problem.REMOVED;
        }
        if (problem != Problem.NONE) {
            refuse(export.store, task, problem);
        } else if (task.request.kind() == Kind.FLUSH) {
            task.state = Task.State.RUNNING;
            task.takeInHand();
            export.store.flush(new Flushing(task, export.store, this));
        } else {
            export.store.enter(task);
        }
    }

    /** R2: checked here whatever the client should have checked; nothing has happened yet. */
    private static Problem problemOf(Message.Request request, Agreement agreement) {
        Device device = agreement.device();
        Terms terms = agreement.terms();
        Kind kind = request.kind();
        if (!request.flagsMakeSense()) {
            return Problem.NOT_SUPPORTED;
        }
        if (kind == Kind.FLUSH) {
            return Problem.NONE;
        }
        if (!device.permission().permits(kind)) {
            return Problem.NOT_PERMITTED;
        }
        if (!isSupported(request, terms)) {
            return Problem.NOT_SUPPORTED;
        }
        if (request.length() > terms.largestTransfer() || request.payloadSkipped()) {
            return Problem.TOO_LARGE;
        }
        if (request.length() == 0 || !isAligned(request, device.blockSize())) {
            return Problem.NOT_ALIGNED;
        }
        return isInside(request, device.size()) ? Problem.NONE : Problem.OUT_OF_RANGE;
    }

    private static boolean isSupported(Message.Request request, Terms terms) {
        boolean kind = switch (request.kind()) {
            case READ, WRITE, FLUSH -> true;
            case ZERO -> terms.allows(Terms.ZERO);
            case TRIM -> terms.allows(Terms.TRIM);
        };
        return kind && (!request.durable() || terms.allows(Terms.FUA));
    }

    private static boolean isAligned(Message.Request request, int blockSize) {
        return ((request.offset() | request.length()) & (blockSize - 1)) == 0;
    }

    /** In a form that cannot wrap around. */
    private static boolean isInside(Message.Request request, long size) {
        return request.offset() >= 0 && request.length() <= size && request.offset() <= size - request.length();
    }

    private void refuse(Store store, Task task, Problem problem) {
        task.problem = problem;
        task.state = Task.State.ANSWERED;
        task.releaseContent();
        answer(store, task, Unpooled.EMPTY_BUFFER);
    }

    /** The disk, or the flush, is done with it. */
    void finished(Store store, Task task) {
        task.state = Task.State.ANSWERED;
        task.letGo();
        if (task.dropped) {
            task.releaseContent();
            return;
        }
        refuseForbidden(task);
        if (task.isRead() && task.problem == Problem.NONE) {
            answer(store, task, task.takeData());
        } else {
            task.releaseContent();
            answer(store, task, Unpooled.EMPTY_BUFFER);
        }
    }

    private void answer(Store store, Task task, ByteBuf payload) {
        answer(
                task.link,
                new Message.Answer(
                        task.request.id(),
                        task.problem,
                        task.account.holder.epoch(),
                        store.boot,
                        task.execution,
                        store.flushes.commit(),
                        payload));
    }

    private void answer(ServerLink link, Message.Answer answer) {
        if (link.closed) {
            answer.payload().release();
        } else {
            outbox.send(link, answer);
        }
    }

    /** T3: a task that nobody waits for any more. What is held will never start; what runs ends, and nobody is told. */
    void drop(Store store, Task task) {
        if (task.state == Task.State.ANSWERED) {
            return;
        }
        if (task.isFlush()) {
            task.letGo();
            store.flushes.drop(new Flushing(task, store, this));
        } else if (task.state == Task.State.HELD) {
            task.releaseContent();
            store.abandon(task);
        }
    }
}
