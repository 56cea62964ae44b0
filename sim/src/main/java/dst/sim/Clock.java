package dst.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The world's time in nanoseconds, and what is to happen when: a binary heap on time, then on the order of scheduling. Time
 * never goes back.
 */
final class Clock {
    private Event[] heap = new Event[64];
    private int size;
    private long now;
    private long sequence;

    long now() {
        return now;
    }

    /** Puts the event in the queue, or moves it there; a time gone by means now. */
    void schedule(Event event, long at) {
        event.at = Math.max(at, now);
        event.sequence = sequence++;
        if (event.place >= 0) {
            int place = event.place;
            siftUp(event, place);
            if (event.place == place) {
                siftDown(event, place);
            }
            return;
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(event, size++);
    }

    void cancel(Event event) {
        int place = event.place;
        if (place < 0) {
            return;
        }
        event.place = -1;
        Event last = heap[--size];
        clear(size);
        if (!last.equals(event)) {
            siftUp(last, place);
            if (last.place == place) {
                siftDown(last, place);
            }
        }
    }

    /** Takes the next event out and makes its time the present; null if nothing will ever happen again. */
    @Nullable Event next() {
        if (size == 0) {
            return null;
        }
        Event first = heap[0];
        first.place = -1;
        Event last = heap[--size];
        clear(size);
        if (size > 0) {
            siftDown(last, 0);
        }
        now = first.at;
        return first;
    }

    /** Adds without running over: what would is never. */
    static long plus(long at, long nanos) {
        long sum = at + nanos;
        return sum < at ? Long.MAX_VALUE : sum;
    }

    private void siftUp(Event event, int from) {
        int place = from;
        while (place > 0) {
            int above = (place - 1) >>> 1;
            Event parent = heap[above];
            if (!earlier(event, parent)) {
                break;
            }
            put(parent, place);
            place = above;
        }
        put(event, place);
    }

    private void siftDown(Event event, int from) {
        int place = from;
        while (true) {
            int below = 2 * place + 1;
            if (below >= size) {
                break;
            }
            if (below + 1 < size && earlier(heap[below + 1], heap[below])) {
                below++;
            }
            if (!earlier(heap[below], event)) {
                break;
            }
            put(heap[below], place);
            place = below;
        }
        put(event, place);
    }

    private void put(Event event, int place) {
        heap[place] = event;
        event.place = place;
    }

    @SuppressWarnings("NullAway") // an empty place of the heap
    private void clear(int place) {
        heap[place] = null;
    }

    private static boolean earlier(Event one, Event other) {
        return one.at < other.at || (one.at == other.at && one.sequence < other.sequence);
    }
}
