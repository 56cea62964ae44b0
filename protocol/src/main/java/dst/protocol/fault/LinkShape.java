package dst.protocol.fault;

import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike.Shaping;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How links carry what is sent, as the faults that shape it have it by now: of each kind the latest, until it is over. */
public final class LinkShape {
    private final Consumer<Shaping> hit;
    private final List<Lasting> all = new ArrayList<>();

    private record Lasting(Shaping what, long until) {}

    /** Each that makes a difference is told as it does. */
    public LinkShape(Consumer<Shaping> hit) {
        this.hit = hit;
    }

    /** The one of that kind that was there is over. */
    public void add(Shaping what, long until) {
        all.removeIf(one -> one.what.getClass() == what.getClass());
        all.add(new Lasting(what, until));
    }

    /** So much longer something takes that way. */
    public long extraNanos(long now, Direction lane) {
        long extra = 0;
        for (int i = 0; i < all.size(); i++) {
            Lasting one = all.get(i);
            long more = now < one.until ? one.what.extra(lane) : 0;
            if (more > 0) {
                hit.accept(one.what);
                extra = more > Long.MAX_VALUE - extra ? Long.MAX_VALUE : extra + more;
            }
        }
        return extra;
    }

    /** So many bytes pass that way in a second, where so many would (0: without a limit). */
    public long bytesPerSecond(long now, Direction lane, long most) {
        long rate = most;
        for (int i = 0; i < all.size(); i++) {
            Lasting one = all.get(i);
            long before = rate;
            rate = now < one.until ? one.what.rate(lane, rate) : rate;
            if (rate != before) {
                hit.accept(one.what);
            }
        }
        return rate;
    }

    /** No larger piece passes that way, where one that large would. */
    public int pieceMax(long now, Direction lane, int most) {
        int max = most;
        for (int i = 0; i < all.size(); i++) {
            Lasting one = all.get(i);
            int before = max;
            max = now < one.until ? one.what.largest(lane, max) : max;
            if (max != before) {
                hit.accept(one.what);
            }
        }
        return max;
    }
}
