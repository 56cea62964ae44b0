package dst.reports;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Many runs of one scenario as one page: what they came to, and the failures by kind, each with the way to its report. */
public final class BatchPage {
    private BatchPage() {}

    /**
     * Failures that look alike.
     *
     * @param fingerprint the rule and the side
     * @param firstSeed the first seed that shows it
     * @param page the way from this page to its report; empty if none was kept
     * @param again the command that shows it again
     */
    public record Group(String fingerprint, long times, long firstSeed, String page, String again) {}

    /**
     * @param headline what all of it came to, in a sentence
     * @param facts what was counted, in the order in which it is told
     */
    public static String of(
            String title, Verdict verdict, String headline, long runs, List<Group> groups, Map<String, String> facts) {
        StringBuilder page = TablesPage.begin(title, verdict, headline);
        if (!groups.isEmpty()) {
            page.append("<h2>Failures by kind</h2>\n<table><thead><tr><th>what</th><th>runs</th><th>share</th>")
                    .append("<th>first seed</th><th>see it again</th></tr></thead><tbody>\n");
            groups.forEach(group -> row(page, group, runs));
            page.append("</tbody></table>\n");
        }
        page.append("<h2>Counted</h2>\n<table><tbody>\n");
        facts.forEach((name, value) -> page.append("<tr><td>")
                .append(Page.escaped(name))
                .append("</td><td>")
                .append(Page.escaped(value))
                .append("</td></tr>\n"));
        return TablesPage.end(page.append("</tbody></table>\n"));
    }

    private static void row(StringBuilder page, Group group, long runs) {
        String what = Page.escaped(group.fingerprint);
        page.append("<tr><td>")
                .append(group.page.isEmpty() ? what : "<a href=\"" + Page.escaped(group.page) + "\">" + what + "</a>")
                .append("</td><td>")
                .append(String.format(Locale.ROOT, "%,d", group.times))
                .append("</td><td>")
                .append(String.format(Locale.ROOT, "%.1f %%", 100.0 * group.times / Math.max(1, runs)))
                .append("</td><td>")
                .append(group.firstSeed)
                .append("</td><td><code>")
                .append(Page.escaped(group.again))
                .append("</code></td></tr>\n");
    }
}
