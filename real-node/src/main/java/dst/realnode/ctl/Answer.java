package dst.realnode.ctl;

import java.util.List;

/** What a node says to its operator, and whether what was asked for came about as it should. */
public record Answer(boolean inOrder, List<String> lines) {
    public Answer {
        lines = List.copyOf(lines);
    }

    public static Answer inOrder(String... lines) {
        return new Answer(true, List.of(lines));
    }

    public static Answer notInOrder(String... lines) {
        return new Answer(false, List.of(lines));
    }

    int exitCode() {
        return inOrder ? 0 : 4;
    }
}
