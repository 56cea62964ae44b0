package dst.scenarios.planting;

/** A planted bug does not fit the machines as they are: the message names the bug and the place. */
public final class DoesNotApply extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DoesNotApply(String message) {
        super(message);
    }
}
