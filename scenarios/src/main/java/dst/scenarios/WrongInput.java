package dst.scenarios;

/** Something that a person wrote is wrong: the message says where, what was expected and what was there, one line for each. */
public final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String words;

    public WrongInput(String words) {
        super(words, null, false, false);
        this.words = words;
    }

    String words() {
        return words;
    }
}
