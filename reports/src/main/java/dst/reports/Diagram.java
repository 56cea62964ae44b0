package dst.reports;

import dst.protocol.Words;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The moments of a story as a sequence diagram for a terminal: a column for each host, an arrow for each message. */
public final class Diagram {
    private static final int COLUMN = 14;
    private static final int WIDTH = 150;

    private final List<String> hosts;
    private final Paint paint;

    private Diagram(List<String> hosts, boolean colour) {
        this.hosts = hosts;
        this.paint = new Paint(colour);
    }

    /** Empty if there is no story. */
    public static String of(Report report, boolean colour) {
        List<Excerpt.Line> story = report.story();
        if (story.isEmpty()) {
            return "";
        }
        Set<String> hosts = new LinkedHashSet<>(report.nodes());
        for (Excerpt.Line line : story) {
            hosts.addAll(line.moment().way().ends());
        }
        List<String> ordered = new ArrayList<>(hosts);
        if (ordered.remove(Way.DISK)) {
            ordered.add(Way.DISK);
        }
        return new Diagram(ordered, colour).draw(story);
    }

    private String draw(List<Excerpt.Line> story) {
        StringBuilder text = new StringBuilder(" ".repeat(15));
        for (String host : hosts) {
            text.append(centred(host));
        }
        text.append('\n');
        for (Excerpt.Line line : story) {
            Moment moment = line.moment();
            String row = (line.guilty() ? "> " : "  ") + pad(Words.seconds(moment.at()), 13) + columns(moment) + "  "
                    + moment.words();
            String cut = row.length() > WIDTH ? row.substring(0, WIDTH - 1) + "…" : row;
            text.append(line.guilty() ? paint.guilty(cut) : moment.sort() == Moment.Sort.FAULT ? paint.fault(cut) : cut)
                    .append('\n');
        }
        return text.toString();
    }

    private String columns(Moment moment) {
        char[] row = " ".repeat(COLUMN * hosts.size()).toCharArray();
        for (int i = 0; i < hosts.size(); i++) {
            row[middle(i)] = '|';
        }
        int from = hosts.indexOf(moment.way().from());
        int to = hosts.indexOf(moment.way().to());
        if (from >= 0 && to >= 0) {
            boolean arrives = moment.sort() == Moment.Sort.ARRIVAL;
            int step = from < to ? 1 : -1;
            for (int at = middle(from) + step; at != middle(to); at += step) {
                row[at] = arrives ? '.' : '-';
            }
            row[middle(from)] = '+';
            row[middle(to) - step] = step > 0 ? '>' : '<';
        } else if (from >= 0) {
            row[middle(from)] = moment.sort() == Moment.Sort.PROCESS ? 'X' : '*';
        } else {
            // What happens to the world crosses all of it.
            for (int i = middle(0); i <= middle(hosts.size() - 1); i++) {
                row[i] = row[i] == '|' ? '|' : '~';
            }
        }
        return new String(row);
    }

    private static int middle(int host) {
        return host * COLUMN + COLUMN / 2;
    }

    private static String centred(String host) {
        String shown = host.length() > COLUMN - 2 ? host.substring(0, COLUMN - 2) : host;
        int before = (COLUMN - shown.length()) / 2 + 1;
        return pad(" ".repeat(before) + shown, COLUMN);
    }

    private static String pad(String words, int width) {
        return words + " ".repeat(Math.max(0, width - words.length()));
    }
}
