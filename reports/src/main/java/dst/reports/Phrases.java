package dst.reports;

import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.ServerControl;
import dst.protocol.trace.WorldEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happened in a few words each: made at the very end, for people. */
final class Phrases {
    private Phrases() {}

    static String of(Moment moment) {
        return switch (moment.event()) {
            case Event.Submitted _ -> "operation " + moment.tag() + " submitted: " + asked(moment);
            case Event.InWholeBlocks _ -> "for operation " + moment.tag() + ", in whole blocks: " + asked(moment);
            case Event.Settled it -> "operation " + moment.tag() + " " + outcome(it);
            case Event.Sent it -> said(it.said(), moment) + slot(it.slot());
            case Event.Arrived it -> "arrived: " + said(it.said(), moment) + slot(it.slot());
            case Event.DiskStarted it -> disk(it.step(), moment.range()) + holding(it.content());
            case Event.DiskEnded it -> disk(it.step(), moment.range()) + " ended: " + result(it, moment.range());
            case Event.MediaHold it -> "in the end at " + moment.range().offset() + holding(it.content());
            case Event.Struck it -> it.fault() + (it.what().isEmpty() ? "" : ": " + it.what());
            case Event.Found it -> it.finding().sentence();
            case Event.Connects it -> "connects, link " + it.link() + slot(it.slot());
            case Event.Bytes it when !it.says().isEmpty() -> (it.sent() ? "" : "arrived: ") + it.says();
            case Event.Bytes it ->
                it.count() + " bytes " + (it.sent() ? "go out" : "come in") + " on link " + it.link();
            case Event.Inside it -> inside(it, moment);
            case Event.OfPart it -> PartPhrases.of(it, moment);
            case Event.Aside it ->
                it.part() + " " + it.instance() + ": " + it.type()
                        + (it.bytes() == 0 ? "" : ", " + it.bytes() + " bytes");
            case Event.Crossed it -> crossed(it.value());
        };
    }

    static String kind(Kind kind) {
        return switch (kind) {
            case READ -> "read";
            case WRITE -> "write";
            case FLUSH -> "flush";
            case TRIM -> "trim";
            case ZERO -> "zero";
        };
    }

    static String place(Range range, boolean durable) {
        return range.length() == 0 ? "" : " at " + range + (durable ? ", FUA" : "");
    }

    static String transaction(Kind kind, long id) {
        return kind(kind) + " " + id;
    }

    /** What is asked for with an operation. */
    static String asked(Moment moment) {
        boolean durable = switch (moment.event()) {
            case Event.Submitted it -> it.durable();
            case Event.InWholeBlocks it -> it.durable();
            case Event.Inside it -> it.durable();
            case Event.PartAsked it -> it.durable();
            default -> false;
        };
        return moment.event().kind().map(Phrases::kind).orElse("") + place(moment.range(), durable);
    }

    /** Numbers that rise, those in a row together. */
    private static String runs(List<Long> rising) {
        StringBuilder words = new StringBuilder();
        for (int first = 0, last; first < rising.size(); first = last + 1) {
            last = first;
            while (last + 1 < rising.size() && rising.get(last + 1) == rising.get(last) + 1) {
                last++;
            }
            words.append(first == 0 ? "" : ", ").append(rising.get(first));
            words.append(last == first ? "" : (last == first + 1 ? ", " : " to ") + rising.get(last));
        }
        return words.toString();
    }

    private static String inside(Event.Inside inside, Moment moment) {
        String operation = moment.tag() == 0 ? "an operation" : "operation " + moment.tag();
        return switch (inside.joint()) {
            case ENTERS -> operation + " has come through to the client: " + asked(moment);
            case IS_ASKED -> "for " + operation + " the client is asked: " + asked(moment);
            case IS_ANSWERED -> "for " + operation + " the client has an answer";
            case LEAVES -> operation + " has come through from the client";
        };
    }

    private static String slot(int slot) {
        return slot < 0 ? "" : ", slot " + slot;
    }

    static String outcome(Event.Settled settled) {
        return switch (settled.how()) {
            case DONE -> "done" + holding(settled.content());
            case REFUSED -> "refused: " + reason(settled.problem(), settled.text());
            case UNKNOWN -> "unknown: " + reason(settled.problem(), settled.text());
        };
    }

    private static String said(Event.Said said, Moment moment) {
        return switch (said) {
            case Event.Request request -> {
                String copy = switch (request.copy()) {
                    case FIRST -> "request: ";
                    case RESEND -> "resend: ";
                    case REPLAY -> "replay: ";
                };
                yield copy
                        + transaction(request.its(), request.transaction())
                        + place(moment.range(), request.durable())
                        + (moment.tag() == 0 ? "" : ", operation " + moment.tag())
                        + (request.settled().isEmpty() ? "" : ", settled are " + runs(request.settled()));
            }
            case Event.Answer answer -> answer(answer);
            case Event.Other other -> Gist.of(other.message()).words();
            case Event.Garbled garbled -> "bytes that are no message: " + garbled.why();
        };
    }

    private static String answer(Event.Answer answer) {
        String head = "answer "
                + answer.kind()
                        .map(kind -> transaction(kind, answer.transaction()))
                        .orElse("of transaction " + answer.transaction());
        if (answer.problem() != Problem.NONE) {
            return head + ": " + answer.problem().words();
        }
        String execution = answer.execution() == 0 ? "" : ", execution " + answer.execution();
        return head + ": done" + execution + ", commit " + answer.commit() + holding(answer.content());
    }

    private static String disk(Event.DiskStep step, Range range) {
        String what = step.kind()
                .map(kind -> kind(kind) + place(range, step.durable()))
                .orElse("forget the cache");
        return what + (step.transaction() == 0 ? "" : " for transaction " + step.transaction());
    }

    private static String result(Event.DiskEnded ended, Range range) {
        if (ended.problem() != Problem.NONE) {
            return ended.problem().words();
        }
        boolean isRead = ended.kind().equals(Optional.of(Kind.READ));
        String how = ended.isWhole(range) ? "done" : "only " + ended.bytes() + (isRead ? " bytes" : " bytes done");
        return how + holding(ended.content());
    }

    static String crossed(Object value) {
        return switch (value) {
            case LinkPort.Request request -> request(request);
            case LinkPort.Event event -> event(event);
            case BlockPort.Event event -> event(event);
            case DiskPort.Opened it -> it.boot() + " begins" + note(it.cause().words());
            case DurablePort.Request request -> request(request);
            case DurablePort.Event event -> event(event);
            case Control.Told told -> told(told);
            case Control.Tells tells -> tells(tells);
            case WorldEvent event -> crossed(event);
            default -> value.toString();
        };
    }

    private static String request(LinkPort.Request request) {
        return switch (request) {
            case LinkPort.Close it ->
                "closes link " + it.link() + ": " + it.closing().text();
            case LinkPort.Reading it ->
                (it.wanted() ? "takes what comes on link " : "takes nothing from link ") + it.link();
            case LinkPort.Connect _, LinkPort.Send _ -> request.toString();
        };
    }

    private static String event(LinkPort.Event event) {
        return switch (event) {
            case LinkPort.Opened it -> "link " + it.link() + " is open";
            case LinkPort.Accepted it -> "link " + it.link() + " is open";
            case LinkPort.Closed it -> "link " + it.link() + " lost: " + it.reason();
            case LinkPort.Sent it -> it.bytes() + " bytes have gone out on link " + it.link();
            case LinkPort.Received _ -> event.toString();
        };
    }

    private static String event(BlockPort.Event event) {
        return switch (event) {
            case BlockPort.Changed it ->
                "has the device, " + it.device().size() + " bytes in blocks of "
                        + it.device().blockSize()
                        + (it.owed() ? "; a predecessor's replay may be missing" : "");
            case BlockPort.Failed it ->
                "the device has failed: " + it.problem().words() + note(it.text()) + "; " + lost(it.lost());
            case BlockPort.Copied it -> "copied the content of operation " + it.tag();
            case BlockPort.Completed _ -> event.toString();
        };
    }

    private static String request(DurablePort.Request request) {
        return switch (request) {
            case DurablePort.DrawBoot it -> "the boot ends: " + it.cause().words();
            case DurablePort.Keep it ->
                "writes down epoch " + it.holder().epoch()
                        + (it.holder().flushedIn() == 0
                                ? ""
                                : ", flushed in boot " + it.holder().flushedIn());
        };
    }

    private static String event(DurablePort.Event event) {
        return switch (event) {
            case DurablePort.BootDrawn it -> it.boot() + " begins";
            case DurablePort.Kept it -> "epoch " + it.holder().epoch() + " is durable";
        };
    }

    private static String told(Control.Told told) {
        return switch (told) {
            case Control.TimerFired _ -> "the deadline has come";
            case Control.Started _ -> "the machine starts";
            case ClientControl.Detach _ -> "is asked to detach";
            case ServerControl.ExportOpened it -> "opens " + it.export().name();
            case ServerControl.AccessChanged it ->
                "is told who may use " + it.export() + ": " + it.access().rules();
            case ServerControl.Ready _ -> "has all its exports";
            case ServerControl.RemoveExport it -> "is asked to remove " + it.export();
            case ServerControl.Leave _ -> "is told to go away";
            default -> told.toString();
        };
    }

    private static String tells(Control.Tells tells) {
        return switch (tells) {
            case Control.Noted it -> it.text();
            case ClientControl.Detached it -> "is detached; " + lost(it.lost());
            case ServerControl.Left it -> it.clean() ? "has left, with everything flushed" : "has left, not clean";
            case ServerControl.Removed it -> it.export() + " is removed" + (it.clean() ? ", clean" : ", not clean");
            default -> tells.toString();
        };
    }

    private static String crossed(WorldEvent event) {
        return switch (event) {
            case WorldEvent.ProcessStarted _ -> "the process starts";
            case WorldEvent.ProcessCrashed _ -> "the process crashes";
            case WorldEvent.ProcessEnded _ -> "the process ends, as it was told to";
            case WorldEvent.PowerCut _ -> "the host loses power";
            case WorldEvent.Healed _ -> "healed: no fault strikes from here on";
            case WorldEvent.UsedByOthers it -> "others have used disk " + it.disk();
            case WorldEvent.ClockSet _ -> "the clock is set";
            case WorldEvent.Struck _, WorldEvent.MediaHolds _ -> event.toString();
        };
    }

    private static String lost(List<Range> ranges) {
        return ranges.isEmpty()
                ? "nothing is lost"
                : "may be lost: " + ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
    }

    /** The problem, and the text of whoever told it where it adds something. */
    static String reason(Problem problem, String text) {
        return text.startsWith(problem.words()) ? text : problem.words() + note(text);
    }

    static String note(String text) {
        return text.isEmpty() ? "" : " (" + text + ")";
    }

    private static String holding(Content content) {
        return content.shown() ? ", first block: " + content.words() : "";
    }
}
