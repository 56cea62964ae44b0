package dst.protocol.model;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How much may happen in one exploration: within it, everything that can happen does. */
record Bounds(String name, int clients, int blocks, Map<Budget, Integer> times) {
    static Bounds of(String name, int clients, int blocks) {
        return new Bounds(name, clients, blocks, new EnumMap<>(Budget.class));
    }

    Bounds named(String other) {
        return new Bounds(other, clients, blocks, times);
    }

    Bounds with(Budget budget, int most) {
        Map<Budget, Integer> more = new EnumMap<>(Budget.class);
        more.putAll(times);
        more.put(budget, most);
        return new Bounds(name, clients, blocks, more);
    }

    /** Everything that may happen at all may happen that much more often. */
    Bounds deeper(int more) {
        Map<Budget, Integer> deeper = new EnumMap<>(Budget.class);
        times.forEach((budget, most) -> deeper.put(budget, most + more));
        return new Bounds(name, clients, blocks, deeper);
    }

    int most(Budget budget) {
        return times.getOrDefault(budget, 0);
    }

    @Override
    public String toString() {
        String most = times.entrySet().stream()
                .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return "%s (clients %d, blocks %d, %s)".formatted(name, clients, blocks, most);
    }
}
