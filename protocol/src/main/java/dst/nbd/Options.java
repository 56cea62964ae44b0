package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.StateDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server answers to each option, and what was agreed on by them. An option that is not well formed changes nothing. */
final class Options {
    static final byte[] NOTHING = {};

    /** The number that an extent's context has in a reply; there is only one context. */
    static final int ALLOCATION_ID = 1;

    private final Replies replies;
    private int payloadMax;
    private List<NbdExport> exports = List.of();
    private boolean structured;

    /** For which name base:allocation was agreed on. */
    private @Nullable String mapped;

    Options(Replies replies) {
        this.replies = replies;
    }

    /** Of one READ or WRITE. */
    void payloadMax(int bytes) {
        payloadMax = bytes;
    }

    void exports(List<NbdExport> shown) {
        exports = List.copyOf(shown);
    }

    boolean isStructured() {
        return structured;
    }

    boolean maps(String name) {
        return name.equals(mapped);
    }

    /** The export that the peer means; the first one has the empty name too. */
    @Nullable NbdExport find(String name) {
        if (name.isEmpty()) {
            return exports.isEmpty() ? null : exports.getFirst();
        }
        for (NbdExport export : exports) {
            if (export.name().equals(name)) {
                return export;
            }
        }
        return null;
    }

    /** What the host calls it; only for one that is there. */
    String nameOf(String name) {
        NbdExport export = find(name);
        return export == null ? name : export.name();
    }

    static boolean isKnown(int option) {
        return switch (option) {
            case Nbd.LIST, Nbd.STARTTLS, Nbd.INFO, Nbd.GO, Nbd.STRUCTURED_REPLY -> true;
            case Nbd.LIST_META_CONTEXT, Nbd.SET_META_CONTEXT, Nbd.ABORT, Nbd.EXPORT_NAME -> true;
            default -> false;
        };
    }

    void answer(int option, Fields fields) {
        switch (option) {
            case Nbd.STRUCTURED_REPLY -> {
                if (isEmpty(option, fields)) {
                    structured = true;
                    replies.option(option, Nbd.ACK, 0);
                }
            }
            case Nbd.STARTTLS -> {
                if (isEmpty(option, fields)) {
                    replies.refuseOption(option, Nbd.ERR_POLICY, "there is no TLS here");
                }
            }
            case Nbd.LIST_META_CONTEXT, Nbd.SET_META_CONTEXT -> metaContext(option, fields);
            default -> replies.refuseOption(option, Nbd.ERR_UNSUP, "unknown option " + option);
        }
    }

    private boolean isEmpty(int option, Fields fields) {
        if (fields.left() == 0) {
            return true;
        }
        replies.refuseOption(option, Nbd.ERR_INVALID, "this option has no data");
        return false;
    }

    /** The host knows what it would give; null if the option is not well formed. */
    Handshake.@Nullable Asked list(Fields fields, long now) {
        return isEmpty(Nbd.LIST, fields) ? new Handshake.Asked(Nbd.LIST, "", 0, now) : null;
    }

    /** What is listed may be asked for, also if it has come to be there since the connection has. */
    void listed(List<NbdExport> given) {
        List<NbdExport> known = new ArrayList<>(exports);
        for (NbdExport export : given) {
            if (known.stream().noneMatch(one -> one.name().equals(export.name()))) {
                known.add(export);
            }
        }
        exports(known);
        for (NbdExport export : given) {
            byte[] name = utf8(export.name());
            byte[] description = utf8(export.description());
            replies.option(Nbd.LIST, Nbd.SERVER, 4 + name.length + description.length);
            replies.number(name.length);
            replies.bytes(name);
            replies.bytes(description);
        }
        replies.option(Nbd.LIST, Nbd.ACK, 0);
    }

    /** What is asked for by an INFO or a GO; null if it was refused. */
    Handshake.@Nullable Asked infoOrGo(int option, Fields fields, long now) {
        String name = fields.left() < 6 ? null : name(fields, fields.left() - 6);
        if (name == null) {
            return refused(option, Nbd.ERR_INVALID, "no name of an export");
        }
        int count = fields.small();
        if (fields.left() != 2 * count) {
            return refused(option, Nbd.ERR_INVALID, count + " requests for information in " + fields.left() + " bytes");
        }
        int wanted = 0;
        for (int i = 0; i < count; i++) {
            int kind = fields.small();
            wanted |= kind <= Nbd.INFO_BLOCK_SIZE ? 1 << kind : 0;
        }
        if (find(name) == null) {
            replies.note("there is no export '" + name + "' for this peer");
            return refused(option, Nbd.ERR_UNKNOWN, "there is no such export");
        }
        return new Handshake.Asked(option, name, wanted, now);
    }

    private Handshake.@Nullable Asked refused(int option, int error, String text) {
        replies.refuseOption(option, error, text);
        return null;
    }

    /** A length and a name that long; null if it is longer than it may be. */
    private static @Nullable String name(Fields fields, int most) {
        int length = fields.number();
        return length < 0 || length > most || length > Nbd.STRING_MAX ? null : fields.text(length);
    }

    /** What an INFO or a GO is answered with. */
    void inform(Handshake.Asked asked, NbdExport export, int flags) {
        int option = asked.option();
        replies.option(option, Nbd.INFORMATION, 12);
        replies.number((short) Nbd.INFO_EXPORT);
        replies.number(export.device().size());
        replies.number((short) flags);
        if ((asked.wanted() & 1 << Nbd.INFO_NAME) != 0) {
            text(option, Nbd.INFO_NAME, export.name());
        }
        if ((asked.wanted() & 1 << Nbd.INFO_DESCRIPTION) != 0) {
            text(option, Nbd.INFO_DESCRIPTION, export.description());
        }
        // Who did not ask has to know it all the same if not every offset will do, or not every usual length.
        boolean unusual = export.minimumBlock() > 1 || payloadMax < Nbd.PAYLOAD_MAX;
        if (unusual || (asked.wanted() & 1 << Nbd.INFO_BLOCK_SIZE) != 0) {
            replies.option(option, Nbd.INFORMATION, 14);
            replies.number((short) Nbd.INFO_BLOCK_SIZE);
            replies.number(export.minimumBlock());
            replies.number(export.preferredBlock());
            replies.number(payloadMax);
        }
        replies.option(option, Nbd.ACK, 0);
    }

    private void text(int option, int kind, String text) {
        byte[] bytes = utf8(text);
        replies.option(option, Nbd.INFORMATION, 2 + bytes.length);
        replies.number((short) kind);
        replies.bytes(bytes);
    }

    int flagsOf(NbdExport export) {
        boolean writes = export.device().permission().writes();
        int flags = Nbd.HAS_FLAGS | (writes ? 0 : Nbd.READ_ONLY);
        for (Command command : Command.values()) {
            boolean offered = (writes || !command.writes) && export.hasAll(command.offer.feature());
            flags |= offered ? command.offer.flag() : 0;
        }
        flags |= export.has(NbdExport.FUA) ? Nbd.SEND_FUA : 0;
        flags |= export.has(NbdExport.MULTI) ? Nbd.CAN_MULTI_CONN : 0;
        return flags | (structured ? Nbd.SEND_DF : 0);
    }

    /** A SET replaces what was agreed on before, even if it fails. */
    private void metaContext(int option, Fields fields) {
        boolean set = option == Nbd.SET_META_CONTEXT;
        if (set) {
            mapped = null;
        }
        if (!structured) {
            replies.refuseOption(option, Nbd.ERR_INVALID, "contexts need structured replies");
            return;
        }
        String name = fields.left() < 8 ? null : name(fields, fields.left() - 8);
        List<String> queries = name == null ? null : queries(fields);
        if (name == null || queries == null) {
            replies.refuseOption(option, Nbd.ERR_INVALID, "not well formed");
            return;
        }
        NbdExport export = find(name);
        if (export == null) {
            replies.refuseOption(option, Nbd.ERR_UNKNOWN, "there is no such export");
            return;
        }
        if (export.has(NbdExport.MAP) && isMeant(queries, set)) {
            byte[] context = utf8(Nbd.ALLOCATION);
            replies.option(option, Nbd.META_CONTEXT, 4 + context.length);
            replies.number(set ? ALLOCATION_ID : 0);
            replies.bytes(context);
            mapped = set ? name : mapped;
        }
        replies.option(option, Nbd.ACK, 0);
    }

    /** The queries behind the name; null if they are not what their number says. */
    private static @Nullable List<String> queries(Fields fields) {
        int count = fields.number();
        // Each has four bytes at least: what is only spoken of takes no memory.
        if (count < 0 || count > fields.left() / 4) {
            return null;
        }
        List<String> queries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String query = fields.left() < 4 ? null : name(fields, fields.left() - 4);
            if (query == null) {
                return null;
            }
            queries.add(query);
        }
        return fields.left() == 0 ? queries : null;
    }

    /** A LIST without a query, or for a whole namespace, means everything; a SET means what it names. */
    private static boolean isMeant(List<String> queries, boolean set) {
        return queries.contains(Nbd.ALLOCATION) || (!set && (queries.isEmpty() || queries.contains("base:")));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void digest(StateDigest digest) {
        digest.add(payloadMax).add(structured).add(mapped != null).add(mapped == null ? "" : mapped);
        for (NbdExport export : exports) {
            digest.add(export.toString());
        }
    }
}
