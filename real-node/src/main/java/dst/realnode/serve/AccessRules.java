package dst.realnode.serve;

import dst.protocol.Access;
import dst.protocol.Permission;
import dst.realnode.WrongInput;
import dst.realnode.net.Connection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** R6: who may do what with which export. Whoever no rule names may do nothing; of several rules the most exact one counts. */
public final class AccessRules {
    private static final String EXAMPLES =
            ". Write for example 127.0.0.1=rw, 10.0.0.0/8=r, unix=rw, *=none, or for one export disk@::1=rw";

    private final List<Rule> rules = new ArrayList<>();

    /**
     * One rule.
     *
     * @param export of which export it speaks; empty: of all
     * @param bits how many bits of the address count; -1 for {@code *} and -2 for {@code unix}
     */
    private record Rule(String export, String who, byte[] address, int bits, Permission permission) {
        boolean isOf(String name) {
            return export.isEmpty() || export.equals(name);
        }

        boolean fits(String principal, byte @Nullable [] candidate) {
            return switch (bits) {
                case ANYBODY -> true;
                case OVER_UNIX -> principal.equals(Connection.UNIX);
                default -> candidate != null && candidate.length == address.length && sharesBits(candidate);
            };
        }

        private boolean sharesBits(byte[] candidate) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((address[bit >> 3] ^ candidate[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }

        /** At the same exactness the rule for one export is more exact than that for all. */
        int exactness() {
            return (bits == OVER_UNIX ? 128 : bits + 1) * 2 + (export.isEmpty() ? 0 : 1);
        }
    }

    private static final int ANYBODY = -1;
    private static final int OVER_UNIX = -2;

    /** Adds {@code [EXPORT@]WHO=PERMISSION}, or replaces the rule for the same. */
    public synchronized void add(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 0) {
            throw new WrongInput("'" + text + "' gives no permission" + EXAMPLES);
        }
        String left = text.substring(0, equals).strip();
        int at = left.indexOf('@');
        String export = at < 0 ? "" : left.substring(0, at);
        String who = left.substring(at + 1);
        Rule rule =
                rule(text, export, who, parsed(text, text.substring(equals + 1).strip()));
        rules.removeIf(old -> old.export.equals(rule.export) && old.who.equals(rule.who));
        rules.add(rule);
    }

    private static Permission parsed(String text, String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none", "-" -> Permission.NONE;
            case "r", "ro", "read" -> Permission.READ;
            case "w", "write" -> Permission.WRITE;
            case "rw", "both" -> Permission.BOTH;
            default -> throw new WrongInput("'" + text + "': a permission is r, w, rw or none, not '" + word + "'");
        };
    }

    private static Rule rule(String text, String export, String who, Permission permission) {
        if (who.equals("*")) {
            return new Rule(export, who, new byte[0], ANYBODY, permission);
        }
        if (who.equals(Connection.UNIX)) {
            return new Rule(export, who, new byte[0], OVER_UNIX, permission);
        }
        int slash = who.indexOf('/');
        byte[] address = literal(slash < 0 ? who : who.substring(0, slash));
        if (address == null) {
            throw new WrongInput("'" + text + "': '" + who
                    + "' is no address. Names are not looked up, since whoever answers for a name could let himself in"
                    + EXAMPLES);
        }
        int bits = address.length * 8;
        if (slash >= 0) {
            bits = bits(text, who.substring(slash + 1), bits);
        }
        return new Rule(export, who, address, bits, permission);
    }

    private static int bits(String text, String number, int most) {
        try {
            int bits = Integer.parseInt(number);
            if (bits >= 0 && bits <= most) {
                return bits;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new WrongInput("'" + text + "': a network ends in /0 to /" + most + ", not '/" + number + "'");
    }

    /** The bytes of a written address; null if it is a name. */
    private static byte @Nullable [] literal(String text) {
        boolean v6 = text.contains(":");
        boolean v4 = !v6 && text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!v4 && !v6) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException _) {
            return null;
        }
    }

    public synchronized Permission permission(String export, String principal) {
        byte[] address = literal(principal);
        Rule best = null;
        for (Rule rule : rules) {
            if (rule.isOf(export)
                    && rule.fits(principal, address)
                    && (best == null || rule.exactness() > best.exactness())) {
                best = rule;
            }
        }
        return best == null ? Permission.NONE : best.permission;
    }

    /** What the machine has to know: each principal that is there by name, and that there are others who might come. */
    synchronized Access accessOf(String export, Collection<String> present) {
        Access access = Access.NOBODY;
        for (Rule rule : rules) {
            if (rule.isOf(export)) {
                access = access.with("rule " + rule.who, rule.permission);
            }
        }
        for (String principal : present) {
            access = access.with(principal, permission(export, principal));
        }
        return access;
    }

    /** The exports that some rule names. */
    synchronized List<String> exports() {
        return rules.stream()
                .map(Rule::export)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** As they were written. */
    public synchronized List<String> shown(String export) {
        List<String> shown = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.isOf(export)) {
                shown.add(rule.who + "=" + word(rule.permission));
            }
        }
        Collections.sort(shown);
        return shown;
    }

    static String word(Permission permission) {
        return switch (permission) {
            case NONE -> "none";
            case READ -> "r";
            case WRITE -> "w";
            case BOTH -> "rw";
        };
    }
}
