package dst.reports;

import java.util.List;

/** What was run as a suite of JUnit's XML, which build servers show. */
public final class JUnit {
    private JUnit() {}

    /**
     * One thing that was tried.
     *
     * @param name what
     * @param message what is wrong, in few words; empty if nothing is
     * @param type the rule that is broken, or the verdict
     * @param details all that there is to tell of it
     */
    public record Case(String name, Verdict verdict, String message, String type, String details) {}

    /** One run as a case. */
    public static Case of(Report report) {
        Judgement judgement = report.judgement();
        String details = Story.tell(report, false);
        return new Case(
                report.facts().containsKey("seed") ? "seed " + report.facts().get("seed") : report.title(),
                judgement.verdict(),
                Story.headlineOf(judgement),
                judgement
                        .blame()
                        .map(blame -> blame.rule().name())
                        .orElse(judgement.verdict().words()),
                details);
    }

    /** A broken promise is a failure; what could not be judged, or never struck, is an error: it is no pass. */
    public static String xml(String suite, List<Case> cases) {
        long failures =
                cases.stream().filter(one -> one.verdict == Verdict.BROKEN).count();
        long errors = cases.stream()
                .filter(one -> one.verdict == Verdict.UNKNOWN || one.verdict == Verdict.VACUOUS)
                .count();
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"")
                .append(escaped(suite))
                .append("\" tests=\"")
                .append(cases.size())
                .append("\" failures=\"")
                .append(failures)
                .append("\" errors=\"")
                .append(errors)
                .append("\" skipped=\"0\">\n");
        for (Case one : cases) {
            xml.append("  <testcase classname=\"dst.")
                    .append(escaped(suite))
                    .append("\" name=\"")
                    .append(escaped(one.name))
                    .append('"');
            if (one.verdict == Verdict.HOLDS) {
                xml.append("/>\n");
            } else {
                String kind = one.verdict == Verdict.BROKEN ? "failure" : "error";
                xml.append(">\n    <")
                        .append(kind)
                        .append(" message=\"")
                        .append(escaped(one.message))
                        .append("\" type=\"")
                        .append(escaped(one.type))
                        .append("\">")
                        .append(escaped(one.details))
                        .append("</")
                        .append(kind)
                        .append(">\n  </testcase>\n");
            }
        }
        return xml.append("</testsuite>\n").toString();
    }

    /** As XML has it; what XML cannot hold at all is shown as a question mark. */
    private static String escaped(String words) {
        StringBuilder escaped = new StringBuilder();
        words.codePoints().forEach(letter -> {
            switch (letter) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> {
                    boolean allowed =
                            letter >= ' ' ? letter < 0xD800 || letter > 0xDFFF : letter == '\n' || letter == '\t';
                    escaped.appendCodePoint(allowed && letter != 0xFFFE && letter != 0xFFFF ? letter : '?');
                }
            }
        });
        return escaped.toString();
    }
}
