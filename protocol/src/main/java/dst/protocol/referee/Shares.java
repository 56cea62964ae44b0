package dst.protocol.referee;

import java.util.List;

/** Who has how much of what is not enough for all, by origin and of one origin's by export (R7). */
final class Shares<T> {
    private final List<Share<T>> all;

    /**
     * One of those that have something.
     *
     * @param holds it is the only link of somebody who holds an export, or is about to
     */
    record Share<T>(T of, String name, String origin, String export, boolean holds) {}

    Shares(List<Share<T>> all) {
        this.all = List.copyOf(all);
    }

    int count() {
        return all.size();
    }

    Share<T> of(T one) {
        for (Share<T> share : all) {
            if (share.of.equals(one)) {
                return share;
            }
        }
        throw new IllegalStateException("nothing of " + one);
    }

    /** Why it is wrong that this one goes for the newcomer; empty if it is not. */
    String whyNot(Share<T> leaving, Share<T> newcomer) {
        boolean itself = leaving.equals(newcomer);
        if (!itself && !mayGo(leaving, newcomer)) {
            return "that was the only one of whoever held " + leaving.export + ", and " + newcomer.name + " of "
                    + newcomer.origin + ", which came, was no holder's first";
        }
        if (!itself && !hasMore(leaving, newcomer)) {
            return "that one had no more than " + words(newcomer) + ", who came";
        }
        for (Share<T> other : all) {
            boolean couldGo = !other.equals(newcomer) && mayGo(other, newcomer) && hasMore(other, newcomer);
            if (couldGo && (itself || hasMore(other, leaving))) {
                return words(other) + ", and " + words(leaving);
            }
        }
        return "";
    }

    /** Why it is wrong that this one of those that only connected goes; empty if it is not. */
    String whyNotOfHandshakes(Share<T> leaving) {
        for (Share<T> other : all) {
            if (ofOrigin(other) > ofOrigin(leaving)) {
                return words(other) + ", and " + words(leaving);
            }
        }
        for (Share<T> other : all) {
            if (other.origin.equals(leaving.origin)) {
                return other.equals(leaving) ? "" : other.name + " of the same peer was there for longer";
            }
        }
        return "";
    }

    private boolean mayGo(Share<T> one, Share<T> newcomer) {
        return newcomer.holds || !one.holds;
    }

    private boolean hasMore(Share<T> one, Share<T> other) {
        return one.origin.equals(other.origin) ? ofExport(one) > ofExport(other) : ofOrigin(one) > ofOrigin(other);
    }

    private long ofOrigin(Share<T> one) {
        return all.stream().filter(it -> it.origin.equals(one.origin)).count();
    }

    private long ofExport(Share<T> one) {
        return all.stream()
                .filter(it -> it.origin.equals(one.origin) && it.export.equals(one.export))
                .count();
    }

    private String words(Share<T> one) {
        return one.origin + " had " + ofOrigin(one)
                + (one.export.isEmpty() ? "" : ", " + ofExport(one) + " of them at " + one.export);
    }
}
