package dst.scenarios.bench;

import dst.protocol.Kind;
import dst.protocol.Prng;
import dst.reports.check.Ledger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A large history of single blocks, made in memory from a seed: each client has an operation under way at every moment, which takes
 * effect some time between its submission and its end, so that all of them overlap. What is broken in it is planted.
 */
final class Overlapping {
    static final int BLOCK_SIZE = 512;

    private static final int PLANTS_MAX = 32;

    private final Prng prng;
    private final Ledger ledger;
    private final int operations;
    private final int[] content;
    private final @Nullable Plant[] plants;
    private final int[] places;
    private final int[] blocks;
    private final int[] seen;
    private final Stage[] stages;
    private final boolean[] writes;
    /** Writes of which nobody is told what became of them. */
    private final boolean[] vague;

    private final int[] older;
    private final boolean staleEverywhere;
    private int submitted;
    private long now;

    /** What is wrong with a history. */
    enum Breakage {
        STALE_READ("a stale read"),
        LOST_WRITE("a lost write"),
        RESURRECTED_WRITE("a resurrected write"),
        STALE_EVERYWHERE("one read in a hundred stale");

        final String words;

        Breakage(String words) {
            this.words = words;
        }
    }

    private enum Stage {
        UNDER_WAY,
        EFFECTIVE,
        OVER
    }

    /** One violation in one block. */
    private static final class Plant {
        final Breakage breakage;
        /** The write that is lost or comes back, or the content that is read too late. */
        int victim = Ledger.NOTHING;

        boolean victimOver;
        /** A write that came surely after the victim. */
        int successor = Ledger.NOTHING;

        boolean successorOver;
        /** A read that came surely after that. */
        int reader = Ledger.NOTHING;

        boolean sprung;

        Plant(Breakage breakage) {
            this.breakage = breakage;
        }

        boolean isFrozen() {
            return breakage == Breakage.LOST_WRITE && victim != Ledger.NOTHING && !sprung;
        }

        boolean isDropped(int place) {
            return place == victim && breakage != Breakage.STALE_READ;
        }
    }

    private Overlapping(long seed, int operations, int clients, int blockCount, Set<Breakage> broken) {
        this.prng = new Prng(seed);
        this.ledger = Ledger.ofOneClient(BLOCK_SIZE, operations);
        this.operations = operations;
        content = filled(blockCount, Ledger.ZERO);
        older = filled(blockCount, Ledger.ZERO);
        plants = new Plant[blockCount];
        places = new int[clients];
        blocks = new int[clients];
        seen = new int[clients];
        stages = new Stage[clients];
        writes = new boolean[clients];
        vague = new boolean[clients];
        staleEverywhere = broken.contains(Breakage.STALE_EVERYWHERE);
        List<Breakage> single = broken.stream()
                .filter(breakage -> breakage != Breakage.STALE_EVERYWHERE)
                .sorted()
                .toList();
        int apart = Math.max(1, blockCount / PLANTS_MAX);
        for (int i = 0; !single.isEmpty() && i * apart < blockCount; i++) {
            plants[i * apart] = new Plant(single.get(i % single.size()));
        }
    }

    /** A history told to a ledger, ready to be judged. Of single violations each block gets one at most, in its second half. */
    static Ledger history(long seed, int operations, int clients, int blockCount, Set<Breakage> broken) {
        Overlapping overlapping = new Overlapping(seed, operations, clients, blockCount, broken);
        overlapping.run();
        return overlapping.ledger;
    }

    private static int[] filled(int size, int value) {
        int[] array = new int[size];
        Arrays.fill(array, value);
        return array;
    }

    private void run() {
        for (int client = 0; client < places.length; client++) {
            submit(client);
        }
        int over = 0;
        while (over < places.length) {
            int client = (int) prng.below(places.length);
            switch (stages[client]) {
                case UNDER_WAY -> takeEffect(client);
                case EFFECTIVE -> {
                    settle(client);
                    submit(client);
                    over += stages[client] == Stage.OVER ? 1 : 0;
                }
                case OVER -> {}
            }
            // A violation that waits for a read, and nobody is left to read.
            if (submitted == operations && over > 0 && isFrozen()) {
                thaw();
            }
        }
    }

    private void submit(int client) {
        if (submitted == operations) {
            stages[client] = Stage.OVER;
            return;
        }
        int block = (int) prng.below(content.length);
        Plant plant = plants[block];
        boolean write = prng.chance(1, 2) && !(plant != null && plant.isFrozen());
        submitted++;
        int place = ledger.submitted(
                submitted, write ? Kind.WRITE : Kind.READ, false, (long) block * BLOCK_SIZE, BLOCK_SIZE, now += 1000);
        places[client] = place;
        blocks[client] = block;
        writes[client] = write;
        vague[client] = write && prng.chance(1, 1000);
        stages[client] = Stage.UNDER_WAY;
        if (plant != null && submitted > operations / 2 && !plant.sprung) {
            prepare(plant, block, place, write);
        }
    }

    /** Chooses who takes part in a violation, as they are submitted. */
    private void prepare(Plant plant, int block, int place, boolean write) {
        if (plant.victim == Ledger.NOTHING) {
            boolean settled = content[block] != Ledger.ZERO && !isUnderWay(content[block]);
            if (plant.breakage == Breakage.STALE_READ && settled) {
                plant.victim = content[block];
                plant.victimOver = true;
            } else if (write
                    && (plant.breakage == Breakage.RESURRECTED_WRITE
                            || (plant.breakage == Breakage.LOST_WRITE && settled))) {
                plant.victim = place;
            }
        } else if (plant.victimOver && write && plant.successor == Ledger.NOTHING) {
            plant.successor = place;
        } else if (!write && plant.reader == Ledger.NOTHING) {
            boolean due = plant.breakage == Breakage.LOST_WRITE ? plant.victimOver : plant.successorOver;
            plant.reader = due ? place : plant.reader;
        }
    }

    private boolean isUnderWay(int place) {
        for (int each : places) {
            if (each == place) {
                return true;
            }
        }
        return false;
    }

    private void takeEffect(int client) {
        int block = blocks[client];
        int place = places[client];
        Plant plant = plants[block];
        if (writes[client]) {
            boolean takesPart = plant != null && place == plant.successor;
            boolean neverHappens = vague[client] && !takesPart && prng.chance(1, 2);
            if (neverHappens || (plant != null && plant.isDropped(place))) {
                stages[client] = Stage.EFFECTIVE;
                return;
            }
            if (plant != null && plant.isFrozen()) {
                return;
            }
            older[block] = (place & 63) == 0 ? content[block] : older[block];
            content[block] = place;
        } else if (plant != null && place == plant.reader) {
            if (plant.breakage == Breakage.RESURRECTED_WRITE) {
                content[block] = plant.victim;
            }
            seen[client] = plant.breakage == Breakage.STALE_READ ? plant.victim : content[block];
            plant.sprung = true;
        } else {
            seen[client] = staleEverywhere && prng.chance(1, 100) ? older[block] : content[block];
        }
        stages[client] = Stage.EFFECTIVE;
    }

    private void settle(int client) {
        int place = places[client];
        Plant plant = plants[blocks[client]];
        boolean takesPart = plant != null && (place == plant.victim || place == plant.successor);
        boolean comesBack = plant != null && plant.breakage == Breakage.RESURRECTED_WRITE && place == plant.victim;
        if (takesPart ? comesBack : vague[client]) {
            ledger.unknown(place, now += 1000);
        } else {
            ledger.done(place, now += 1000);
            if (!writes[client]) {
                ledger.found(place, seen[client]);
            }
        }
        if (plant != null) {
            plant.victimOver |= place == plant.victim;
            plant.successorOver |= place == plant.successor;
        }
    }

    private boolean isFrozen() {
        for (Plant plant : plants) {
            if (plant != null && plant.isFrozen()) {
                return true;
            }
        }
        return false;
    }

    private void thaw() {
        for (Plant plant : plants) {
            if (plant != null) {
                plant.sprung = true;
            }
        }
    }
}
