package dst.realnode.disk;

import dst.protocol.setting.Quantity;
import dst.realnode.WrongInput;
import dst.realnode.net.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** What the words of a source ask for. */
sealed interface Source {
    int NBD_PORT = 10_809;

    /** So much memory. */
    record Memory(long size) implements Source {}

    /** A file or a block device that is there. */
    record Existing(Path path) implements Source {}

    /** A file, made with this size if there is none. */
    record Sparse(Path path, long size) implements Source {}

    /** What is there, behind a cache that forgets. */
    record Volatile(Path path) implements Source {}

    /** An export of an NBD server. */
    record Nbd(Address address, String export) implements Source {}

    /** @throws IllegalArgumentException with words for a person */
    static Source parse(String text) {
        if (text.startsWith("nbd:") || text.startsWith("nbd+") || text.startsWith("nbds")) {
            return nbd(text);
        }
        if (text.startsWith("memory:")) {
            return new Memory(size(text.substring(7), text));
        }
        if (text.startsWith("volatile:")) {
            return new Volatile(path(text.substring(9), text));
        }
        if (text.startsWith("sparse:")) {
            int colon = text.lastIndexOf(':');
            if (colon < 7) {
                throw new IllegalArgumentException(
                        text + ": write sparse:PATH:SIZE, for example sparse:data.img:10GiB");
            }
            return new Sparse(path(text.substring(7, colon), text), size(text.substring(colon + 1), text));
        }
        return new Existing(path(text, text));
    }

    private static Source nbd(String text) {
        try {
            URI uri = new URI(text);
            String path = uri.getPath() == null ? "" : uri.getPath();
            String export = path.startsWith("/") ? path.substring(1) : path;
            String query = uri.getQuery() == null ? "" : uri.getQuery();
            if (uri.getScheme().equals("nbd") && uri.getRawAuthority() != null && query.isEmpty()) {
                return new Nbd(Address.parse(uri.getRawAuthority(), NBD_PORT), export);
            }
            if (uri.getScheme().equals("nbd+unix") && uri.getRawAuthority() == null && query.startsWith("socket=")) {
                return new Nbd(Address.parse("unix:" + query.substring("socket=".length()), 0), export);
            }
        } catch (URISyntaxException | WrongInput _) {
            // Said below.
        }
        throw new IllegalArgumentException(
                text + ": a remote disk is nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=PATH; there is no TLS");
    }

    private static Path path(String path, String text) {
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + text + "' names no file");
        }
        return Path.of(path);
    }

    static long size(String size, String text) {
        return Quantity.bytes(size)
                .orElseThrow(() -> new IllegalArgumentException(text + ": " + Quantity.noSize("'" + size + "'")));
    }
}
