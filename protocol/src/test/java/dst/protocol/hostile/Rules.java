package dst.protocol.hostile;

import dst.protocol.Closing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules that docs/PROTOCOL.md defines, and whether a refusal names one of them (G8). */
final class Rules {
    private static final Set<String> DEFINED = read();

    private Rules() {}

    static Set<String> defined() {
        return DEFINED;
    }

    /** Who is called wrong is told which rule it broke, and how. */
    static void check(String rule, String text) {
        if (!DEFINED.contains(rule)) {
            throw new AssertionError("G8: '" + rule + "' is no rule: " + text);
        }
        if (text.isBlank()) {
            throw new AssertionError("G8: nothing but a rule: " + rule);
        }
    }

    static void check(Closing closing) {
        if (closing.cause() == Closing.Cause.PEER_WRONG) {
            check(closing.rule(), closing.text());
        } else if (closing.text().isBlank()) {
            throw new AssertionError("G8: a link is closed without a reason: " + closing);
        }
    }

    private static Set<String> read() {
        Set<String> rules = new TreeSet<>();
        Matcher matcher =
                Pattern.compile("(?m)^\\| \\*\\*([HTDLR]\\d)\\*\\* \\|").matcher(document());
        while (matcher.find()) {
            rules.add(matcher.group(1));
        }
        if (rules.size() < 20) {
            throw new AssertionError("docs/PROTOCOL.md defines only " + rules);
        }
        return rules;
    }

    private static String document() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path document = folder.resolve("docs/PROTOCOL.md");
            if (Files.exists(document)) {
                try {
                    return Files.readString(document);
                } catch (IOException wrong) {
                    throw new UncheckedIOException(wrong);
                }
            }
        }
        throw new AssertionError("there is no docs/PROTOCOL.md");
    }
}
