package dst.realnode.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Permission;
import dst.realnode.WrongInput;
import dst.realnode.net.Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules are compared as what they mean, and what an operator hears is what is in force. */
class AccessRulesTest {
    private static final Map<String, Permission> EXPORTS = new LinkedHashMap<>();

    static {
        EXPORTS.put("disk", Permission.BOTH);
        EXPORTS.put("other", Permission.BOTH);
        EXPORTS.put("frozen", Permission.READ);
    }

    private final AccessRules rules = new AccessRules();

    private void add(String... texts) {
        for (String text : texts) {
            rules.add(text, EXPORTS.keySet());
        }
    }

    private List<String> allow(String text) {
        return rules.allow(text, EXPORTS);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1/32, 127.0.0.1",
        "127.0.0.1, ::ffff:127.0.0.1, 127.0.0.1",
        "::ffff:127.0.0.1/128, 127.0.0.1, 127.0.0.1",
        "::1, ::1/128, 0:0:0:0:0:0:0:1",
        "::1, 0:0:0:0:0:0:0:1, ::1",
        "fe80::A/128, FE80:0::a, fe80::a",
        "10.0.0.0/8, ::ffff:10.0.0.0/104, 10.1.2.3",
        "0.0.0.0/0, ::ffff:0.0.0.0/96, 10.1.2.3",
        "*, *, 10.1.2.3",
        "unix, unix, unix"
    })
    void whatIsTakenAwayIsGoneHoweverItIsWritten(String given, String taken, String principal) {
        add(given + "=rw");
        assertEquals(Permission.BOTH, rules.permission("disk", principal));
        allow(taken + "=none");
        assertEquals(Permission.NONE, rules.permission("disk", principal));
        assertFalse(rules.admitsAnybody("disk", Permission.BOTH));
    }

    @Test
    void operatorHearsWhatIsInForceForWhomTheRuleMeans() {
        add("127.0.0.1=rw");
        assertEquals(
                List.of(
                        "from now on: 127.0.0.1=none, and no longer rw",
                        "export disk: 127.0.0.1=none",
                        "export other: 127.0.0.1=none",
                        "export frozen: 127.0.0.1=none"),
                allow("127.0.0.1/32=none"));
    }

    @Test
    void operatorHearsThatAMoreExactRuleCounts() {
        add("127.0.0.1=rw", "other@127.0.0.1=r", "127.0.0.2=none", "unix=rw");
        assertEquals(
                List.of(
                        "from now on: 127.0.0.0/8=none",
                        "export disk: 127.0.0.0/8=none, but 127.0.0.1=rw",
                        "export other: 127.0.0.0/8=none, but 127.0.0.1=r",
                        "export frozen: 127.0.0.0/8=none, but 127.0.0.1=r"),
                allow("127.0.0.0/8=none"));
        assertEquals(
                List.of(
                        "from now on: 127.0.0.1=none, and no longer rw",
                        "export disk: 127.0.0.1=none",
                        "export other: 127.0.0.1=r, since other@127.0.0.1=r is more exact",
                        "export frozen: 127.0.0.1=none"),
                allow("127.0.0.1=none"));
        assertEquals(List.of("from now on: disk@*=none", "export disk: *=none, but unix=rw"), allow("disk@*=none"));
    }

    @Test
    void operatorHearsWhatTheExportItselfLeaves() {
        assertEquals(
                List.of("from now on: frozen@unix=w", "export frozen: unix=none (the export is read-only)"),
                allow("frozen@unix=w"));
        assertFalse(rules.admitsAnybody("frozen", Permission.READ));
        assertTrue(rules.admitsAnybody("frozen", Permission.BOTH));
    }

    @Test
    void ruleForAnExportThatIsNotThereIsRefusedAndChangesNothing() {
        add("disk@127.0.0.1=r");
        WrongInput wrong = assertThrows(WrongInput.class, () -> allow("dsk@127.0.0.1=rw"));
        assertEquals("'dsk@127.0.0.1=rw': there is no export 'dsk': there are disk, other, frozen", wrong.words());
        assertEquals(List.of("127.0.0.1=r"), rules.shown("disk"));
        assertEquals(List.of(), rules.shown("dsk"));
    }

    @Test
    void eachOfThoseWhoAreMeantIsShownOnceWithWhatCounts() {
        add("127.0.0.1=rw", "disk@127.0.0.1=r", "10.0.0.0/8=w", "disk@10.0.0.0/8=none");
        assertEquals(List.of("10.0.0.0/8=none", "127.0.0.1=r"), rules.shown("disk"));
        assertEquals(List.of("10.0.0.0/8=w", "127.0.0.1=rw"), rules.shown("other"));
    }

    /** Who came over TCP and is gone before anybody looked has no address. */
    @Test
    void ofWhomNothingIsKnownOnlyTheRuleForEverybodySpeaks() {
        add("0.0.0.0/0=rw", "::/0=rw", "unix=rw");
        assertEquals(Permission.NONE, rules.permission("disk", "gone"));
        add("*=r");
        assertEquals(Permission.READ, rules.permission("disk", "gone"));
    }

    @Test
    void networkOfTheOneKindDoesNotMeanTheOther() {
        add("::/0=rw");
        assertEquals(Permission.NONE, rules.permission("disk", "127.0.0.1"));
        assertEquals(Permission.BOTH, rules.permission("disk", "::1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1=",
                "127.0.0.1=x",
                "=rw",
                "@127.0.0.1=rw",
                "disk@=rw",
                "127.1=rw",
                "010.0.0.1=rw",
                "300.0.0.1=rw",
                "localhost=rw",
                "127.0.0.1/=rw",
                "127.0.0.1/33=rw",
                "127.0.0.1/-1=rw",
                "127.0.0.1/+8=rw",
                "127.0.0.1/08=rw",
                "127.0.0.1/8=rw",
                "::1/129=rw",
                "::1/64=rw",
                "fe80::1%lo=rw",
                "::ffff:10.0.0.0/8=rw",
                "::ffff:10.0.0.1/104=rw",
                "[::1]=rw",
                ":=rw",
                "1::2::3=rw"
            })
    void whatMeansNobodyForSureIsRefused(String text) {
        assertThrows(WrongInput.class, () -> add(text));
    }

    @Test
    void networkThatIsWrittenByOneOfItsAddressesIsAskedAbout() {
        WrongInput wrong = assertThrows(WrongInput.class, () -> add("10.0.0.5/8=rw"));
        assertEquals(
                "'10.0.0.5/8=rw': 10.0.0.5 is within its network, not its beginning. Write 10.0.0.0/8 for all of it,"
                        + " or 10.0.0.5 for that one",
                wrong.words());
    }

    /** An exception within another one may be as the outermost rule says, and is told all the same. */
    @Test
    void operatorHearsOfAnExceptionWithinAnException() {
        add("disk@127.0.0.1=rw", "disk@127.0.0.0/8=r", "disk@127.0.0.2=r");
        assertEquals(
                List.of("from now on: disk@0.0.0.0/0=rw", "export disk: 0.0.0.0/0=rw, but 127.0.0.0/8=r, 127.0.0.1=rw"),
                allow("disk@0.0.0.0/0=rw"));
        assertEquals(
                List.of(
                        "from now on: disk@*=none",
                        "export disk: *=none, but 0.0.0.0/0=rw, 127.0.0.0/8=r, 127.0.0.1=rw"),
                allow("disk@*=none"));
    }

    @Test
    void nodeThatWouldLetNobodyInIsAMistake() {
        List<Door> doors = List.of(new Door("--nbd", Address.parse("unix:/run/x", 1)));
        assertThrows(WrongInput.class, () -> rules.checkThatSomebodyIsAdmitted(EXPORTS, doors));
        add("*=none", "frozen@unix=w");
        assertThrows(WrongInput.class, () -> rules.checkThatSomebodyIsAdmitted(EXPORTS, doors));
        add("disk@unix=w");
        rules.checkThatSomebodyIsAdmitted(EXPORTS, doors);
    }

    @ParameterizedTest
    @CsvSource({
        "unix:/run/x, ::1=rw, false",
        "unix:/run/x, 127.0.0.1=rw, false",
        "unix:/run/x, 0.0.0.0/0=rw, false",
        "unix:/run/x, unix=r, true",
        "unix:/run/x, disk@unix=w, true",
        "unix:/run/x, frozen@unix=w, false",
        "unix:/run/x, *=rw, true",
        "unix:/run/x, *=rw unix=none, false",
        "127.0.0.1:0, unix=rw, false",
        "127.0.0.1:0, ::1=rw, false",
        "127.0.0.1:0, 10.0.0.0/8=rw, false",
        "127.0.0.1:0, 127.0.0.5=rw, true",
        "127.0.0.1:0, 0.0.0.0/0=rw, true",
        "127.0.0.1:0, 0.0.0.0/0=rw 127.0.0.0/8=none, false",
        "127.0.0.1:0, *=rw, true",
        "localhost:0, 127.0.0.0/8=r, true",
        "[::1]:0, 127.0.0.1=rw, false",
        "[::1]:0, ::1=rw, true",
        "[::1]:0, ::/0=rw, true",
        "[::1]:0, fe80::/10=rw, false",
        "0.0.0.0:0, unix=rw, false",
        "0.0.0.0:0, 127.0.0.1=rw, true",
        "[::]:0, 10.0.0.7=r, true",
        "[::]:0, ::1=r, true",
        "10.0.0.5:0, ::1=rw, false",
        "10.0.0.5:0, 10.0.0.7=rw, true"
    })
    void someRuleMeansSomebodyWhoCanComeAtTheDoor(String door, String written, boolean meant) {
        add(written.split(" "));
        Door there = new Door("--listen", Address.parse(door, 1));
        assertEquals(
                meant,
                EXPORTS.entrySet().stream().anyMatch(one -> rules.admitsAnybody(there, one.getKey(), one.getValue())));
    }
}
