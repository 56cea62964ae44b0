package dst.protocol.trace;

/**
 * A machine's place in a world: on which node it is, of which kind, and which one of those.
 *
 * @param kind the name of a kind of machine, by which whoever knows that kind finds what is its own
 * @param instance tells several of a kind on one node apart; 0 where there is one
 */
public record Layer(String node, String kind, long instance) {
    public static final String CLIENT = "client";
    public static final String SERVER = "server";

    /** A client within another machine that its host has as its client. */
    public static final String ATTACHED = "attached-client";

    /** What is no machine: the world itself. */
    public static final String WORLD = "world";

    public static Layer client(String node) {
        return new Layer(node, CLIENT, 0);
    }

    public static Layer server(String node) {
        return new Layer(node, SERVER, 0);
    }

    public static Layer world(String node) {
        return new Layer(node, WORLD, 0);
    }

    /** As a record's own, which is slower: whoever watches asks at every value whose it is. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Layer it
                        && instance == it.instance
                        && node.equals(it.node)
                        && kind.equals(it.kind));
    }

    @Override
    public int hashCode() {
        return (node.hashCode() * 31 + kind.hashCode()) * 31 + Long.hashCode(instance);
    }

    /** Whether it is what a host runs as its process, and not a part of that. */
    public boolean isWhole() {
        return is(CLIENT) || is(SERVER);
    }

    public boolean is(String otherKind) {
        return kind.equals(otherKind);
    }
}
