package dst.realnode;

/** Something that the user wrote or asked for cannot be: says what, where, and what to do. */
public final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String words;

    public WrongInput(String words) {
        super(words);
        this.words = words;
    }

    public String words() {
        return words;
    }
}
