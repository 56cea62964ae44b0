package dst.sim;

import dst.protocol.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a server keeps durable beside the disk: the boot counter, and who holds which export; and the way back to earlier ones. */
final class StateDirectory {
    private final boolean remembers;
    private final List<State> past = new ArrayList<>();
    private State present = new State(0, new TreeMap<>());
    private boolean restored;

    /** Remembers: keeps the way back, if anybody will want to go it. */
    StateDirectory(boolean remembers) {
        this.remembers = remembers;
    }

    private record State(long boots, SortedMap<String, Holder> holders) {}

    Holder holder(String export) {
        return present.holders.getOrDefault(export, Holder.NOBODY);
    }

    void hold(String export, Holder holder) {
        SortedMap<String, Holder> holders = new TreeMap<>(present.holders);
        holders.put(export, holder);
        become(new State(present.boots, holders));
    }

    /** That of another disk: nobody holds it. */
    void renew() {
        become(new State(present.boots, new TreeMap<>()));
    }

    long nextBoot() {
        become(new State(present.boots + 1, present.holders));
        return present.boots;
    }

    private void become(State next) {
        if (remembers) {
            past.add(present);
        }
        present = next;
    }

    /** The next start finds an earlier state; false if it would anyway. */
    boolean restore() {
        boolean first = !restored;
        restored = true;
        return first;
    }

    /** The next start finds the state as it is; whether it would have found an earlier one. */
    boolean keep() {
        boolean was = restored;
        restored = false;
        return was;
    }

    /** Is what it was before a drawn one of its changes; false if there was none. */
    boolean goBack(long luck) {
        if (past.isEmpty()) {
            return false;
        }
        int kept = (int) Draw.between(luck, 0, past.size() - 1L);
        present = past.get(kept);
        past.subList(kept, past.size()).clear();
        return true;
    }
}
