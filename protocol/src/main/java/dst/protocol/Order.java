package dst.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds each operation until every earlier one that it conflicts with has left: two conflict if they overlap and one of them
 * changes what is there. Among those that do not conflict there is no order.
 */
public final class Order {
    private @Nullable Place first;
    private @Nullable Place last;
    private int size;

    /** Somebody's place in the order. */
    public static class Place {
        private final long start;
        private final long end;
        private final boolean changes;
        private boolean present;
        private int ahead;
        private List<Place> behind = List.of();
        private @Nullable Place previous;
        private @Nullable Place next;

        protected Place(long offset, long length, boolean changes) {
            this.start = offset;
            this.end = offset + length;
            this.changes = changes;
        }

        /** Where it begins on the disk. */
        protected final long start() {
            return start;
        }

        /** Whether it has entered and nothing is ahead of it. */
        public final boolean isFree() {
            return present && ahead == 0;
        }

        protected final void digestPlace(StateDigest digest) {
            digest.add(start).add(end).add(changes).add(present).add(ahead);
        }

        private boolean conflictsWith(Place other) {
            return start < other.end && other.start < end && (changes || other.changes);
        }

        private void waitFor(Place earlier) {
            if (earlier.behind.isEmpty()) {
                earlier.behind = new ArrayList<>(2);
            }
            earlier.behind.add(this);
            ahead++;
        }
    }

    /** Takes a place; true if nothing is ahead of it. */
    public boolean enter(Place place) {
        if (place.present) {
            throw new IllegalStateException("entered twice");
        }
        for (Place earlier = first; earlier != null; earlier = earlier.next) {
            if (place.conflictsWith(earlier)) {
                place.waitFor(earlier);
            }
        }
        append(place);
        return place.ahead == 0;
    }

    /**
     * Gives a place up, also one that others are ahead of; those that have nothing ahead of them any more are added to
     * {@code freed}, in their order.
     */
    public void leave(Place place, ArrayDeque<? super Place> freed) {
        for (Place earlier = place.previous; place.ahead > 0 && earlier != null; earlier = earlier.previous) {
            // Nothing that is gone stays behind what may hang for ever.
            if (place.conflictsWith(earlier)) {
                earlier.behind.remove(place);
                place.ahead--;
            }
        }
        unlink(place);
        for (Place later : place.behind) {
            later.ahead--;
            if (later.isFree()) {
                freed.add(later);
            }
        }
        place.behind = List.of();
    }

    public int size() {
        return size;
    }

    /** Who is there, under these names, in the order in which they came, and who waits for whom. */
    public void digest(StateDigest digest, ToLongFunction<Place> name) {
        digest.add(size);
        for (Place place = first; place != null; place = place.next) {
            digest.add(name.applyAsLong(place)).add(place.behind.size());
            for (Place later : place.behind) {
                digest.add(name.applyAsLong(later));
            }
        }
    }

    private void append(Place place) {
        place.present = true;
        place.previous = last;
        if (last == null) {
            first = place;
        } else {
            last.next = place;
        }
        last = place;
        size++;
    }

    private void unlink(Place place) {
        if (!place.present) {
            throw new IllegalStateException("left without having entered");
        }
        Place before = place.previous;
        Place after = place.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        place.present = false;
        place.previous = null;
        place.next = null;
        size--;
    }
}
