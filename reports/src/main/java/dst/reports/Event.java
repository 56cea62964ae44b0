package dst.reports;

import dst.nbd.rules.NbdSayings;
import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DurablePort;
import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.LinkPort;
import dst.protocol.Outcome;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.ServerControl;
import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;
import dst.protocol.wire.Message;
import dst.reports.Moment.Sort;
import java.util.List;
import java.util.Optional;

/** What happened, as data: whoever wants to know asks for it here, and {@link Phrases} makes words of it for people. */
public sealed interface Event {
    Sort sort();

    /** The number of the transaction that it is about; 0: of none, or it has none yet. */
    default long transaction() {
        return 0;
    }

    /** What is to be done with a place, or was; empty where nothing is done with any. */
    default Optional<Kind> kind() {
        return Optional.empty();
    }

    /** An operation comes from its submitter. */
    record Submitted(Kind its, boolean durable) implements Event {
        @Override
        public Sort sort() {
            return Sort.SUBMITTED;
        }

        @Override
        public Optional<Kind> kind() {
            return Optional.of(its);
        }
    }

    /** What the client is asked for in the place of an operation that changes a part of a block. */
    record InWholeBlocks(Kind its, boolean durable) implements Event {
        @Override
        public Sort sort() {
            return Sort.OTHER;
        }

        @Override
        public Optional<Kind> kind() {
            return Optional.of(its);
        }
    }

    /** Its submitter is told how an operation ended; the text is what was told beside the problem. */
    record Settled(How how, Problem problem, String text, Content content) implements Event {
        static Settled of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Done it -> new Settled(How.DONE, Problem.NONE, "", Content.of(it.data()));
                case Outcome.Refused it -> new Settled(How.REFUSED, it.problem(), it.text(), Content.HIDDEN);
                case Outcome.Unknown it -> new Settled(How.UNKNOWN, it.problem(), it.text(), Content.HIDDEN);
            };
        }

        @Override
        public Sort sort() {
            return Sort.OUTCOME;
        }
    }

    enum How {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /** A message goes out; the slot is -1 where its sender has but one way. */
    record Sent(Said said, int slot) implements Event {
        @Override
        public Sort sort() {
            return said.isQuiet() ? Sort.QUIET : Sort.MESSAGE;
        }

        @Override
        public long transaction() {
            return said.transaction();
        }

        @Override
        public Optional<Kind> kind() {
            return said.kind();
        }
    }

    /** The same comes in. */
    record Arrived(Said said, int slot) implements Event {
        @Override
        public Sort sort() {
            return said.isQuiet() ? Sort.QUIET : Sort.ARRIVAL;
        }

        @Override
        public long transaction() {
            return said.transaction();
        }

        @Override
        public Optional<Kind> kind() {
            return said.kind();
        }
    }

    /** A message without its data. */
    sealed interface Said {
        /** Whether it says nothing of what is done: of such there are many. */
        default boolean isQuiet() {
            return false;
        }

        default long transaction() {
            return 0;
        }

        default Optional<Kind> kind() {
            return Optional.empty();
        }

        /** The same, sent and arrived. */
        default Said alike() {
            return this;
        }
    }

    /** The settled are those that it calls so (T3) and none before it did at that boundary. */
    record Request(long transaction, Kind its, Copy copy, boolean durable, List<Long> settled) implements Said {
        @Override
        public Optional<Kind> kind() {
            return Optional.of(its);
        }

        /** What was lost on the way is news to whoever hears it later. */
        @Override
        public Said alike() {
            return new Request(transaction, its, copy, durable, List.of());
        }
    }

    enum Copy {
        FIRST,
        RESEND,
        REPLAY
    }

    /** The kind is known if the request was seen. */
    record Answer(long transaction, Optional<Kind> kind, Problem problem, long execution, long commit, Content content)
            implements Said {}

    /** Neither a request nor an answer. */
    record Other(Message message) implements Said {
        @Override
        public boolean isQuiet() {
            return message instanceof Message.Preamble
                    || message instanceof Message.Ping
                    || message instanceof Message.Pong;
        }
    }

    /** Bytes that are no message. */
    record Garbled(String why) implements Said {}

    /** Something that a server has a disk do; the kind is empty where the cache is to be forgotten. */
    record DiskStep(long ticket, Optional<Kind> kind, boolean durable, long transaction) {}

    record DiskStarted(DiskStep step, Content content) implements Event {
        @Override
        public Sort sort() {
            return Sort.DISK;
        }

        @Override
        public long transaction() {
            return step.transaction();
        }

        @Override
        public Optional<Kind> kind() {
            return step.kind();
        }
    }

    record DiskEnded(DiskStep step, Problem problem, long bytes, Content content) implements Event {
        @Override
        public Sort sort() {
            return Sort.DISK;
        }

        @Override
        public long transaction() {
            return step.transaction();
        }

        @Override
        public Optional<Kind> kind() {
            return step.kind();
        }

        /** Whether it did all that it was to do. */
        boolean isWhole(Range range) {
            return problem == Problem.NONE && bytes >= range.length();
        }
    }

    /** At the very end, what the media hold. */
    record MediaHold(Content content) implements Event {
        @Override
        public Sort sort() {
            return Sort.DISK;
        }
    }

    /** A fault of the plan, by its kind, and what it hit; it lasts until then. */
    record Struck(String fault, String what, Range hit, long until) implements Event {
        @Override
        public Sort sort() {
            return Sort.FAULT;
        }
    }

    /** By the world itself. */
    record Found(Finding finding) implements Event {
        @Override
        public Sort sort() {
            return Sort.FOUND;
        }
    }

    /** A client opens a link; the slot is -1 where it has but one way. */
    record Connects(long link, int slot) implements Event {
        @Override
        public Sort sort() {
            return Sort.LINK;
        }
    }

    /** Bytes go out, or come in, and complete no message of the protocol; in another one they may say something. */
    record Bytes(long link, int count, boolean sent, String says) implements Event {
        @Override
        public Sort sort() {
            return says.isEmpty() ? Sort.QUIET : sent ? Sort.MESSAGE : Sort.ARRIVAL;
        }
    }

    /** An operation passes the joint between an attached device and its client. */
    record Inside(Joint joint, Optional<Kind> kind, boolean durable) implements Event {
        @Override
        public Sort sort() {
            return Sort.QUIET;
        }
    }

    /** A part of what a host runs is given something, or gives it: which part, and of what type. */
    record Aside(String part, long instance, String type, long bytes) implements Event {
        @Override
        public Sort sort() {
            return Sort.QUIET;
        }
    }

    /** A machine within what a host runs, by its kind and which one of those; each has a part of the story that is its own. */
    sealed interface OfPart extends Event {
        String part();

        long instance();

        @Override
        default Sort sort() {
            return Sort.OTHER;
        }
    }

    /** Beside its ports it is told that, or tells it; the value holds no buffer. */
    record PartTold(String part, long instance, Signal value) implements OfPart {}

    /** On its link it says that, or hears it. */
    record PartSaid(String part, long instance, boolean sent, NbdSayings.Said said) implements OfPart {
        @Override
        public Optional<Kind> kind() {
            return said instanceof NbdSayings.Request request ? request.kind() : Optional.empty();
        }
    }

    /** It is asked to do something, or asks that of what it stands on. */
    record PartAsked(String part, long instance, boolean below, Kind its, boolean durable) implements OfPart {
        @Override
        public Optional<Kind> kind() {
            return Optional.of(its);
        }
    }

    /** It tells how that ended, or is told so by what it stands on. */
    record PartSettled(String part, long instance, boolean below, Settled settled) implements OfPart {}

    /** Of its link, its disk or what is durable beside that. */
    record PartCrossed(String part, long instance, Signal value) implements OfPart {}

    enum Joint {
        ENTERS,
        IS_ASKED,
        IS_ANSWERED,
        LEAVES
    }

    /** Any other boundary value, as it is: it holds no buffer. */
    record Crossed(Object value) implements Event {
        @Override
        public Sort sort() {
            return switch (value) {
                case Signal signal -> of(signal);
                case WorldEvent event -> of(event);
                default -> Sort.QUIET;
            };
        }

        private static Sort of(Signal signal) {
            return switch (signal) {
                case LinkPort.Opened _, LinkPort.Accepted _, LinkPort.Closed _, LinkPort.Close _ -> Sort.LINK;
                case BlockPort.Changed _,
                        BlockPort.Failed _,
                        ClientControl.Detach _,
                        ClientControl.Detached _,
                        ServerControl.Leave _,
                        ServerControl.Left _,
                        ServerControl.RemoveExport _,
                        ServerControl.Removed _ -> Sort.PROCESS;
                case DiskPort.Opened _, DurablePort.DrawBoot _, DurablePort.BootDrawn _ -> Sort.BOOT;
                case BlockPort.Copied _, DurablePort.Keep _, DurablePort.Kept _ -> Sort.OTHER;
                case BlockPort.Request _,
                        BlockPort.Event _,
                        BlockPort.Ask _,
                        BlockPort.Heard _,
                        LinkPort.Request _,
                        LinkPort.Event _,
                        DiskPort.Request _,
                        DiskPort.Event _,
                        Control.Started _,
                        ServerControl.Ready _,
                        Control.TimerFired _ -> Sort.QUIET;
                case Control.Told _, Control.Tells _ -> Sort.OTHER;
            };
        }

        private static Sort of(WorldEvent event) {
            return switch (event) {
                case WorldEvent.ProcessStarted _,
                        WorldEvent.ProcessCrashed _,
                        WorldEvent.ProcessEnded _,
                        WorldEvent.PowerCut _ -> Sort.PROCESS;
                case WorldEvent.Healed _, WorldEvent.UsedByOthers _ -> Sort.OTHER;
                case WorldEvent.Struck _, WorldEvent.ClockSet _, WorldEvent.MediaHolds _ -> Sort.QUIET;
            };
        }
    }
}
