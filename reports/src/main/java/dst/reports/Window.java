package dst.reports;

import dst.reports.Moment.Sort;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of a run that its page shows at first: what led to the violation, and all that is needed to understand it. */
record Window(long from, long to) {
    /** So many lines of the story before the violation are shown, and more if more are needed. */
    private static final int LINES = 6;

    private static final long LEAST_NANOS = 2_000;

    /** All of the run if nothing in it is to blame. */
    static Window of(List<Excerpt.Line> story, List<Moment> moments, long runFrom, long runTo) {
        long guilty = -1;
        for (Excerpt.Line line : story) {
            guilty = line.guilty() ? line.moment().at() : guilty;
        }
        if (guilty < 0) {
            return new Window(runFrom, runTo);
        }
        long at = guilty;
        List<Excerpt.Line> before =
                story.stream().filter(line -> line.moment().at() <= at).toList();
        long near = before.get(Math.max(0, before.size() - LINES)).moment().at();
        long last = at;
        Set<Long> operations = new HashSet<>();
        for (Excerpt.Line line : story) {
            if (line.needed()) {
                near = Math.min(near, line.moment().at());
                last = Math.max(last, line.moment().at());
                operations.add(line.moment().tag());
            }
        }
        for (Moment moment : moments) {
            // An operation is drawn until it settles: at least its end has to be in view.
            if (moment.sort() == Sort.OUTCOME && operations.contains(moment.tag())) {
                near = Math.min(near, moment.at());
            }
        }
        long room = Math.max((at - near) * 13 / 10, Math.max((runTo - runFrom) / 200, LEAST_NANOS));
        return new Window(at - room, Math.max(at + room / 4, last + room / 20));
    }
}
