package dst.realnode.net;

import dst.realnode.WrongInput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** Where to listen or whom to reach: {@code 127.0.0.1:4800}, {@code [::1]:4800}, {@code unix:/run/dst.sock}. */
public sealed interface Address {
    /** Unresolved names are resolved at each use: an address may change while a client waits. */
    record Tcp(String host, int port) implements Address {
        public InetSocketAddress resolve() throws UnknownHostException {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        }

        /** Whether only this machine is reached. */
        @Override
        public boolean isLocal() {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException _) {
                return false;
            }
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    record Unix(Path path) implements Address {
        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    boolean isLocal();

    static Address parse(String text, int defaultPort) {
        if (text.startsWith("unix:")) {
            String path = text.substring(5);
            if (path.isEmpty()) {
                throw new WrongInput("'" + text + "' names no socket: write for example unix:/run/dst.sock");
            }
            if (path.length() > 107) {
                throw new WrongInput("the path of a Unix socket has at most 107 characters, and this one has "
                        + path.length() + ": " + path);
            }
            return new Unix(Path.of(path));
        }
        return tcp(text, defaultPort);
    }

    /** Of somebody who listens: at no port 0, which a listener gives to have one chosen. */
    static Address parseTarget(String text, int defaultPort) {
        Address address = parse(text, defaultPort);
        if (address instanceof Tcp tcp && tcp.port() == 0) {
            throw wrong(text, "nobody listens at port 0");
        }
        return address;
    }

    private static Address tcp(String text, int defaultPort) {
        String host = text;
        String port = "";
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                throw wrong(text, "the bracket is not closed");
            }
            host = text.substring(1, end);
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw wrong(text, "after the bracket comes a colon and the port");
            }
            port = rest.isEmpty() ? "" : rest.substring(1);
        } else if (text.indexOf(':') == text.lastIndexOf(':') && text.contains(":")) {
            host = text.substring(0, text.indexOf(':'));
            port = text.substring(text.indexOf(':') + 1);
        }
        if (host.isEmpty()) {
            throw wrong(text, "the host is missing");
        }
        return new Tcp(host, port.isEmpty() && !text.endsWith(":") ? defaultPort : port(text, port));
    }

    private static int port(String text, String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw wrong(text, "a port is a number from 0 to 65535, not '" + port + "'");
    }

    private static WrongInput wrong(String text, String why) {
        return new WrongInput("'" + text + "' is no address: " + why
                + ". Write for example 127.0.0.1:4800, [::1]:4800 or unix:/run/dst.sock");
    }
}
