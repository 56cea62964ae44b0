package dst.protocol.model;

/** A client of the export: what it keeps, and what the promises let it read (see {@link Promises}). */
final class Client {
    Phase phase;

    /** The newest that it has attached; 0 if none. */
    int boot;

    /** D2: of each block. */
    final Retained[] retained;

    /** T7: the blocks that are not read before they are certain, as a set. */
    int doubts;

    /** Of each block the set of values that a read may return now. */
    final int[] allowed;

    enum Phase {
        ABSENT,
        LIVE,
        GONE
    }

    /** The last acknowledged content that is not known to be durable. */
    record Retained(int value, int boot, int execution) {
        static final Retained NOTHING = new Retained(0, 0, 0);
    }

    Client(Phase phase, int boot, int blocks) {
        this.phase = phase;
        this.boot = boot;
        this.retained = new Retained[blocks];
        this.allowed = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            retained[block] = Retained.NOTHING;
            allowed[block] = phase == Phase.LIVE ? 1 : 0;
        }
    }

    private Client(Client other) {
        this.phase = other.phase;
        this.boot = other.boot;
        this.retained = other.retained.clone();
        this.doubts = other.doubts;
        this.allowed = other.allowed.clone();
    }

    Client copy() {
        return new Client(this);
    }

    /** D2: content of a lower execution number never replaces one of a higher. */
    void retain(int block, int value, int execution, int executedIn) {
        Retained known = retained[block];
        if (known.boot != executedIn || known.execution < execution) {
            retained[block] = new Retained(value, executedIn, execution);
        }
    }

    void digest(Fingerprint print) {
        print.add(phase.ordinal() | boot << 2 | doubts << 6);
        for (Retained content : retained) {
            print.add(content.value | content.boot << 4 | content.execution << 8);
        }
        print.addAll(allowed);
    }
}
