package dst.realnode.access;

import dst.protocol.Permission;
import dst.realnode.WrongInput;
import dst.realnode.access.Who.Network;
import dst.realnode.net.Connection;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Locale;

/**
 * One rule, as a user writes it: {@code [EXPORT@]WHO=PERMISSION}.
 *
 * @param export of which export it speaks; empty: of all
 */
public record AccessRule(String export, Who who, Permission permission) {
    private static final String EXAMPLES =
            ". Write for example 127.0.0.1=rw, 10.0.0.0/8=r, unix=rw, *=none, or for one export disk@::1=rw";

    /** The bits that say of an IPv6 address that it is an IPv4 one. */
    private static final int MAPPED_BITS = Network.V6 - Network.V4;

    public static AccessRule parse(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 0) {
            throw new WrongInput("'" + text + "' gives no permission" + EXAMPLES);
        }
        String left = text.substring(0, equals);
        int at = left.indexOf('@');
        String export = at < 0 ? "" : left.substring(0, at).strip();
        if (at >= 0 && export.isEmpty()) {
            throw new WrongInput(
                    "'" + text + "' has no export before its @: a rule for all of them has no @" + EXAMPLES);
        }
        Permission permission = permission(text, text.substring(equals + 1).strip());
        return new AccessRule(export, who(text, left.substring(at + 1).strip()), permission);
    }

    private static Permission permission(String text, String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none", "-" -> Permission.NONE;
            case "r", "ro", "read" -> Permission.READ;
            case "w", "write" -> Permission.WRITE;
            case "rw", "both" -> Permission.BOTH;
            default -> throw new WrongInput("'" + text + "': a permission is r, w, rw or none, not '" + word + "'");
        };
    }

    private static Who who(String text, String word) {
        if (word.equals("*")) {
            return Who.ANYBODY;
        }
        if (word.equals(Connection.UNIX)) {
            return Who.OVER_UNIX;
        }
        int slash = word.indexOf('/');
        String written = slash < 0 ? word : word.substring(0, slash);
        InetAddress literal = Who.literal(written);
        if (literal == null) {
            throw new WrongInput("'" + text + "': '" + written
                    + "' is no address. Names are not looked up, since whoever answers for a name could let himself in"
                    + EXAMPLES);
        }
        Network address = Network.of(literal);
        return slash < 0 ? address : network(text, address, written.contains(":"), word.substring(slash + 1));
    }

    private static Who network(String text, Network address, boolean writtenAsV6, String number) {
        int shift = writtenAsV6 ? Network.V6 - address.width() : 0;
        int bits = bits(text, number, shift, address.width() + shift) - shift;
        Network network = address.beginning(bits);
        if (network == null) {
            Network meant = new Network(address.width(), address.first(), bits);
            throw new WrongInput("'" + text + "': " + address + " is within its network, not its beginning. Write "
                    + new Network(address.width(), meant.lowest(), bits) + " for all of it, or " + address
                    + " for that one");
        }
        return network;
    }

    private static int bits(String text, String number, int least, int most) {
        // Neither a sign nor 010.
        if (number.matches("0|[1-9]\\d{0,2}")) {
            int bits = Integer.parseInt(number);
            if (bits >= least && bits <= most) {
                return bits;
            }
        }
        String why = least == MAPPED_BITS ? ", since it is one of IPv4 addresses," : "";
        throw new WrongInput(
                "'" + text + "': a network" + why + " ends in /" + least + " to /" + most + ", not '/" + number + "'");
    }

    /** What speaks of an export that is not there would count for whatever gets its name one day. */
    void checkExport(Collection<String> names) {
        if (!export.isEmpty() && !names.contains(export)) {
            throw new WrongInput("'" + this + "': there is no export '" + export + "': there "
                    + (names.size() == 1 ? "is " : "are ") + String.join(", ", names));
        }
    }

    boolean isOf(String name) {
        return export.isEmpty() || export.equals(name);
    }

    boolean isForTheSame(AccessRule other) {
        return export.equals(other.export) && who.equals(other.who);
    }

    /** How exactly it names whom it means comes first; then that it speaks of one export. */
    int exactness() {
        return 2 * who.exactness() + (export.isEmpty() ? 0 : 1);
    }

    static String word(Permission permission) {
        return switch (permission) {
            case NONE -> "none";
            case READ -> "r";
            case WRITE -> "w";
            case BOTH -> "rw";
        };
    }

    @Override
    public String toString() {
        return (export.isEmpty() ? "" : export + "@") + who + "=" + word(permission);
    }
}
