package dst.realnode.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any rules, in any order and writing, against a judge that compares strings of bits. */
class AccessPropertiesTest {
    private static final List<String> EXPORTS = List.of("a", "b");
    private static final List<String> WORDS = List.of("none", "r", "w", "rw");
    private static final Permission[] PERMISSIONS = {Permission.NONE, Permission.READ, Permission.WRITE, Permission.BOTH
    };

    /**
     * A network, or with all its bits one address.
     *
     * @param six whether it is one of IPv6
     * @param low the last sixteen bits of the address; those before are the same for all
     */
    record Net(boolean six, int low, int bits) {
        private static final String HEAD = "0010000000000001" + "0".repeat(96);

        Net {
            int free = Math.max(0, (six ? 128 : 32) - bits);
            low = free >= 16 ? 0 : low >> free << free;
        }

        /** As a string of bits that all its addresses begin with. */
        String prefix() {
            String tail = Integer.toBinaryString(1 << 16 | low).substring(1);
            String all = six ? HEAD + tail : "0000101000000000" + tail;
            // Of a large network nothing of the address is left but what counts.
            return (six ? "6" : "4") + all.substring(0, bits);
        }

        boolean isWhole() {
            return bits == (six ? 128 : 32);
        }

        String address() {
            String bits = prefix().substring(1);
            String all = bits + "0".repeat((six ? 128 : 32) - bits.length());
            return six ? groups(all, "%x") : quad(all);
        }

        private static String quad(String all) {
            List<String> bytes = new ArrayList<>();
            for (int i = 0; i < 32; i += 8) {
                bytes.add(String.valueOf(Integer.parseInt(all.substring(i, i + 8), 2)));
            }
            return String.join(".", bytes);
        }

        static String groups(String all, String format) {
            List<String> groups = new ArrayList<>();
            for (int i = 0; i < 128; i += 16) {
                groups.add(String.format(Locale.ROOT, format, Integer.parseInt(all.substring(i, i + 16), 2)));
            }
            return String.join(":", groups);
        }

        /** One of the ways in which people write it. */
        String written(int way) {
            String bitsOfAll = prefix().substring(1);
            String full = bitsOfAll + "0".repeat((six ? 128 : 32) - bitsOfAll.length());
            if (!six) {
                String mapped = "0".repeat(80) + "1".repeat(16) + full;
                return switch (way % 4) {
                    case 0 -> quad(full) + (isWhole() ? "" : "/" + bits);
                    case 1 -> quad(full) + "/" + bits;
                    case 2 -> "::ffff:" + quad(full) + "/" + (bits + 96);
                    default -> groups(mapped, "%04X") + (isWhole() ? "" : "/" + (bits + 96));
                };
            }
            return switch (way % 4) {
                case 0 -> groups(full, "%x") + (isWhole() ? "" : "/" + bits);
                case 1 -> groups(full, "%04X") + "/" + bits;
                case 2 -> groups(full, "%x").replaceFirst("(^|:)0(:0)+(:|$)", "::") + "/" + bits;
                default -> groups(full, "%x").replaceFirst("(^|:)0(:0)+(:|$)", "::") + (isWhole() ? "" : "/" + bits);
            };
        }
    }

    /** Whom a rule means, as a string of bits that theirs begin with, and one of its writings. */
    record Meant(String prefix, String written) {}

    record Rule(String export, Meant who, int permission) {
        String text() {
            return (export.isEmpty() ? "" : export + "@") + who.written + "=" + WORDS.get(permission);
        }
    }

    @Provide
    Arbitrary<Net> nets() {
        Arbitrary<Integer> low = Arbitraries.integers().between(0, 7);
        Arbitrary<Net> four = Combinators.combine(low, Arbitraries.integers().between(0, 32))
                .as((last, bits) -> new Net(false, last, bits));
        Arbitrary<Net> six = Combinators.combine(low, Arbitraries.integers().between(0, 128))
                .as((last, bits) -> new Net(true, last, bits));
        // Most of them near each other, so that they are within each other.
        Arbitrary<Net> near = Combinators.combine(low, Arbitraries.integers().between(29, 32))
                .as((last, bits) -> new Net(false, last, bits));
        return Arbitraries.oneOf(four, six, near, near);
    }

    @Provide
    Arbitrary<List<Rule>> rules() {
        Arbitrary<Meant> networks = Combinators.combine(
                        nets(), Arbitraries.integers().between(0, 3))
                .as((net, way) -> new Meant(net.prefix(), net.written(way)));
        Arbitrary<Meant> who =
                Arbitraries.oneOf(networks, networks, Arbitraries.of(new Meant("", "*"), new Meant("u", "unix")));
        return Combinators.combine(
                        Arbitraries.of("", "a", "b"),
                        who,
                        Arbitraries.integers().between(0, 3))
                .as(Rule::new)
                .list()
                .ofMaxSize(12);
    }

    /** The longest prefix counts, then the rule for one export, then the last word. */
    private static Permission judge(List<Rule> rules, String export, String principal) {
        Permission best = Permission.NONE;
        int exactness = -1;
        for (Rule rule : rules) {
            boolean means =
                    principal.startsWith(rule.who.prefix) && (rule.export.isEmpty() || rule.export.equals(export));
            int one = rule.who.prefix.length() * 2 + (rule.export.isEmpty() ? 0 : 1);
            if (means && one >= exactness) {
                exactness = one;
                best = PERMISSIONS[rule.permission];
            }
        }
        return best;
    }

    private static AccessRules table(List<Rule> rules) {
        AccessRules table = new AccessRules();
        rules.forEach(rule -> table.add(rule.text(), EXPORTS));
        return table;
    }

    @Property
    void whatCountsIsTheMostExactRuleAndOfTwoForTheSameTheLast(
            @ForAll("rules") List<Rule> rules, @ForAll("nets") Net net) {
        AccessRules table = table(rules);
        Net one = new Net(net.six, net.low, net.six ? 128 : 32);
        for (String export : EXPORTS) {
            assertEquals(judge(rules, export, one.prefix()), table.permission(export, one.address()), one.address());
            assertEquals(judge(rules, export, "u"), table.permission(export, "unix"));
        }
    }

    @Property
    void twoWritingsOfOneNetworkAreOneRule(
            @ForAll("nets") Net net, @ForAll byte one, @ForAll byte other, @ForAll("rules") List<Rule> before) {
        AccessRule first = AccessRule.parse(net.written(one & 3) + "=rw");
        AccessRule second = AccessRule.parse(net.written(other & 3) + "=rw");
        assertEquals(first, second);
        AccessRules table = table(before);
        table.add(first.toString(), EXPORTS);
        int rules = table.shown("a").size();
        table.add(net.written(other & 3) + "=none", EXPORTS);
        assertEquals(rules, table.shown("a").size());
    }

    @Property
    void whatIsShownIsReadAsTheSame(@ForAll("rules") List<Rule> rules) {
        for (Rule rule : rules) {
            AccessRule read = AccessRule.parse(rule.text());
            assertEquals(read, AccessRule.parse(read.toString()));
        }
    }

    @Property
    void whatAnOperatorHearsOfAnAddressIsWhatItMayDo(
            @ForAll("rules") List<Rule> rules, @ForAll("nets") Net net, @ForAll byte word) {
        AccessRules table = table(rules);
        Net one = new Net(net.six, net.low, net.six ? 128 : 32);
        List<String> said = table.allow(
                one.written(word & 3) + "=" + WORDS.get(word & 3), Map.of("a", Permission.BOTH, "b", Permission.BOTH));
        for (String export : EXPORTS) {
            String expected = "export " + export + ": " + Who.of(one.address()) + "="
                    + AccessRule.word(table.permission(export, one.address()));
            assertEquals(
                    1,
                    said.stream()
                            .filter(line -> line.equals(expected) || line.startsWith(expected + ","))
                            .count(),
                    said::toString);
        }
    }
}
