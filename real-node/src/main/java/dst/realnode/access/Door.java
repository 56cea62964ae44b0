package dst.realnode.access;

import dst.realnode.access.Who.Network;
import dst.realnode.net.Address;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A place where a node listens, and the option that names it. Whoever comes there comes from where that place is reached from, and
 * rules for others let nobody in there.
 */
public record Door(String option, Address address) {
    private static final Network ALL_V4 = new Network(Network.V4, BigInteger.ZERO, 0);
    private static final Network ALL_V6 = new Network(Network.V6, BigInteger.ZERO, 0);
    private static final Network LOOPBACK_V4 = new Network(Network.V4, BigInteger.valueOf(127L << 24), 8);
    private static final Network LOOPBACK_V6 = new Network(Network.V6, BigInteger.ONE, Network.V6);

    /** All who can come there. */
    List<Who> reach() {
        return switch (address) {
            case Address.Unix _ -> List.of(Who.OVER_UNIX);
            case Address.Tcp tcp -> reach(tcp);
        };
    }

    private static List<Who> reach(Address.Tcp tcp) {
        InetAddress local;
        try {
            local = tcp.resolve().getAddress();
        } catch (UnknownHostException _) {
            return List.of(ALL_V4, ALL_V6); // That nobody can listen there is told by whoever tries.
        }
        if (local.isAnyLocalAddress()) {
            return List.of(ALL_V4, ALL_V6);
        }
        if (local instanceof Inet4Address) {
            return List.of(local.isLoopbackAddress() ? LOOPBACK_V4 : ALL_V4);
        }
        return List.of(local.isLoopbackAddress() ? LOOPBACK_V6 : ALL_V6);
    }

    /** Who that is, in words. */
    String whoComes() {
        List<Who> reach = reach();
        if (reach.equals(List.of(Who.OVER_UNIX))) {
            return "over a Unix socket, which rules call " + Who.OVER_UNIX;
        }
        if (reach.size() > 1) {
            return "from an address";
        }
        return reach.equals(List.of(LOOPBACK_V6)) ? "from " + LOOPBACK_V6 : "from an address of " + reach.getFirst();
    }

    /** A rule that lets somebody in there. */
    public String example() {
        return switch (reach().getFirst()) {
            case Who.OverUnix unix -> unix + "=rw";
            case Network network when network.equals(ALL_V6) || network.equals(LOOPBACK_V6) -> "::1=rw";
            case Network _, Who.Anybody _ -> "127.0.0.1=rw";
        };
    }

    @Override
    public String toString() {
        return option + " " + address;
    }
}
