package dst.realnode.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ForeignTextTest {
    @Test
    void beginsNoLineAndMovesNoCursor() {
        assertEquals("a?ERROR b?[2J?]0;c?", ForeignText.harmless("a\nERROR b\u001b[2J\u001b]0;c\u0007"));
        assertEquals("a???b", ForeignText.harmless("a\r\u2028\u0085b"));
        assertEquals("?31mred", ForeignText.harmless("\u009b31mred"));
    }

    @Test
    void turnsNoDirectionAndHidesNothing() {
        // What turns round, isolates or is not seen: RLO, RLI, PDI, LRM, a joiner, a byte order mark, a tag.
        assertEquals(
                "a???????b",
                ForeignText.harmless("a\u202e\u2067\u2069\u200e\u200d\ufeff" + Character.toString(0xE0041) + "b"));
        assertEquals("a??b", ForeignText.harmless("a\ud800\ue000b"));
    }

    @Test
    void leavesWhatPeopleWrite() {
        String words = "disk-7 ../Ärger 日本 שלום 😀 \ufffd";
        assertEquals(words, ForeignText.harmless(words));
        assertEquals("abc...", ForeignText.harmless("abcdef", 3));
        assertEquals("ab...", ForeignText.harmless("ab😀cd", 3));
    }

    @Property
    void isAlwaysOneLineOfNoMoreLettersThanAllowed(
            @ForAll String words, @ForAll @IntRange(min = 1, max = 50) int most) {
        String harmless = ForeignText.harmless(words, most);
        assertEquals(harmless.isEmpty() ? 0 : 1, harmless.lines().count());
        assertEquals(true, harmless.length() <= most + 3);
        assertEquals(harmless, ForeignText.harmless(harmless));
    }
}
