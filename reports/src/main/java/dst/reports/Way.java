package dst.reports;

import java.util.List;
import java.util.stream.Stream;

/** Where something happened: at a node, at the disk or in the world, or on the way from one to another. */
public record Way(String from, String to) {
    static final String DISK = "disk";
    static final Way WORLD = at("world");
    static final Way MEDIA = at(DISK);

    private static final String NOWHERE = "";

    static Way at(String node) {
        return new Way(node, NOWHERE);
    }

    boolean isBetween() {
        return !to.equals(NOWHERE);
    }

    /** Who is concerned, and may be drawn: all but the world, in which everybody is. */
    List<String> ends() {
        return Stream.of(from, to)
                .filter(end -> !end.equals(NOWHERE) && !end.equals(WORLD.from))
                .toList();
    }

    /** As people read it. */
    public String words() {
        return isBetween() ? from + " -> " + to : from;
    }
}
