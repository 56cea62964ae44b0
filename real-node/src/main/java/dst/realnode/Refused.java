package dst.realnode;

import dst.protocol.Problem;

/** Somebody cannot have what he asked for: why, in the protocol's words and in people's. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final Problem problem;
    private final String text;

    public Refused(Problem problem, String text) {
        super(text, null, false, false);
        this.problem = problem;
        this.text = text;
    }

    public Problem problem() {
        return problem;
    }

    public String text() {
        return text;
    }
}
