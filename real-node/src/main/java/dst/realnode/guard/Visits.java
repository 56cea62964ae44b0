package dst.realnode.guard;

import dst.realnode.net.Connection;
import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * R7: short conversations, a question and its answer: only so many at once, and who does not ask in time, or does not take the answer,
 * is let go. Where there are too many, one that has not asked goes first, the oldest of whoever has most. On one loop.
 */
public final class Visits {
    /** For the operator, or for metrics. */
    public static final int MOST = 32;

    /** Whoever has something to ask does so at once. */
    private static final long SECONDS = 10;

    private final Refusals refusals;
    private final Map<Channel, Visit> visits = new LinkedHashMap<>();

    private static final class Visit {
        private final String origin;
        private boolean asked;

        Visit(String origin) {
            this.origin = origin;
        }
    }

    public Visits(Refusals refusals) {
        this.refusals = refusals;
    }

    public synchronized void came(Channel channel) {
        visits.put(channel, new Visit(Connection.origin(channel)));
        channel.closeFuture().addListener(_ -> left(channel));
        channel.eventLoop().schedule(() -> endSilence(channel), SECONDS, TimeUnit.SECONDS);
        if (visits.size() > MOST) {
            Channel silent = oldestSilent();
            turnAway(silent == null ? channel : silent, "there are too many at once");
        }
    }

    /** From now on it is this node that takes its time. */
    public synchronized void asked(Channel channel) {
        Visit visit = visits.get(channel);
        if (visit != null) {
            visit.asked = true;
        }
    }

    /** The answer is on its way. */
    public void answered(Channel channel) {
        channel.eventLoop().schedule(() -> channel.close(), SECONDS, TimeUnit.SECONDS);
    }

    private synchronized void left(Channel channel) {
        visits.remove(channel);
    }

    private synchronized void endSilence(Channel channel) {
        Visit visit = visits.get(channel);
        if (visit != null && !visit.asked) {
            turnAway(channel, "it came and asked nothing");
        }
    }

    private @Nullable Channel oldestSilent() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        visits.values().forEach(visit -> counts.merge(visit.origin, 1, Integer::sum));
        Channel oldest = null;
        int most = 0;
        for (Map.Entry<Channel, Visit> entry : visits.entrySet()) {
            int count = counts.getOrDefault(entry.getValue().origin, 0);
            if (!entry.getValue().asked && count > most) {
                most = count;
                oldest = entry.getKey();
            }
        }
        return oldest;
    }

    private void turnAway(Channel channel, String words) {
        visits.remove(channel);
        refusals.tell(Connection.peer(channel), "R7", words);
        channel.close();
    }
}
