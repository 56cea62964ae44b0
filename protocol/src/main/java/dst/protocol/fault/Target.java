package dst.protocol.fault;

import java.util.List;

/** What of a world a fault hits: all that its kind can hit, or one thing by its name. */
public sealed interface Target {
    Target ALL = new All();

    record All() implements Target {
        @Override
        public String name() {
            return "";
        }
    }

    record Node(String name) implements Target {}

    record Disk(String name) implements Target {}

    record Path(String name) implements Target {}

    Target CLIENT = new Node("client");
    Target SERVER = new Node("server");

    /** What a kind of fault can be aimed at. */
    enum Aim {
        /** Connections: all of them, those of a node, or those over a path. */
        LINKS(List.of("node", "path"), List.of()),
        /** A node, which has to be said or is drawn. */
        NODE(List.of("node"), List.of("client", "server")),
        CLIENT(List.of("client"), List.of("client")),
        SERVER(List.of("node"), List.of("server")),
        /** The servers: all of them, or one. */
        SERVERS(List.of("node"), List.of()),
        /** The disks, and what is exported of them or kept beside them: all, or one. */
        DISKS(List.of("disk"), List.of());

        private final List<String> keys;
        private final List<String> usual;

        Aim(List<String> keys, List<String> usual) {
            this.keys = keys;
            this.usual = usual;
        }

        /** By which it is said; one of them at most. */
        public List<String> keys() {
            return keys;
        }

        /** The names of what is hit if nobody says; empty: all that there is. */
        public List<String> usual() {
            return usual;
        }

        /** What has that name, if it is said by this key. */
        public Target target(String key, String name) {
            return switch (key) {
                case "disk" -> new Disk(name);
                case "path" -> new Path(name);
                default -> new Node(name);
            };
        }

        /** By which that target is said; empty if it need not be. */
        public String key(Target target) {
            return switch (target) {
                case All _ -> "";
                case Node _ -> keys.getFirst();
                case Disk _ -> "disk";
                case Path _ -> "path";
            };
        }

        /** For people: what may be said and what is hit otherwise; mark is what stands before words. */
        public String words(String mark) {
            String said = switch (this) {
                case LINKS -> "`:node` or `:path` a name";
                case NODE, SERVER, SERVERS -> "`:node` a name";
                case CLIENT -> "`:client` a name";
                case DISKS -> "`:disk` a name";
            };
            return said + ", usually "
                    + (usual.isEmpty()
                            ? "all"
                            : (usual.size() == 1 ? "" : "one of ") + mark + String.join(" " + mark, usual));
        }
    }

    /** Empty if it has none. */
    String name();
}
