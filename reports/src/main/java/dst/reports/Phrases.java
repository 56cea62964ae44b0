package dst.reports;

import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.trace.Stamp;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Collectors;

/** Boundary values in a few words each. */
final class Phrases {
    private Phrases() {}

    static String kind(Kind kind) {
        return switch (kind) {
            case READ -> "read";
            case WRITE -> "write";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case ZERO -> "zero";
        };
    }

    static String place(long offset, long length, boolean durable) {
        return length == 0 ? "" : " at " + new Range(offset, length) + (durable ? ", FUA" : "");
    }

    static String operation(Operation operation) {
        return kind(operation.kind()) + place(operation.offset(), operation.length(), operation.durable());
    }

    static String transaction(Message.Request request) {
        return kind(request.kind()) + " " + request.id();
    }

    static String request(Message.Request request) {
        String copy = request.replay() ? "replay: " : request.resend() ? "resend: " : "request: ";
        return copy + transaction(request) + place(request.offset(), request.length(), request.durable());
    }

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> "done" + holding(done.data());
            case Outcome.Refused refused -> "refused: " + reason(refused.problem(), refused.text());
            case Outcome.Unknown unknown -> "unknown: " + reason(unknown.problem(), unknown.text());
        };
    }

    static String answer(Message.Answer answer, String transaction) {
        if (answer.problem() != Problem.NONE) {
            return "answer " + transaction + ": " + answer.problem().words();
        }
        String execution = answer.execution() == 0 ? "" : ", execution " + answer.execution();
        return "answer " + transaction + ": done" + execution + ", commit " + answer.commit()
                + holding(answer.payload());
    }

    /** Everything that is neither a request nor an answer; empty for a keepalive. */
    static String message(Message message) {
        return switch (message) {
            case Message.Preamble _, Message.Ping _, Message.Pong _ -> "";
            case Message.Hello hello ->
                "hello: export " + hello.export() + ", generation " + hello.generation()
                        + (hello.held().epoch() == 0
                                ? ""
                                : ", holds epoch " + hello.held().epoch());
            case Message.Welcome welcome ->
                "welcome: " + welcome.boot() + note(welcome.cause().words()) + ", epoch " + welcome.epoch();
            case Message.Refuse refuse ->
                "refuse: " + reason(refuse.problem(), refuse.text())
                        + (refuse.commit() == 0 ? "" : ", commit " + refuse.commit());
            case Message.Attach attach -> "attach: " + (attach.joins() ? "joins" : "ends") + " epoch " + attach.epoch();
            case Message.Attached attached ->
                "attached: epoch " + attached.holder().epoch() + ", " + attached.boot()
                        + (attached.owed() ? ", a replay may be missing" : "");
            case Message.Request request -> request(request);
            case Message.Answer answer -> answer(answer, "of transaction " + answer.id());
            case Message.Replayed replayed -> "replayed: all that was retained is written again in " + replayed.boot();
            case Message.Goodbye goodbye ->
                "goodbye" + (goodbye.clean() ? ", clean" : ", not clean") + note(goodbye.text());
        };
    }

    static String disk(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> "read" + place(read.offset(), read.length(), false);
            case DiskRequest.Write write ->
                "write" + place(write.offset(), write.data().readableBytes(), write.durable());
            case DiskRequest.Zero zero -> "zero" + place(zero.offset(), zero.length(), zero.durable());
            case DiskRequest.Trim trim -> "trim" + place(trim.offset(), trim.length(), false);
            case DiskRequest.Flush _ -> "flush";
            case DiskRequest.Forget _ -> "forget the cache";
        };
    }

    static Range range(DiskRequest request) {
        return switch (request) {
            case DiskRequest.Read read -> new Range(read.offset(), read.length());
            case DiskRequest.Write write ->
                new Range(write.offset(), write.data().readableBytes());
            case DiskRequest.Zero zero -> new Range(zero.offset(), zero.length());
            case DiskRequest.Trim trim -> new Range(trim.offset(), trim.length());
            case DiskRequest.Flush _, DiskRequest.Forget _ -> new Range(0, 0);
        };
    }

    static String result(DiskResult result, Range range) {
        return switch (result) {
            case DiskResult.Transferred moved ->
                moved.bytes() < range.length() ? "only " + moved.bytes() + " bytes done" : "done";
            case DiskResult.Data data ->
                (data.data().readableBytes() < range.length()
                                ? "only " + data.data().readableBytes() + " bytes"
                                : "done")
                        + holding(data.data());
            case DiskResult.Failed failed -> failed.problem().words();
        };
    }

    static String ranges(List<Range> ranges) {
        return ranges.isEmpty()
                ? "nothing is lost"
                : "may be lost: " + ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
    }

    /** The problem, and the text of whoever told it where it adds something. */
    private static String reason(Problem problem, String text) {
        return text.startsWith(problem.words()) ? text : problem.words() + note(text);
    }

    static String note(String text) {
        return text.isEmpty() ? "" : " (" + text + ")";
    }

    /** What the first block says of itself. */
    static String holding(ByteBuf data) {
        if (data.readableBytes() < Stamp.BYTES) {
            return "";
        }
        long writer = data.getLong(data.readerIndex());
        long tag = tag(data);
        return writer == 0 && tag == 0 ? ", first block: zeros" : ", first block: operation " + tag;
    }

    /** The operation that a block names as its writer; 0 if it is too short to name one. */
    static long tag(ByteBuf data) {
        return data.readableBytes() < Stamp.BYTES ? 0 : data.getLong(data.readerIndex() + 8);
    }
}
