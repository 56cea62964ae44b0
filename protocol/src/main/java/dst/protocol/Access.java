package dst.protocol;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who may do what with an export (R6): whoever is not named has what {@link #ANYBODY} has, and nothing if that is not named. */
public record Access(SortedMap<String, Permission> rules) {
    /** Stands for everybody who has no rule of his own. */
    public static final String ANYBODY = "*";

    public static final Access NOBODY = new Access(new TreeMap<>());

    public Access {
        rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
    }

    public static Access ofEverybody(Permission permission) {
        return NOBODY.with(ANYBODY, permission);
    }

    public Access with(String principal, Permission permission) {
        TreeMap<String, Permission> changed = new TreeMap<>(rules);
        changed.put(principal, permission);
        return new Access(changed);
    }

    public Permission of(String principal) {
        Permission named = rules.get(principal);
        return named != null ? named : rules.getOrDefault(ANYBODY, Permission.NONE);
    }

    public boolean admitsNobody() {
        return rules.values().stream().allMatch(permission -> permission == Permission.NONE);
    }
}
