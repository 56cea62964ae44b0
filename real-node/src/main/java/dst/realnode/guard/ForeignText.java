package dst.realnode.guard;

/** Words that somebody else may have written, as they can stand in a log or on a terminal without doing anything there. */
public final class ForeignText {
    private ForeignText() {}

    /** Begins no line, moves no cursor, turns no direction of writing, and hides nothing. */
    public static String harmless(String words) {
        return harmless(words, Integer.MAX_VALUE);
    }

    /** And it takes no more room than so many letters. */
    public static String harmless(String words, int lettersMax) {
        int end = cut(words, lettersMax);
        StringBuilder kept = new StringBuilder(end + 3);
        for (int at = 0; at < end; ) {
            int letter = words.codePointAt(at);
            at += Character.charCount(letter);
            kept.appendCodePoint(isSeen(letter) ? letter : '?');
        }
        return end < words.length() ? kept.append("...").toString() : kept.toString();
    }

    private static int cut(String words, int lettersMax) {
        if (words.length() <= lettersMax) {
            return words.length();
        }
        return Character.isHighSurrogate(words.charAt(lettersMax - 1)) ? lettersMax - 1 : lettersMax;
    }

    /** FORMAT are the marks that turn the direction, and those that nobody sees. */
    private static boolean isSeen(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
