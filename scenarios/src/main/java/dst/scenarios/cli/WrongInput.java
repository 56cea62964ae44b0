package dst.scenarios.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Something that a person wrote is wrong: the message says where, what was expected and what was there, one line for each. */
public final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String words;

    public WrongInput(String words) {
        super(words, null, false, false);
        this.words = words;
    }

    /** What the system says is the reason, in its words and without the path that stands in {@code words} already. */
    public static WrongInput of(String words, IOException reason) {
        String why = reason instanceof FileSystemException of && of.getReason() != null
                ? of.getReason()
                : switch (reason) {
                    case AccessDeniedException _ -> "permission denied";
                    case NoSuchFileException _ -> "no such file or directory";
                    case FileAlreadyExistsException _ -> "there is a file of that name";
                    default -> String.valueOf(reason.getMessage());
                };
        return new WrongInput(words + ": " + why);
    }

    public static void unlessPositive(long number, String option) {
        if (number < 1) {
            throw new WrongInput(option + " wants a number above 0, not " + number);
        }
    }

    public String words() {
        return words;
    }
}
