package dst.reports;

import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.nbd.rules.NbdSayings;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.protocol.Words;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** In a few words, what a machine of NBD within what a host runs was given, or gave. */
final class PartPhrases {
    private PartPhrases() {}

    static String of(Event.OfPart event, Moment moment) {
        return name(event) + " " + what(event, moment);
    }

    private static String name(Event.OfPart event) {
        String kind = switch (event.part()) {
            case NbdServerControl.KIND -> "NBD server ";
            case NbdClientControl.KIND -> "NBD client ";
            default -> event.part() + " ";
        };
        return kind + event.instance();
    }

    private static String what(Event.OfPart event, Moment moment) {
        String number = moment.tag() == 0 ? "" : "operation " + moment.tag() + ": ";
        return switch (event) {
            case Event.PartTold(String _, long _, Signal value) -> control(value);
            case Event.PartSaid it -> said(it, moment);
            case Event.PartAsked it ->
                (it.below() ? "asks its device: " : "is asked: ") + number + Phrases.asked(moment);
            case Event.PartSettled it ->
                (it.below() ? "hears from its device: " : "tells: ")
                        + (moment.range().length() == 0
                                ? ""
                                : "what was asked" + Phrases.place(moment.range(), false) + " ")
                        + (moment.tag() == 0 ? "" : "operation " + moment.tag() + " ")
                        + Phrases.outcome(it.settled());
            case Event.PartCrossed(String _, long _, Signal value) -> crossed(value);
        };
    }

    private static String said(Event.PartSaid event, Moment moment) {
        return switch (event.said()) {
            case NbdSayings.Request(long cookie, var kind, boolean durable, var _) ->
                (event.sent() ? "asks under the cookie " : "is asked under the cookie ")
                        + cookie
                        + ": "
                        + kind.map(Phrases::kind).orElse("something else")
                        + Phrases.place(moment.range(), durable);
            case NbdSayings.Answer(long cookie, var to, boolean failed) ->
                (event.sent() ? "answers under the cookie " : "is answered under the cookie ")
                        + cookie
                        + ": "
                        + (failed ? "an error" : "done")
                        + (to.isEmpty() ? ", and nothing is open under it" : "");
        };
    }

    private static String crossed(Signal value) {
        return switch (value) {
            case LinkPort.Opened it -> "has its link " + it.link();
            case LinkPort.Closed it -> "has lost its link: " + it.reason();
            case LinkPort.Close it -> "closes its link: " + it.closing().text();
            case DiskPort.Start it -> "has its disk begin a " + type(it.request());
            case DiskPort.Ended it -> "hears that its disk has ended that: " + type(it.result());
            case DurablePort.DrawBoot it -> "has a boot drawn: " + it.cause().words();
            case DurablePort.BootDrawn it -> "is given " + it.boot();
            case DurablePort.Kept it -> "hears that epoch " + it.holder().epoch() + " is durable";
            default -> Phrases.crossed(value);
        };
    }

    private static String type(Object value) {
        return value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String control(Signal value) {
        return switch (value) {
            case NbdServerControl.Accepted it -> "has a new peer: " + it.peer();
            case NbdServerControl.HalfClosed _ -> "hears that its peer says nothing more";
            case NbdServerControl.Open it -> "asks for export " + it.export();
            case NbdServerControl.Opened it -> "is given " + export(it.export());
            case NbdServerControl.OpenRefused it -> "is not given the export: " + it.text();
            case NbdServerControl.ListExports _ -> "asks which exports there are";
            case NbdServerControl.Listed it -> "hears of " + exports(it.exports());
            case NbdServerControl.Map it -> "asks what is allocated at " + it.offset() + "+" + it.length();
            case NbdServerControl.Mapped _, NbdClientControl.Mapped _ -> "is told what is allocated there";
            case NbdServerControl.Wants it -> "wants " + it.bytes() + " bytes of memory";
            case NbdServerControl.Granted it -> "may take " + it.bytes() + " bytes of memory";
            case NbdServerControl.GivesBack it -> "gives " + it.bytes() + " bytes of memory back";
            case NbdServerControl.Drain _ -> "is told to begin nothing more";
            case NbdClientControl.Use it -> "is to use export " + it.export();
            case NbdClientControl.Attached it -> "has " + export(it.export());
            case NbdClientControl.Detach _ -> "is asked to say goodbye";
            case NbdClientControl.Map it -> "is asked what is allocated at " + it.offset() + "+" + it.length();
            case Control.Noted it -> it.text();
            default -> lending(value);
        };
    }

    private static String lending(Signal value) {
        return switch (value) {
            case LendingControl.Offered it ->
                "has export " + it.export().name() + " to lend, which " + holder(it.holder());
            case LendingControl.Wanted it ->
                "is asked for it by NBD connection " + it.user() + ", which may " + may(it.permission());
            case LendingControl.Lent it -> "lends it to NBD connection " + it.user();
            case LendingControl.NotLent it ->
                "does not lend it to NBD connection " + it.user() + ": "
                        + it.obstacle().problem().words();
            case LendingControl.GivenBack it -> "has it back from NBD connection " + it.user();
            case LendingControl.End it -> "tells NBD connection " + it.user() + " to end";
            case LendingControl.Cut it -> "cuts NBD connection " + it.user() + " off";
            case LendingControl.Granting it ->
                "is asked to let epoch " + it.next().epoch() + " hold it";
            case LendingControl.HeldBack it -> "lets epoch " + it.next().epoch() + " wait for the NBD connections";
            case LendingControl.Granted it -> "tells that epoch " + it.holder().epoch() + " holds it";
            case LendingControl.Free _ -> "tells that no NBD connection has it any more";
            case LendingControl.WayLost it ->
                "hears that the way to the disk was lost, " + it.times() + " times by now";
            case LendingControl.Pause _ -> "has the disk paused";
            case LendingControl.Paused _ -> "hears that nothing runs on the disk";
            case LendingControl.Reopened it -> "opens the disk again: " + it.boot() + " begins";
            case LendingControl.Resize it -> "is asked for " + size(it.wanted());
            case LendingControl.ChangeSize it -> "has the disk given " + size(it.wanted());
            case LendingControl.SizeChanged it ->
                "hears that the disk has " + it.size() + " bytes" + (it.wrong().isEmpty() ? "" : ": " + it.wrong());
            case LendingControl.Resized it -> "tells that it has " + it.size() + " bytes";
            case LendingControl.NotResized it -> "does not give it another size: " + it.why();
            case LendingControl.Withdraw it -> "is asked to withdraw it within " + Words.seconds(it.nanos());
            case LendingControl.Withdrawn it -> "has withdrawn it, " + (it.inTime() ? "in time" : "by force");
            case LendingControl.NotWithdrawn _ -> "cannot withdraw it now";
            case LendingControl.Over _ -> "hears that the export is gone";
            default -> value.toString();
        };
    }

    private static String may(Permission permission) {
        return switch (permission) {
            case BOTH -> "read and write";
            case READ -> "read";
            case WRITE -> "write";
            case NONE -> "do nothing";
        };
    }

    private static String size(long wanted) {
        return wanted == 0 ? "the size that it has got" : "a size of " + wanted + " bytes";
    }

    private static String holder(Holder holder) {
        return holder.isSomebody() ? "epoch " + holder.epoch() + " holds" : "nobody holds";
    }

    private static String export(NbdExport export) {
        return "export " + export.name() + ", " + export.device().size() + " bytes";
    }

    private static String exports(List<NbdExport> exports) {
        return exports.isEmpty()
                ? "no export"
                : exports.stream().map(NbdExport::name).collect(Collectors.joining(", "));
    }
}
