package dst.reports;

import java.util.List;
import java.util.Locale;

/** Tables as one page, under a verdict and a sentence. */
public final class TablesPage {
    private TablesPage() {}

    public record Table(String title, List<String> columns, List<List<String>> rows) {}

    public static String of(String title, Verdict verdict, String sentence, List<Table> tables) {
        StringBuilder page = begin(title, verdict, sentence);
        for (Table table : tables) {
            page.append("<h2>").append(Page.escaped(table.title)).append("</h2>\n<table><thead>");
            row(page, "th", table.columns);
            page.append("</thead><tbody>\n");
            table.rows.forEach(row -> row(page, "td", row));
            page.append("</tbody></table>\n");
        }
        return end(page);
    }

    private static void row(StringBuilder page, String cell, List<String> row) {
        page.append("<tr>");
        row.forEach(words -> page.append('<')
                .append(cell)
                .append('>')
                .append(Page.escaped(words))
                .append("</")
                .append(cell)
                .append('>'));
        page.append("</tr>\n");
    }

    /** Everything up to the first section. */
    static StringBuilder begin(String title, Verdict verdict, String sentence) {
        return new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
                .append(Page.escaped(verdict.words() + " · " + title))
                .append("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n")
                .append(Page.resource("page.css"))
                .append("</style>\n</head>\n<body>\n<main>\n<h1><span class=\"verdict ")
                .append(verdict.name().toLowerCase(Locale.ROOT))
                .append("\">")
                .append(verdict.words())
                .append("</span>")
                .append(Page.escaped(title))
                .append("</h1>\n<p class=\"sentence\">")
                .append(Page.escaped(sentence))
                .append("</p>\n");
    }

    static String end(StringBuilder page) {
        return page.append("</main>\n</body>\n</html>\n").toString();
    }
}
