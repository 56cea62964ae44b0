package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** From a request to its answer: what is stale, settled, a copy, refused, and what is executed (T2 to T5, T8, D1, R2). */
final class Requests {
    private final Exports exports;
    private final ServerOutbox outbox;

    Requests(Exports exports, ServerOutbox outbox) {
        this.exports = exports;
        this.outbox = outbox;
    }

    void received(ServerLink link, ServerLink.Phase.Live live, Message.Request request) {
        Attachment attachment = live.attachment();
        if (exports.isLeaving()) {
            request.payload().release(); // L6: it is sent again in the next boot.
            return;
        }
        if (isStale(attachment, request)) {
            request.payload().release();
            answer(link, attachment, request.id(), Problem.STALE, 0, Unpooled.EMPTY_BUFFER);
            return;
        }
        if (attachment.contradicts(request.settled())) {
            request.payload().release();
            outbox.accuse(link, "T3", Problem.MALFORMED, "a settled set that goes back behind an earlier one");
            return;
        }
        attachment.settle(request.settled()).forEach(this::drop);
        if (attachment.isSettled(request.id())) {
            request.payload().release();
            return;
        }
        if (attachment.beyondWindow(request.id())) {
            request.payload().release();
            outbox.accuse(link, "T3", Problem.LIMIT, "id " + request.id() + " is beyond the window");
            return;
        }
        Task known = attachment.task(request.id());
        if (known == null) {
            begin(new Task(attachment, request, link), live);
        } else {
            receivedCopy(known, request, link);
        }
    }

    /** T4: a request belongs to this epoch and this boot, or it is none. */
    private static boolean isStale(Attachment attachment, Message.Request request) {
        return request.epoch() != attachment.holder.epoch() || !request.boot().equals(attachment.export.store.boot);
    }

    /** T3: a copy of what runs waits for its result; of what is answered, it gets that answer, a read a new execution. */
    private void receivedCopy(Task known, Message.Request copy, ServerLink link) {
        copy.payload().release();
        if (!known.request.sameContent(copy)) {
            // T2: which of the two contents was meant cannot be known.
            String text = "id " + copy.id() + " came again with other content";
            outbox.accuse(link, "T2", Problem.MALFORMED, text);
            exports.epochs.endByForce(known.attachment, Closing.peerWrong("T2", text));
            return;
        }
        if (known.state != Task.State.ANSWERED) {
            // The first one sent may be the last one to arrive: links are not equally fast.
            if (copy.resend() || known.link.closed) {
                known.moveTo(link);
            }
            return;
        }
        known.moveTo(link);
        refuseForbidden(known);
        if (known.isRead() && known.problem == Problem.NONE) {
            Task again = new Task(known.attachment, known.request, link);
            known.attachment.record(again);
            known.attachment.export.store.enter(again);
            return;
        }
        answer(known);
    }

    /** R6: what was read, or would be read again, is not told to a link that may not have it any more. */
    private static void refuseForbidden(Task task) {
        Agreement agreement = task.link.agreement();
        if (task.moved && task.isRead() && task.problem == Problem.NONE && agreement != null) {
            task.problem = problemOf(task.request, agreement);
        }
    }

    private void begin(Task task, ServerLink.Phase.Live live) {
        Attachment attachment = task.attachment;
        ExportState export = attachment.export;
        attachment.record(task);
        Problem problem = problemOf(task.request, live.agreement());
        if (problem == Problem.NONE && export.removing() && !task.isFlush()) {
            problem = Problem.REMOVED;
        }
        if (problem != Problem.NONE) {
            refuse(task, problem);
        } else if (task.request.kind() == Kind.FLUSH) {
            task.state = Task.State.RUNNING;
            attachment.takeInHand(task);
            export.store.flushes.ask(new Flushes.ForTask(task, this));
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

    private void refuse(Task task, Problem problem) {
        task.problem = problem;
        task.state = Task.State.ANSWERED;
        task.releaseContent();
        answer(task);
    }

    /** The disk, or the flush, is done with it. */
    void finished(Task task) {
        task.state = Task.State.ANSWERED;
        task.attachment.letGo(task);
        if (task.dropped) {
            task.releaseContent();
            return;
        }
        refuseForbidden(task);
        if (task.isRead() && task.problem == Problem.NONE) {
            ByteBuf data = task.takeData();
            answer(task.link, task.attachment, task.request.id(), Problem.NONE, 0, data);
        } else {
            task.releaseContent();
            answer(task);
        }
    }

    private void answer(Task task) {
        answer(task.link, task.attachment, task.request.id(), task.problem, task.execution, Unpooled.EMPTY_BUFFER);
    }

    private void answer(
            ServerLink link, Attachment attachment, long id, Problem problem, long execution, ByteBuf payload) {
        if (link.closed) {
            payload.release();
            return;
        }
        Store store = attachment.export.store;
        outbox.send(
                link,
                new Message.Answer(
                        id,
                        problem,
                        attachment.holder.epoch(),
                        store.boot,
                        execution,
                        store.flushes.commit(),
                        payload));
    }

    /** T3: a task that nobody waits for any more. What is held will never start; what runs ends, and nobody is told. */
    void drop(Task task) {
        if (task.state == Task.State.ANSWERED) {
            return;
        }
        Store store = task.attachment.export.store;
        if (task.isFlush()) {
            task.attachment.letGo(task);
            store.flushes.drop(new Flushes.ForTask(task, this));
        } else if (task.state == Task.State.HELD) {
            task.releaseContent();
            store.abandon(task);
        }
    }
}
