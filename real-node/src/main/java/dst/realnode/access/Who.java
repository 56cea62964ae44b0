package dst.realnode.access;

import dst.realnode.net.Connection;
import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom a rule of access means. However the same is written, it is equal. */
sealed interface Who {
    /** {@code *}: everybody, wherever they come from. */
    record Anybody() implements Who {
        @Override
        public boolean includes(Who other) {
            return true;
        }

        @Override
        public int exactness() {
            return 0;
        }

        @Override
        public String toString() {
            return "*";
        }
    }

    /** {@code unix}: whoever comes over a Unix socket. */
    record OverUnix() implements Who {
        @Override
        public boolean includes(Who other) {
            return other instanceof OverUnix;
        }

        @Override
        public int exactness() {
            return Network.V6 + 1;
        }

        @Override
        public String toString() {
            return Connection.UNIX;
        }
    }

    /**
     * All addresses that begin like this one; one address is a network of its own. An IPv4 address is one, also where it is written as
     * IPv6 has it (::ffff:10.0.0.1): that is how sockets for both see it.
     *
     * @param width how many bits an address has
     * @param first the lowest address, as a number
     * @param bits how many bits of it count
     */
    record Network(int width, BigInteger first, int bits) implements Who {
        static final int V4 = 32;
        static final int V6 = 128;

        static Network of(InetAddress address) {
            byte[] bytes = address.getAddress();
            return new Network(8 * bytes.length, new BigInteger(1, bytes), 8 * bytes.length);
        }

        /** The network that it begins; null if it begins none that is so large. */
        @Nullable Network beginning(int size) {
            Network network = new Network(width, first, size);
            return network.lowest().equals(first) ? network : null;
        }

        /** What is behind the bits that count is nought in it. */
        BigInteger lowest() {
            return first.shiftRight(width - bits).shiftLeft(width - bits);
        }

        @Override
        public boolean includes(Who other) {
            return other instanceof Network it
                    && it.width == width
                    && it.bits >= bits
                    && first.xor(it.first).shiftRight(width - bits).signum() == 0;
        }

        @Override
        public int exactness() {
            return bits + 1;
        }

        String address(BigInteger number) {
            byte[] bytes = new byte[width / 8];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = number.shiftRight(width - 8 - 8 * i).byteValue();
            }
            try {
                return NetUtil.toAddressString(InetAddress.getByAddress(bytes));
            } catch (UnknownHostException e) {
                throw new IllegalStateException(bytes.length + " bytes are no address", e);
            }
        }

        @Override
        public String toString() {
            return address(first) + (bits == width ? "" : "/" + bits);
        }
    }

    Who ANYBODY = new Anybody();
    Who OVER_UNIX = new OverUnix();

    /** Whether everybody whom the other one means is meant here. */
    boolean includes(Who other);

    /** Those of the other one who are meant here too; whoever is meant by two is so by all of one of them. */
    default Optional<Who> among(Who other) {
        return includes(other) ? Optional.of(other) : other.includes(this) ? Optional.of(this) : Optional.empty();
    }

    /** Of two that mean somebody, the one with more of it does so more exactly. */
    int exactness();

    /** Who is at the other end of a connection. Of whom nothing is known, only a rule for everybody speaks. */
    static Who of(String principal) {
        if (principal.equals(Connection.UNIX)) {
            return OVER_UNIX;
        }
        InetAddress address = literal(principal);
        return address == null ? ANYBODY : Network.of(address);
    }

    /** A written address; null if it is a name, which nobody looks up, or has a zone, which nobody looks at. */
    static @Nullable InetAddress literal(String text) {
        // Some read 010 as ten, and some as eight.
        boolean v4 = text.matches("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
        boolean v6 = text.contains(":") && text.matches("[0-9a-fA-F:.]+");
        if (!v4 && !v6) {
            return null;
        }
        try {
            return v6 ? Inet6Address.ofLiteral(text) : InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
