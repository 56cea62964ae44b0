package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.Closing;
import dst.protocol.Machine;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first part of a connection as a server has it: options, one after the other, until one of them gives an export. */
final class Handshake {
    /** A peer that does not get through its handshake by then is let go. */
    static final long NANOS_MAX = 10_000_000_000L;

    /** More options than anybody needs. */
    static final int OPTIONS_MAX = 128;

    /** More bytes in an option than anybody needs; what is longer is refused unread. */
    static final int OPTION_MAX = 2 * Nbd.STRING_MAX;

    /** What may wait to be sent: a peer that asks and never reads is not told more and more. */
    static final long UNSENT_MAX = 1 << 16;

    /** What is refused unread is skipped, up to this. */
    static final int SKIPPED_MAX = 1 << 20;

    private final Replies replies;
    private final Options options;
    private long deadline = Machine.NEVER;
    private boolean flagged;
    private boolean zeroes = true;
    private int count;

    /** The option that is arriving; its head is here. */
    private boolean begun;

    private int option;
    private byte[] data = Options.NOTHING;
    private int filled;

    /** How much of the option is still to be skipped; it is refused when that is done. */
    private long skipping;

    /** The host was asked, whether an export may be had or which ones, and has not answered yet. */
    private @Nullable Asked asked;

    private @Nullable Closing ending;

    /** By which name the export was asked for last. */
    private String name = "";

    /** Which option asks the host: for an export, by that name, with which kinds of information (bits); or for all that there are. */
    record Asked(int option, String name, int wanted, long since) {}

    Handshake(Replies replies) {
        this.replies = replies;
        this.options = new Options(replies);
    }

    void begin(List<NbdExport> exports, int payloadMax, long now) {
        options.payloadMax(payloadMax);
        options.exports(exports);
        deadline = Machine.after(now, NANOS_MAX);
        replies.greeting();
    }

    /** Whether the host's word is waited for: until then no option is looked at. */
    boolean isAsking() {
        return asked != null;
    }

    /** The time that the host takes is not the peer's. */
    long deadline() {
        return asked == null ? deadline : Machine.NEVER;
    }

    /** Takes one thing of what has arrived; false: more has to arrive, or the host has to say something. */
    boolean next(Inbox inbox, long now) {
        if (asked != null || ending != null) {
            return false;
        }
        if (!flagged) {
            return flags(inbox);
        }
        if (skipping > 0) {
            skipping -= inbox.skip(skipping);
            return skipping == 0 && tooBig();
        }
        return (begun || head(inbox)) && (skipping > 0 || body(inbox, now));
    }

    /** The peer says nothing more, and there is no export yet. */
    void leave() {
        if (ending == null) {
            ending = Closing.of(Closing.Cause.DONE, "the peer left within its handshake");
        }
    }

    /** Why the conversation is over before there is an export; null if it is not. */
    @Nullable Closing ending() {
        return ending;
    }

    /** Nothing more is looked at. */
    private boolean end(Closing closing) {
        ending = closing;
        return false;
    }

    private boolean flags(Inbox inbox) {
        ByteBuf head = inbox.head(4);
        if (head == null) {
            return false;
        }
        int flags = head.getInt(head.readerIndex());
        inbox.skip(4);
        if ((flags & ~(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)) != 0) {
            return end(Closing.peerWrong("client flags", "flags that were not offered: " + flags));
        }
        zeroes = (flags & Nbd.NO_ZEROES) == 0;
        flagged = true;
        return true;
    }

    private boolean head(Inbox inbox) {
        ByteBuf head = inbox.head(Nbd.OPTION_BYTES);
        if (head == null) {
            return false;
        }
        int at = head.readerIndex();
        long magic = head.getLong(at);
        option = head.getInt(at + 8);
        long length = head.getInt(at + 12) & 0xFFFF_FFFFL;
        inbox.skip(Nbd.OPTION_BYTES);
        if (magic != Nbd.OPTION_MAGIC) {
            return end(Closing.peerWrong("option magic", "no option begins where one should"));
        }
        if (++count > OPTIONS_MAX) {
            return end(Closing.peerWrong("option count", "more than " + OPTIONS_MAX + " options"));
        }
        begun = true;
        if (length <= OPTION_MAX) {
            data = new byte[(int) length];
            filled = 0;
            return true;
        }
        // EXPORT_NAME has no reply that could say no.
        if (length > SKIPPED_MAX || option == Nbd.EXPORT_NAME) {
            return end(Closing.peerWrong("option length", "an option of " + length + " bytes"));
        }
        skipping = length;
        return true;
    }

    private boolean tooBig() {
        begun = false;
        replies.refuseOption(
                option,
                Options.isKnown(option) ? Nbd.ERR_TOO_BIG : Nbd.ERR_UNSUP,
                "an option of more than " + OPTION_MAX + " bytes");
        return true;
    }

    private boolean body(Inbox inbox, long now) {
        filled = inbox.copy(data, filled, data.length);
        if (filled < data.length) {
            return false;
        }
        begun = false;
        Fields fields = new Fields(data);
        data = Options.NOTHING;
        filled = 0;
        switch (option) {
            case Nbd.EXPORT_NAME -> exportName(fields, now);
            case Nbd.ABORT -> {
                replies.option(option, Nbd.ACK, 0);
                end(Closing.of(Closing.Cause.DONE, "the peer aborted its handshake"));
            }
            case Nbd.LIST -> asked = options.list(fields, now);
            case Nbd.INFO, Nbd.GO -> asked = options.infoOrGo(option, fields, now);
            default -> options.answer(option, fields);
        }
        if (asked != null && asked.option() == Nbd.LIST) {
            replies.listExports();
        } else if (asked != null) {
            replies.openExport(options.nameOf(asked.name()));
        }
        return ending == null;
    }

    private void exportName(Fields fields, long now) {
        if (fields.left() > Nbd.STRING_MAX) {
            end(Closing.peerWrong("string length", "a name of " + fields.left() + " bytes"));
            return;
        }
        String name = fields.text(fields.left());
        if (options.find(name) == null) {
            end(Closing.of(Closing.Cause.REFUSED, "there is no export " + name));
            return;
        }
        asked = new Asked(Nbd.EXPORT_NAME, name, 0, now);
    }

    /** The host gives the export; returns it if the handshake is over with that, and null after an INFO. */
    @Nullable NbdExport opened(NbdExport export, long now) {
        Asked answered = named(now);
        int flags = options.flagsOf(export);
        switch (answered.option()) {
            case Nbd.EXPORT_NAME -> {
                replies.number(export.device().size());
                replies.number((short) flags);
                if (zeroes) {
                    replies.zeroes(Nbd.ZEROES);
                }
            }
            default -> options.inform(answered, export, flags);
        }
        return answered.option() == Nbd.INFO ? null : export;
    }

    void openRefused(Problem problem, String text, long now) {
        Asked answered = named(now);
        if (answered.option() == Nbd.EXPORT_NAME) {
            end(Closing.of(Closing.Cause.REFUSED, problem.words() + ": " + text));
            return;
        }
        replies.refuseOption(answered.option(), Errors.ofRefusedExport(problem), problem.words() + ": " + text);
        name = "";
    }

    /** The host says which exports it would give. */
    void listed(List<NbdExport> exports, long now) {
        if (answered(now).option() != Nbd.LIST) {
            throw new IllegalStateException("the host lists what was asked for by name");
        }
        options.listed(exports);
    }

    private Asked named(long now) {
        Asked answered = answered(now);
        if (answered.option() == Nbd.LIST) {
            throw new IllegalStateException("the host gives an export where all were asked for");
        }
        name = answered.name();
        return answered;
    }

    private Asked answered(long now) {
        Asked answered = asked;
        if (answered == null) {
            throw new IllegalStateException("the host answers what was not asked");
        }
        asked = null;
        deadline = Machine.after(deadline, now - answered.since());
        return answered;
    }

    boolean isStructured() {
        return options.isStructured();
    }

    /** Whether the peer may ask where something is allocated: that was agreed on for one name. */
    boolean maps() {
        return options.maps(name);
    }

    void digest(StateDigest digest) {
        digest.add(deadline)
                .add(flagged)
                .add(zeroes)
                .add(count)
                .add(begun)
                .add(begun ? option : 0)
                .add(filled)
                .add(data.length)
                .add(skipping)
                .add(name)
                .add(String.valueOf(asked))
                .add(String.valueOf(ending));
        for (int at = 0; at < filled; at++) {
            digest.add(data[at]);
        }
        options.digest(digest);
    }
}
