package dst.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Packages, or classes of one package, that need each other: neither can be understood, tested or moved without the other. */
final class Circles {
    private static final String OWN = "dst.";

    private final SortedMap<String, SortedMap<String, String>> arrows = new TreeMap<>();

    /** One package, or class, needs another. */
    record Arrow(String from, String to) {
        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    private Circles() {}

    static Circles in(List<Path> classFolders) {
        JavaClasses imported = new ClassFileImporter().importPaths(classFolders);
        Set<String> namespaces = new TreeSet<>();
        for (JavaClass each : imported) {
            if (each.getName().endsWith("__init")) {
                namespaces.add(each.getName().replaceAll("__init$", ""));
            }
        }
        Circles circles = new Circles();
        circles.add(imported, OWN, type -> home(type, namespaces));
        return circles;
    }

    /** Among the classes of that package, each together with those that are nested in it. */
    static Circles among(Path classFolder, String packageName) {
        JavaClasses imported = new ClassFileImporter().importPath(classFolder.resolve(packageName.replace('.', '/')));
        Circles circles = new Circles();
        circles.add(
                imported.that(DescribedPredicate.describe(
                        "of " + packageName,
                        (JavaClass type) -> type.getPackageName().equals(packageName))),
                packageName + ".",
                type -> type.getName().replaceAll("\\$.*$", ""));
        return circles;
    }

    private void add(JavaClasses imported, String own, Function<JavaClass, String> home) {
        for (JavaClass each : imported) {
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass needed = dependency.getTargetClass();
                String from = home.apply(each);
                String to = home.apply(needed);
                if (needed.getName().startsWith(own) && !from.equals(to)) {
                    arrows.computeIfAbsent(from, _ -> new TreeMap<>())
                            .merge(
                                    to,
                                    each.getName() + " needs " + needed.getName(),
                                    (a, b) -> a.compareTo(b) < 0 ? a : b);
                }
            }
        }
    }

    /** The records of a Clojure namespace have a package of its name; they belong to the package that the namespace lies in. */
    private static String home(JavaClass type, Set<String> namespaces) {
        String name = type.getPackageName();
        return namespaces.contains(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /** Each arrow that closes a circle, with the shortest one that it is part of, in one line; those that are known are left out of all circles. */
    List<String> without(Set<Arrow> known) {
        List<String> found = new ArrayList<>();
        Set<SortedSet<String>> told = new HashSet<>();
        arrows.forEach((from, needed) -> needed.keySet().forEach(to -> {
            List<String> way = known.contains(new Arrow(from, to)) ? List.of() : way(to, from, known);
            if (!way.isEmpty() && told.add(new TreeSet<>(way))) {
                List<String> circle = new ArrayList<>(List.of(from));
                circle.addAll(way);
                found.add(String.join(" -> ", circle) + ": " + needs(circle));
            }
        }));
        found.sort(Comparator.naturalOrder());
        return found;
    }

    /** Those that close no circle any more. */
    List<Arrow> needless(Set<Arrow> known) {
        return known.stream()
                .filter(arrow -> !arrows.getOrDefault(arrow.from(), Collections.emptySortedMap())
                                .containsKey(arrow.to())
                        || way(arrow.to(), arrow.from(), Set.of()).isEmpty())
                .sorted(Comparator.comparing(Arrow::toString))
                .toList();
    }

    private String needs(List<String> circle) {
        List<String> needs = new ArrayList<>();
        for (int i = 1; i < circle.size(); i++) {
            needs.add(arrows.get(circle.get(i - 1)).get(circle.get(i)));
        }
        return String.join(", ", needs);
    }

    /** The shortest way along arrows, both ends included; empty if there is none. */
    private List<String> way(String from, String to, Set<Arrow> closed) {
        Map<String, String> before = new TreeMap<>(Map.of(from, from));
        Deque<String> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty() && !before.containsKey(to)) {
            String here = next.remove();
            for (String there :
                    arrows.getOrDefault(here, Collections.emptySortedMap()).keySet()) {
                if (!closed.contains(new Arrow(here, there)) && before.putIfAbsent(there, here) == null) {
                    next.add(there);
                }
            }
        }
        List<String> way = new ArrayList<>();
        for (String at = to; before.containsKey(at); at = before.get(at)) {
            way.addFirst(at);
            if (at.equals(from)) {
                break;
            }
        }
        return way;
    }
}
