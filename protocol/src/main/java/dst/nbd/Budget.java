package dst.nbd;

import dst.protocol.Machine;
import dst.protocol.StateDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * R7: what all NBD connections of a host together may have under way, and who gets how much of it. Who is granted nothing waits, and
 * its requests with the peer: nothing is refused or dropped for want of memory. Only who holds memory and neither sends nor takes
 * anything gives way, and only to somebody who does and has waited for long.
 */
public final class Budget<G extends Guest> {
    /** Who has nothing under way gets this much whatever others have: nobody can be kept from going on, one request at a time. */
    static final int SMALL = 160 << 10;

    /** Who has waited for so long goes before all who have not. */
    static final long AGED_NANOS = 1_000_000_000L;

    /** So much a connection may have without need. */
    private static final long AT_HAND = 100 << 10;

    /** Who holds more than that, and nobody but its peer can free it, and has moved less than {@link #PACE} for so long, is stuck. */
    static final long STUCK_NANOS = 5_000_000_000L;

    static final long PACE = 128 << 10;

    private final long bytesMax;
    private final Map<G, Account<G>> accounts = new LinkedHashMap<>();
    private final Map<String, Origin> origins = new LinkedHashMap<>();

    /** Those that wait, in the order in which they have begun to. */
    private final LinkedHashSet<Account<G>> line = new LinkedHashSet<>();

    /** Those that would wait, and do not take what they are given: they hold up nobody. */
    private final LinkedHashSet<Account<G>> stalled = new LinkedHashSet<>();

    private long taken;
    private long lookedAt;

    /** What all of one origin have. */
    private static final class Origin {
        private int accounts;
        private long has;
    }

    private static final class Account<G extends Guest> {
        private final G guest;
        private final Origin origin;
        private long has;
        private long wants;
        private long waitsSince;
        private long movedThen;
        private long watchedSince;

        Account(G guest, Origin origin) {
            this.guest = guest;
            this.origin = origin;
        }

        void changes(long bytes) {
            has += bytes;
            origin.has += bytes;
        }

        /** How long it has waited for each byte: what is small is not kept for long, and what is large not for ever. */
        double patience(long now) {
            return (double) (now - waitsSince) / wants;
        }
    }

    /** Somebody who has waited has so many bytes more now. */
    public record Grant<G>(G guest, long bytes) {}

    public Budget(long bytesMax) {
        if (bytesMax < 1) {
            throw new IllegalArgumentException("nothing could be under way: " + bytesMax + " bytes");
        }
        this.bytesMax = bytesMax;
    }

    /** So many bytes more are wanted; whether they are granted. Otherwise the guest waits in line, until it is or wants nothing. */
    public boolean asks(G guest, long bytes, long now) {
        Account<G> account = accounts.computeIfAbsent(guest, this::account);
        account.wants = bytes;
        if (isDue(account, now)) {
            grant(account, now);
            return true;
        }
        if (!stalled.contains(account) && line.add(account)) {
            account.waitsSince = now;
        }
        return false;
    }

    private Account<G> account(G guest) {
        Origin origin = origins.computeIfAbsent(guest.origin(), _ -> new Origin());
        origin.accounts++;
        return new Account<>(guest, origin);
    }

    private @Nullable Account<G> forget(G guest) {
        Account<G> account = accounts.remove(guest);
        if (account != null && --account.origin.accounts == 0) {
            origins.remove(guest.origin());
        }
        return account;
    }

    public void wantsNothing(G guest) {
        Account<G> account = accounts.get(guest);
        if (account != null) {
            account.wants = 0;
            line.remove(account);
            stalled.remove(account);
            forgetIfEmpty(account);
        }
    }

    private boolean isDue(Account<G> account, long now) {
        if (account.has == 0 && (account.wants <= SMALL || taken == 0)) {
            return true;
        }
        long free = bytesMax - taken;
        Account<G> first = first(now);
        if (first != null) {
            // Small ones go before it, and shall not keep it waiting for ever.
            return account == first && account.wants <= free + slack();
        }
        // Who has much leaves as much to the others.
        return account.has + account.wants <= free;
    }

    /** Whose turn it is of those that have waited for long: one of the origin that has least; null if nobody has. */
    private @Nullable Account<G> first(long now) {
        Account<G> first = null;
        for (Account<G> account : line) {
            if (now - account.waitsSince < AGED_NANOS) {
                break;
            }
            if (first == null
                    || account.origin.has < first.origin.has
                    || (account.origin.has == first.origin.has && account.patience(now) > first.patience(now))) {
                first = account;
            }
        }
        return first;
    }

    private long slack() {
        return bytesMax / 8;
    }

    private void grant(Account<G> account, long now) {
        line.remove(account);
        stalled.remove(account);
        account.changes(account.wants);
        taken += account.wants;
        account.wants = 0;
        account.movedThen = account.guest.moved();
        account.watchedSince = now;
    }

    /** So much of what it was granted is needed no more. */
    public void givesBack(G guest, long bytes, long now) {
        Account<G> account = accounts.get(guest);
        if (account == null) {
            return;
        }
        if (bytes > account.has) {
            throw new IllegalStateException("more is given back than was granted: " + bytes + " of " + account.has);
        }
        account.changes(-bytes);
        taken -= bytes;
        if (stalled.remove(account)) {
            account.waitsSince = now;
            line.add(account);
        }
        forgetIfEmpty(account);
    }

    private void forgetIfEmpty(Account<G> account) {
        if (account.has == 0 && account.wants == 0) {
            forget(account.guest);
        }
    }

    /** The connection is gone, and all that was under way for it. */
    public void left(G guest) {
        Account<G> account = forget(guest);
        if (account != null) {
            taken -= account.has;
            account.changes(-account.has);
            line.remove(account);
            stalled.remove(account);
        }
    }

    /** Who of those that wait gets something now; to be asked whenever something was given back, and in time. */
    public List<Grant<G>> grants(long now) {
        if (line.isEmpty() && stalled.isEmpty()) {
            return List.of();
        }
        List<Grant<G>> grants = new ArrayList<>();
        grantTo(line, now, grants);
        if (line.isEmpty()) {
            grantTo(stalled, now, grants);
        }
        return grants;
    }

    private void grantTo(LinkedHashSet<Account<G>> waiting, long now, List<Grant<G>> grants) {
        for (Account<G> account = first(now); account != null && grantTo(account, now, grants); account = first(now)) {
            // Who comes next has waited for long as well.
        }
        for (Account<G> account : List.copyOf(waiting)) {
            grantTo(account, now, grants);
        }
    }

    private boolean grantTo(Account<G> account, long now, List<Grant<G>> grants) {
        long wanted = account.wants;
        if (!isDue(account, now)) {
            return false;
        }
        grant(account, now);
        grants.add(new Grant<>(account.guest, wanted));
        return true;
    }

    /** When time alone may have changed something for those that wait. */
    public long nextDeadline() {
        return line.isEmpty() ? Machine.NEVER : Math.max(lookedAt, line.getFirst().waitsSince) + AGED_NANOS;
    }

    /**
     * Who has to go, since somebody has waited for long for what others do not use: of those that are stuck one of the origin that
     * has most, and of these the one that has most. Nobody, if whatever is under way gets on, or waits for the disk.
     */
    public @Nullable G givesWay(long now) {
        lookedAt = now;
        List<Account<G>> stuck = new ArrayList<>();
        for (Account<G> account : accounts.values()) {
            if (isStuck(account, now)) {
                stuck.add(account);
                if (line.remove(account)) {
                    stalled.add(account);
                }
            }
        }
        if (line.isEmpty() || now - line.getFirst().waitsSince < STUCK_NANOS) {
            return null;
        }
        Account<G> leaving = stuck.stream()
                .max(Comparator.<Account<G>>comparingLong(it -> it.origin.has).thenComparingLong(it -> it.has))
                .orElse(null);
        if (leaving == null) {
            return null;
        }
        left(leaving.guest);
        return leaving.guest;
    }

    private boolean isStuck(Account<G> account, long now) {
        if (account.has - account.guest.runningBytes() <= AT_HAND || now - account.watchedSince < STUCK_NANOS) {
            return false;
        }
        long moved = account.guest.moved();
        if (moved - account.movedThen < PACE) {
            return true;
        }
        account.movedThen = moved;
        account.watchedSince = now;
        return false;
    }

    public long taken() {
        return taken;
    }

    /** How many wait. */
    public int waiting() {
        return line.size() + stalled.size();
    }

    public void digest(StateDigest digest) {
        digest.add(bytesMax).add(taken).add(lookedAt).add(accounts.size());
        for (Account<G> account : accounts.values()) {
            digest.add(account.has)
                    .add(account.wants)
                    .add(account.waitsSince)
                    .add(account.movedThen)
                    .add(account.watchedSince)
                    .add(stalled.contains(account));
        }
        line.forEach(account -> digest.add(account.waitsSince).add(account.wants));
    }
}
