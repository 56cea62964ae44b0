package dst.sim;

/**
 * Something that will happen. It belongs to whatever it happens to and is used again and again; it is in the clock's queue at
 * most once.
 */
abstract class Event {
    long at;
    long sequence;

    /** Its place in the heap; negative if it is not in it. */
    int place = -1;

    /** Called by the clock at its time, when it is no longer in the queue. */
    abstract void happen();

    final boolean isScheduled() {
        return place >= 0;
    }

    static Event calling(Runnable callback) {
        return new Event() {
            @Override
            void happen() {
                callback.run();
            }
        };
    }
}
