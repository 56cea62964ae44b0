package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Side;
import dst.protocol.Words;
import dst.reports.check.Checked.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A judgement as text for a terminal: verdict, guilty side, the sentence, what led to it, what struck, how to see it again. */
public final class Story {
    private static final int WIDTH = 100;
    private static final int ROW_WIDTH = 120;
    private static final int WHERE_WIDTH = 16;
    private static final int OTHERS_MAX = 3;

    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private Story(boolean colour) {
        this.paint = new Paint(colour);
    }

    /** Colour: whether the terminal shows it. */
    public static String tell(Report report, boolean colour) {
        Story story = new Story(colour);
        Judgement judgement = report.judgement();
        story.headline(judgement);
        judgement.blame().ifPresent(blame -> {
            story.blame(report, blame);
            story.excerpt(report.story());
        });
        story.judged(judgement);
        story.struck(judgement.struck());
        story.line("Again", report.again());
        return story.text.toString();
    }

    private void headline(Judgement judgement) {
        text.append(paint.verdict(judgement.verdict()))
                .append("   ")
                .append(headlineOf(judgement))
                .append("\n\n");
    }

    /** Who broke what, or that nothing is broken, behind the verdict. */
    public static String headlineOf(Judgement judgement) {
        return judgement
                .blame()
                .map(blame ->
                        judgement.verdict() == Verdict.HOLDS ? "broken as expected: " + broken(blame) : broken(blame))
                .orElseGet(() -> nothingBroken(judgement));
    }

    private static String nothingBroken(Judgement judgement) {
        return switch (judgement.verdict()) {
            case HOLDS, BROKEN -> "nothing was broken";
            case UNKNOWN -> "not judged: " + judgement.history().unknown().orElse("no reason was given");
            case VACUOUS ->
                judgement
                        .expected()
                        .map(expected -> expected.rule() + " was expected to be broken by "
                                + expected.side().words() + ", and nothing was")
                        .orElse("none of the planned faults struck, so that nothing broke says nothing");
        };
    }

    /** Where it comes from, and whose it is not. */
    static String explained(Blame blame, String fault) {
        boolean innocent = blame.side() == Side.DISK || blame.side() == Side.NETWORK;
        return "The cause is the fault " + fault + ", which the plan made strike"
                + (innocent ? ": neither client nor server is at fault." : ".");
    }

    private static String broken(Blame blame) {
        return switch (blame.side()) {
            case CLIENT, SERVER, DISK, NETWORK ->
                blame.rule() + " is broken by " + blame.side().words();
            case RULES -> blame.rule() + " is broken by nobody: the rules have a gap";
            case OPEN -> blame.rule() + " is broken, by whom is not known";
        };
    }

    private void blame(Report report, Blame blame) {
        Judgement judgement = report.judgement();
        wrap("  ", blame.rule() + ": " + blame.rule().words() + ".");
        text.append('\n');
        wrap("  ", paint.bold(whole(blame.sentence())));
        blame.fault().ifPresent(fault -> wrap("  ", explained(blame, fault)));
        if (blame.side() == Side.RULES) {
            wrap("  ", "Nobody was seen breaking a rule, and no fault that struck explains it.");
        }
        blame.promise()
                .ifPresent(promise -> wrap(
                        "  ",
                        promise + " is broken too, because " + blame.side().words() + " broke " + blame.rule() + ": "
                                + promise.words() + "."));
        if (judgement.verdict() == Verdict.BROKEN) {
            judgement
                    .expected()
                    .ifPresent(expected -> wrap(
                            "  ",
                            "Expected was something else: " + expected.rule() + " by "
                                    + expected.side().words() + "."));
        }
        others(judgement, blame);
        report.nearest().ifPresent(nearest -> wrap("  ", whole(nearest.words())));
        text.append('\n');
    }

    /** What else was found, for what it is worth: most of it follows from the first breach. */
    private void others(Judgement judgement, Blame blame) {
        List<String> others = new ArrayList<>();
        for (Finding finding : judgement.findings()) {
            String other = finding.rule()
                    + (finding.side() == Side.OPEN
                            ? ""
                            : " by " + finding.side().words());
            boolean said = finding.rule().equals(blame.rule())
                    || blame.promise().filter(finding.rule()::equals).isPresent();
            if (!said && !others.contains(other)) {
                others.add(other);
            }
        }
        if (!others.isEmpty()) {
            String more = others.size() > OTHERS_MAX ? ", and " + (others.size() - OTHERS_MAX) + " more" : "";
            wrap(
                    "  ",
                    "Found after or besides it: "
                            + String.join(", ", others.subList(0, Math.min(OTHERS_MAX, others.size()))) + more + ".");
        }
    }

    private void excerpt(List<Excerpt.Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        text.append(paint.dim("What led to it")).append('\n');
        int width = WHERE_WIDTH;
        for (Excerpt.Line line : lines) {
            width = Math.max(width, line.moment().way().words().length());
        }
        for (Excerpt.Line line : lines) {
            Moment moment = line.moment();
            String row = (line.guilty() ? "> " : "  ")
                    + pad(Words.seconds(moment.at()), 13)
                    + pad(moment.way().words(), width)
                    + "  " + moment.words();
            String cut = row.length() > ROW_WIDTH ? row.substring(0, ROW_WIDTH - 1) + "…" : row;
            text.append(line.guilty() ? paint.guilty(cut) : moment.sort() == Moment.Sort.FAULT ? paint.fault(cut) : cut)
                    .append('\n');
        }
        text.append('\n');
    }

    private void judged(Judgement judgement) {
        Counts counts = judgement.history().counts();
        line(
                "Judged",
                counted(counts.operations(), "operation") + ", " + counted(counts.readBlocks(), "block") + " read, "
                        + counted(counts.mediaBlocks(), "block") + " of the media");
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private void struck(Map<String, Long> struck) {
        line(
                "Struck",
                struck.isEmpty()
                        ? "nothing"
                        : struck.entrySet().stream()
                                .map(fault -> fault.getKey() + " " + fault.getValue())
                                .collect(Collectors.joining(", ")));
    }

    private void line(String title, String words) {
        String first = pad(title, 8);
        StringBuilder row = new StringBuilder(first);
        for (String word : words.split(" ")) {
            // A command is to be copied: it stays whole.
            if (!title.equals("Again") && row.length() + word.length() + 1 > WIDTH) {
                text.append(row.toString().stripTrailing()).append('\n');
                row = new StringBuilder(" ".repeat(8));
            }
            row.append(word).append(' ');
        }
        text.append(row.toString().stripTrailing()).append('\n');
    }

    private void wrap(String indent, String words) {
        int column = indent.length();
        text.append(indent);
        for (String word : words.split(" ")) {
            int length = Paint.width(word);
            if (column > indent.length() && column + 1 + length > WIDTH) {
                text.append('\n').append(indent);
                column = indent.length();
            } else if (column > indent.length()) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += length;
        }
        text.append('\n');
    }

    /** A sentence as one begins and ends. */
    static String whole(String sentence) {
        if (sentence.isEmpty()) {
            return "";
        }
        String end = sentence.endsWith(".") ? "" : ".";
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1) + end;
    }

    private static String pad(String words, int width) {
        return words + " ".repeat(Math.max(0, width - words.length()));
    }
}
