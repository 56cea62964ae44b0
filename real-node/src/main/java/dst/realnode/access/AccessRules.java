package dst.realnode.access;

import dst.protocol.Access;
import dst.protocol.Permission;
import dst.realnode.WrongInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * R6: who may do what with which export. Whoever no rule means may do nothing; of several rules the most exact one counts, and of two
 * for the same the one that was said last. Any thread may use it.
 */
public final class AccessRules {
    private final List<AccessRule> rules = new ArrayList<>();

    /** Adds a rule, or replaces the one for the same. It may speak of these exports. */
    public void add(String text, Collection<String> exports) {
        add(AccessRule.parse(text), exports);
    }

    private synchronized Optional<AccessRule> add(AccessRule rule, Collection<String> exports) {
        rule.checkExport(exports);
        Optional<AccessRule> before = rules.stream().filter(rule::isForTheSame).findFirst();
        before.ifPresent(rules::remove);
        rules.add(rule);
        return before;
    }

    public synchronized Permission permission(String export, String principal) {
        return permission(export, Who.of(principal));
    }

    private Permission permission(String export, Who who) {
        return deciding(export, who).map(AccessRule::permission).orElse(Permission.NONE);
    }

    /** The rule that counts for all of those who are meant, but for whom a more exact one means. */
    private Optional<AccessRule> deciding(String export, Who who) {
        return rules.stream()
                .filter(rule -> rule.isOf(export) && rule.who().includes(who))
                .max(Comparator.comparingInt(AccessRule::exactness));
    }

    /** For each of those whom some rule means, what counts for them. */
    private SortedMap<String, Permission> counting(String export) {
        SortedMap<String, Permission> counting = new TreeMap<>();
        for (AccessRule rule : rules) {
            if (rule.isOf(export)) {
                counting.put(rule.who().toString(), permission(export, rule.who()));
            }
        }
        return counting;
    }

    /** What the machine has to know: each principal that is there by name, and that there are others who might come. */
    public synchronized Access accessOf(String export, Collection<String> present) {
        Access access = Access.NOBODY;
        for (Map.Entry<String, Permission> entry : counting(export).entrySet()) {
            access = access.with("rule " + entry.getKey(), entry.getValue());
        }
        for (String principal : present) {
            access = access.with(principal, permission(export, principal));
        }
        return access;
    }

    /** Whether somebody may do something with it, of what the export itself permits. */
    public synchronized boolean admitsAnybody(String export, Permission most) {
        return counting(export).values().stream().anyMatch(given -> given.and(most) != Permission.NONE);
    }

    /** What counts for the export, as rules are written. */
    public synchronized List<String> shown(String export) {
        return counting(export).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + AccessRule.word(entry.getValue()))
                .toList();
    }

    /**
     * An operator adds a rule, or takes rights away with one. Says what is in force now for those whom it means, which need not be what
     * the rule says: a more exact one may count.
     *
     * @param exports what there is, and what each permits at most
     */
    public synchronized List<String> allow(String text, Map<String, Permission> exports) {
        AccessRule rule = AccessRule.parse(text);
        Optional<AccessRule> before = add(rule, exports.keySet());
        List<String> said = new ArrayList<>();
        said.add("from now on: " + rule
                + before.filter(old -> !old.equals(rule))
                        .map(old -> ", and no longer " + AccessRule.word(old.permission()))
                        .orElse(""));
        exports.forEach((export, most) -> {
            if (rule.isOf(export)) {
                said.add(inForce(export, rule, most));
            }
        });
        return said;
    }

    private String inForce(String export, AccessRule rule, Permission most) {
        AccessRule deciding = deciding(export, rule.who()).orElse(rule);
        StringBuilder line = new StringBuilder("export " + export + ": " + rule.who() + "=" + word(deciding, most));
        if (!deciding.equals(rule)) {
            line.append(", since ").append(deciding).append(" is more exact");
        }
        String separator = ", but ";
        for (Map.Entry<String, Permission> entry :
                exceptions(export, rule.who(), most).entrySet()) {
            line.append(separator).append(entry.getKey()).append('=').append(AccessRule.word(entry.getValue()));
            separator = ", ";
        }
        return line.toString();
    }

    private static String word(AccessRule rule, Permission most) {
        Permission left = rule.permission().and(most);
        return AccessRule.word(left) + (left == rule.permission() ? "" : " (the export is read-only)");
    }

    /** Those among them for whom something else counts than for the others around them, who may be such an exception themselves. */
    private SortedMap<String, Permission> exceptions(String export, Who who, Permission most) {
        List<Who> within = rules.stream()
                .filter(rule -> rule.isOf(export))
                .map(AccessRule::who)
                .filter(it -> who.includes(it) && !who.equals(it))
                .toList();
        SortedMap<String, Permission> exceptions = new TreeMap<>();
        for (Who one : within) {
            Who around = within.stream()
                    .filter(it -> it.includes(one) && !it.equals(one))
                    .max(Comparator.comparingInt(Who::exactness))
                    .orElse(who);
            Permission given = permission(export, one).and(most);
            if (given != permission(export, around).and(most)) {
                exceptions.put(one.toString(), given);
            }
        }
        return exceptions;
    }

    /** Whether somebody who can come there may do something with it, of what the export itself permits. */
    public synchronized boolean admitsAnybody(Door door, String export, Permission most) {
        for (Who coming : door.reach()) {
            for (AccessRule rule : rules) {
                Optional<Who> meant = rule.who().among(coming);
                if (rule.isOf(export)
                        && meant.isPresent()
                        && permission(export, meant.get()).and(most) != Permission.NONE) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A node that lets nobody in, or nobody at one of its doors, is a mistake of whoever starts it: it opens no port. */
    public synchronized void checkThatSomebodyIsAdmitted(Map<String, Permission> exports, List<Door> doors) {
        boolean admits = exports.entrySet().stream().anyMatch(one -> admitsAnybody(one.getKey(), one.getValue()));
        if (!admits) {
            throw new WrongInput("nobody may use anything here, so no port is opened: say who may, for example --allow "
                    + doors.getFirst().example() + " (more exactly: --allow EXPORT@WHO=r|w|rw)");
        }
        for (Door door : doors) {
            if (exports.entrySet().stream().noneMatch(one -> admitsAnybody(door, one.getKey(), one.getValue()))) {
                throw new WrongInput(door + ": whoever comes there comes " + door.whoComes()
                        + ", and is let in by no rule of " + String.join(", ", written())
                        + ", so no port is opened: add for example --allow " + door.example()
                        + ", or listen where those come from whom the rules let in");
            }
        }
    }

    private List<String> written() {
        return rules.stream().map(AccessRule::toString).toList();
    }
}
