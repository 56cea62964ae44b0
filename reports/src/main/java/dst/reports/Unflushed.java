package dst.reports;

import dst.protocol.Kind;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How much the disk has taken and not yet been told to keep: what a power cut may take, by what its servers were answered. */
final class Unflushed {
    /** What is kept apart; smaller than any block. */
    private static final int GRAIN = 512;

    private final Set<Long> dirty = new HashSet<>();
    private final Map<String, Set<Long>> flushing = new HashMap<>();
    private final List<List<Long>> steps = new ArrayList<>();
    private final List<Integer> bins = new ArrayList<>();

    private Unflushed() {}

    /** As steps of a time and the bytes from then on; of each of so many equal parts of the run the highest and the last. */
    static List<List<Long>> of(List<Moment> moments, long from, long to, int parts) {
        Unflushed cache = new Unflushed();
        for (Moment moment : moments) {
            if (cache.changes(moment)) {
                cache.step(moment.at(), Detail.bin(moment.at(), from, to, parts));
            }
        }
        return cache.steps;
    }

    private boolean changes(Moment moment) {
        return switch (moment.event()) {
            case Event.Crossed(WorldEvent.PowerCut _) -> {
                flushing.clear();
                yield forget(new HashSet<>(dirty));
            }
            case Event.DiskStarted started -> {
                if (isFlush(started)) {
                    flushing.put(moment.way().from(), new HashSet<>(dirty));
                }
                yield false;
            }
            case Event.DiskEnded ended when ended.isWhole(moment.range()) -> ended(moment, ended);
            default -> false;
        };
    }

    private boolean ended(Moment moment, Event.DiskEnded ended) {
        if (isFlush(ended)) {
            Set<Long> flushed = flushing.remove(moment.way().to());
            return flushed != null && forget(flushed);
        }
        boolean isChange = ended.kind().filter(Kind::changes).isPresent();
        return isChange && (ended.step().durable() ? forget(grains(moment)) : dirty.addAll(grains(moment)));
    }

    private static boolean isFlush(Event event) {
        return event.kind().equals(Optional.of(Kind.FLUSH));
    }

    private boolean forget(Set<Long> kept) {
        return dirty.removeAll(kept);
    }

    private static Set<Long> grains(Moment moment) {
        Set<Long> grains = new HashSet<>();
        for (long at = moment.range().offset() / GRAIN;
                at * GRAIN < moment.range().end();
                at++) {
            grains.add(at);
        }
        return grains;
    }

    /** Of one part the highest is its last but one, if it is not the last. */
    private void step(long at, int bin) {
        List<Long> now = List.of(at, (long) dirty.size() * GRAIN);
        int last = steps.size() - 1;
        boolean crowded = last > 0 && bins.get(last) == bin && bins.get(last - 1) == bin;
        if (!crowded) {
            steps.add(now);
            bins.add(bin);
        } else {
            if (steps.get(last).get(1) > steps.get(last - 1).get(1)) {
                steps.set(last - 1, steps.get(last));
            }
            steps.set(last, now);
        }
    }
}
