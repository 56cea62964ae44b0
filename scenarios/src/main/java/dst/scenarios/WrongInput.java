package dst.scenarios;

/** Something that a person wrote is wrong: the message says where, what was expected and what was there, one line for each. */
public final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongInput(String message) {
        super(message, null, false, false);
    }
}
