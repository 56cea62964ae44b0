package dst.protocol.wire;

import dst.protocol.BootCause;
import dst.protocol.Kind;
import dst.protocol.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where docs/PROTOCOL.md and the code say different things, in words; empty if they agree. */
final class Deviations {
    private static final Map<String, Integer> SIZES =
            Map.of("u8", 1, "u16", 2, "u32", 4, "u64", 8, "u128", 16, "count", 4, "number", 8);

    private final Specification specification;

    /** The sources of the machines by their path from {@code dst/protocol/} on, without the ending. */
    private final Map<String, String> sources;

    private final List<String> found = new ArrayList<>();

    private Deviations(Specification specification, Map<String, String> sources) {
        this.specification = specification;
        this.sources = sources;
    }

    static List<String> of(Specification specification, Map<String, String> sources) {
        Deviations deviations = new Deviations(specification, sources);
        deviations.types();
        deviations.attributes();
        deviations.numbers();
        deviations.layouts();
        deviations.exchange();
        deviations.rules();
        deviations.limits();
        deviations.states();
        return deviations.found;
    }

    private void compare(String what, Object code, Object document) {
        if (!code.equals(document)) {
            found.add(what + ": the code says " + code + ", the document " + document);
        }
    }

    /** Only what differs is told; if nothing does, it is the order. */
    private void compareAll(String what, List<String> code, List<String> document) {
        List<String> missing = new ArrayList<>(code);
        missing.removeAll(document);
        List<String> extra = new ArrayList<>(document);
        extra.removeAll(code);
        if (missing.isEmpty() && extra.isEmpty()) {
            compare(what, code, document);
        } else {
            compare(what, missing, extra);
        }
    }

    private void types() {
        List<String> code = new ArrayList<>();
        for (Type type : Type.values()) {
            code.add(type.code() + " " + type.word() + " " + lowerName(type.to()) + " " + lowerName(type.due()) + " "
                    + (type.group() == null ? "fixed" : "attributes") + " " + type.mayCarryPayload());
        }
        List<String> document = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (List<String> row : specification.table("Message types", 0)) {
            names.add(row.get(1));
            document.add(row.get(0) + " " + row.get(1).toLowerCase(Locale.ROOT) + " " + row.get(2) + " " + row.get(3)
                    + " " + row.get(4) + " " + !row.get(5).isEmpty());
        }
        compareAll("message types", code, document);
        compare("messages", simpleNames(Message.Framed.class.getPermittedSubclasses()), names);
    }

    private void attributes() {
        List<String> code = new ArrayList<>();
        for (Attribute attribute : Attribute.values()) {
            code.add(String.format(Locale.ROOT, "0x%04X %s %s", attribute.code(), attribute.word(), attribute.form())
                    .toLowerCase(Locale.ROOT));
        }
        List<String> document = new ArrayList<>();
        for (List<String> row : specification.table("Attributes", 1)) {
            document.add(String.join(" ", row.subList(0, 3)).toLowerCase(Locale.ROOT));
        }
        compareAll("attributes", code, document);

        compareAll("forms", lowerNames(Form.values()), column(specification.table("Attributes", 2), 0));

        List<String> groups = new ArrayList<>();
        List<Group> all = new ArrayList<>();
        for (Type type : Type.values()) {
            if (type.group() != null) {
                all.add(type.group());
            }
        }
        all.addAll(Group.NESTED);
        for (Group group : all) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < group.size(); i++) {
                words.add(group.member(i).word());
            }
            groups.add(group.word() + " " + String.join(", ", words));
        }
        List<String> documented = new ArrayList<>();
        for (List<String> row : specification.table("Attributes", 3)) {
            documented.add(row.get(0) + " " + row.get(1));
        }
        compareAll("what belongs in which", groups, documented);
    }

    private void numbers() {
        List<String> problems = new ArrayList<>();
        for (Problem problem : Problem.values()) {
            problems.add(problem.code() + " " + problem.name());
        }
        compareAll("problems", problems, firstTwo(specification.table("Problems", 0)));

        List<String> causes = new ArrayList<>();
        for (BootCause cause : BootCause.values()) {
            causes.add(cause.code() + " " + cause.name() + " " + cause.words());
        }
        List<String> told = new ArrayList<>();
        for (List<String> row : specification.table("Causes of a boot", 0)) {
            told.add(String.join(" ", row.subList(0, 3)));
        }
        compareAll("causes of a boot", causes, told);

        List<String> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.add(kind.code() + " " + kind + " " + kind.changes() + " " + kind.leavesContent());
        }
        List<String> documented = new ArrayList<>();
        for (List<String> row : specification.table("Kinds", 0)) {
            documented.add(row.get(0) + " " + row.get(1) + " " + row.get(3).equals("yes") + " "
                    + row.get(4).equals("yes"));
        }
        compareAll("kinds", kinds, documented);

        List<String> flags = List.of(
                Message.Request.DURABLE + " DURABLE",
                Message.Request.RESEND + " RESEND",
                Message.Request.REPLAY + " REPLAY");
        compareAll("request flags", flags, firstTwo(specification.table("Request flags", 0)));
        compare(
                "all request flags",
                Message.Request.ALL_FLAGS,
                flags.stream()
                        .mapToInt(flag -> Integer.parseInt(flag.substring(0, 1)))
                        .sum());
    }

    private void layouts() {
        layout("Preamble", Wire.PREAMBLE_BYTES);
        layout("Frame", Wire.FRAME_BYTES);
        layout("Request", HeadWriter.REQUEST_BYTES);
        layout("Answer", HeadWriter.ANSWER_BYTES);
        String magic = String.format(Locale.ROOT, "0x%016X", Wire.MAGIC);
        compare("the magic", true, specification.section("Preamble").contains(magic));
        String frame = String.format(Locale.ROOT, "0x%08X", Wire.FRAME_MAGIC);
        compare("the frame's magic", true, specification.section("Frame").contains(frame));
    }

    /** Each field begins where the one before ends, and the last one ends with the whole. */
    private void layout(String heading, int bytes) {
        int at = 0;
        for (List<String> row : specification.table(heading, 0)) {
            compare("the place of '" + row.get(2) + "' in " + heading, at, Integer.parseInt(row.get(0)));
            at += SIZES.getOrDefault(row.get(1), 0);
        }
        compare("the length of " + heading, bytes, at);
    }

    private void exchange() {
        List<String> code = new ArrayList<>();
        for (ExchangeInBytes.Said said : ExchangeInBytes.all()) {
            String arrow = said.direction() == Direction.TO_SERVER ? "> " : "< ";
            code.add(arrow + said.message().getClass().getSimpleName() + " " + said.hex());
        }
        List<String> document = new ArrayList<>();
        for (String part : specification.section("An exchange in bytes").split("\n {4}(?=[<>] )", -1)) {
            if (part.startsWith("> ") || part.startsWith("< ")) {
                String[] lines = part.split("\n", 2);
                document.add(lines[0] + " " + Stream.hex(Stream.unhex(lines[1])));
            }
        }
        compareAll("the exchange", code, document);
    }

    /** Every rule that is spoken of is defined, and every one that is built is cited where it is kept. */
    private void rules() {
        Set<String> defined = new TreeSet<>();
        for (List<String> row : specification.table("Promises", 0)) {
            defined.add(row.get(0).replace("*", ""));
        }
        Set<String> cited = new TreeSet<>();
        Set<String> kept = new TreeSet<>();
        sources.forEach((name, source) -> {
            Set<String> rules = Specification.rulesIn(source);
            cited.addAll(rules);
            if (name.matches("(client|server|wire)/.*")) {
                kept.addAll(rules);
            }
        });
        Set<String> charged = charged();
        for (String chapter : List.of("Handshake", "Transactions", "Durability", "Liveness", "Limits and refusals")) {
            for (List<String> row : specification.table(chapter, 0)) {
                String rule = row.get(0).replace("*", "");
                compare("rule " + rule + " is defined once", true, defined.add(rule));
                compare("how far rule " + rule + " is built", true, row.get(2).matches("yes|partly|no"));
                if (row.get(2).equals("yes") && !kept.contains(rule)) {
                    found.add("rule " + rule + " is built, says the document, but no code cites it");
                }
                charged.removeAll(bound(rule, row.get(1)));
            }
        }
        Set<String> unknown = new TreeSet<>(cited);
        unknown.addAll(Specification.rulesIn(specification.text()));
        unknown.removeAll(defined);
        compare("rules cited and not defined", Set.of(), unknown);
        Set<String> worded = Specification.matches(
                Pattern.compile("(?<=^    )[A-Z]\\d(?=\\(\")", Pattern.MULTILINE), sources.getOrDefault("Rules", ""));
        compare("rules that have words", worded, defined);
        charged.removeIf(charge -> charge.startsWith("G"));
        compare("rules that the referee watches at a side that they do not bind", charged, Set.of());
    }

    /** Each rule and side that an observer of the referee can convict. */
    private Set<String> charged() {
        Pattern charge = Pattern.compile("charges\\.charge\\(Rules\\.([A-Z]\\d), Side\\.([A-Z]+)\\)");
        Set<String> charged = new TreeSet<>();
        sources.forEach((name, source) -> {
            Matcher matcher = charge.matcher(source);
            while (matcher.find()) {
                charged.add(matcher.group(1) + " " + matcher.group(2));
            }
        });
        return charged;
    }

    private static Set<String> bound(String rule, String sides) {
        Set<String> bound = new TreeSet<>();
        for (String side : sides.replace("both", "client, server").split(", ", -1)) {
            bound.add(rule + " " + side.toUpperCase(Locale.ROOT));
        }
        return bound;
    }

    private void limits() {
        for (List<String> row : specification.table("Limits", 0)) {
            List<String> quoted = new ArrayList<>();
            Matcher matcher = Pattern.compile("`([^`]+)`").matcher(row.get(2));
            while (matcher.find()) {
                quoted.add(matcher.group(1));
            }
            String source = sources.getOrDefault(quoted.getFirst(), "");
            for (String literal : quoted.subList(1, quoted.size())) {
                boolean stands = Pattern.compile(Pattern.quote(literal) + "(?![0-9_])")
                        .matcher(source)
                        .find();
                compare("'" + literal + "' stands in " + quoted.getFirst(), true, stands);
                Matcher number = Pattern.compile("= (\\d+)$").matcher(literal);
                if (number.find()) {
                    compare(
                            "the value of '" + literal + "'",
                            true,
                            List.of(row.get(1).split(" ", -1)).contains(number.group(1)));
                }
            }
        }
    }

    private void states() {
        Pattern phase = Pattern.compile("\\b[A-Z][a-z]+\\b");
        Pattern constant = Pattern.compile("\\b[A-Z]{4,}\\b");
        states("Client: its link", 0, phase, "client.Session$State");
        states("Client: its life", 0, constant, "client.Client$Life");
        states("Server: a link", 0, phase, "server.ServerLink$Phase");
        states("Server: a task", 1, constant, "server.Task$State");
        states("Server: a disk", 0, constant, "server.Store$State");
        states("Server: a takeover", 0, constant, "server.Takeover$Step");
    }

    private void states(String heading, int nth, Pattern pattern, String type) {
        List<List<String>> table = specification.table(heading, nth);
        Set<String> from = Specification.matches(pattern, String.join(" ", column(table, 0)));
        compare("states of " + type, statesOf(type), from);
        if (table.getFirst().size() == 4) {
            Set<String> to = Specification.matches(pattern, String.join(" ", column(table, 2)));
            to.removeAll(from);
            compare("states gone to in " + heading, Set.of(), to);
        }
    }

    private static Set<String> statesOf(String type) {
        try {
            Class<?> found = Class.forName("dst.protocol." + type);
            return found.isEnum()
                    ? new TreeSet<>(Arrays.stream(found.getEnumConstants())
                            .map(Object::toString)
                            .toList())
                    : simpleNames(found.getPermittedSubclasses());
        } catch (ClassNotFoundException gone) {
            throw new AssertionError("there is no " + type, gone);
        }
    }

    private static Set<String> simpleNames(Class<?>[] types) {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : types) {
            if (!type.isInterface()) {
                names.add(type.getSimpleName());
            }
        }
        return names;
    }

    private static List<String> lowerNames(Enum<?>[] values) {
        return Arrays.stream(values).map(Deviations::lowerName).toList();
    }

    private static String lowerName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> column(List<List<String>> table, int index) {
        return table.stream().map(row -> row.get(index)).toList();
    }

    private static List<String> firstTwo(List<List<String>> table) {
        return table.stream().map(row -> row.get(0) + " " + row.get(1)).toList();
    }

    /** The sources under {@code protocol/src/main/java/dst/protocol}. */
    static Map<String, String> sources() {
        java.nio.file.Path folder = Specification.root().resolve("protocol/src/main/java/dst/protocol");
        Map<String, String> sources = new TreeMap<>();
        try (var files = java.nio.file.Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> sources.put(
                            folder.relativize(file)
                                    .toString()
                                    .replace('\\', '/')
                                    .replace(".java", ""),
                            Specification.content(file)));
        } catch (java.io.IOException wrong) {
            throw new java.io.UncheckedIOException(wrong);
        }
        return sources;
    }
}
