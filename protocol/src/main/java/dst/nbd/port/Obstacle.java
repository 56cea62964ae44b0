package dst.nbd.port;

import dst.protocol.Problem;

/** Why an NBD connection is not given an export at this moment. */
public enum Obstacle {
    /** No rule lets its principal use it (R6). */
    NOT_PERMITTED(Problem.ADMITS_NOBODY),
    /** It is being resized or removed. */
    KEPT_AWAY(Problem.OCCUPIED),
    /** A client of the protocol holds it, also while that one is away (G3). */
    HELD(Problem.OCCUPIED);

    private final Problem problem;

    Obstacle(Problem problem) {
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
