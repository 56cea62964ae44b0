package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an export may be called. */
class ExportNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"disk", "a.b", "...", "a b", "Ünïcode", "-", "x=y", "#1"})
    void whatCanBeReadIsAName(String name) {
        assertEquals(name, ExportName.checked(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "/",
                "../up",
                "a@b",
                "a\nb",
                "a\u0000b",
                "a\u001b[2Jb",
                "a\u202eb",
                "\ud800"
            })
    void whatCouldBeMistakenIsNone(String name) {
        WrongInput wrong = assertThrows(WrongInput.class, () -> ExportName.checked(name));
        assertTrue(wrong.words().chars().noneMatch(Character::isISOControl), wrong.words());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "漢", "😀"})
    void lengthIsCountedInBytes(String letter) {
        int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
        String longest = letter.repeat(255 / bytes);
        assertEquals(longest, ExportName.checked(longest));
        assertThrows(WrongInput.class, () -> ExportName.checked(longest + letter));
    }

    @Property
    void whatIsANameIsOneFolderInsideAnother(@ForAll String text) {
        try {
            String name = ExportName.checked(text);
            Path inside = Path.of("/state").resolve(name);
            assertEquals(Path.of("/state"), inside.getParent());
            assertEquals(inside, inside.normalize());
        } catch (WrongInput _) {
            // It is none.
        }
    }
}
