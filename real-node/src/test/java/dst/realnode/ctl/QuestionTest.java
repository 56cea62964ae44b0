package dst.realnode.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.realnode.WrongInput;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {
    @TempDir
    Path folder;

    private String refused(Path socket) {
        return assertThrows(WrongInput.class, () -> Question.ask(socket, List.of("status")))
                .words();
    }

    @Test
    void aDiskIsNoSocketAndNobodyIsToldToRemoveIt() throws IOException {
        Path disk = Files.write(folder.resolve("some.img"), new byte[4096]);
        for (Path no : List.of(disk, folder)) {
            String words = refused(no);
            assertTrue(words.startsWith(no + " is no socket"), words);
            assertFalse(words.contains("remove"), words);
        }
        assertEquals(4096, Files.size(disk));
    }

    /** What follows a line break would be left out, and what is before it be done. */
    @ParameterizedTest
    @ValueSource(strings = {"e\nX", "e\tX", "e\r", "\u0007", "e\u0085"})
    void aWordWithAControlCharacterIsNotAsked(String word) {
        Path nowhere = folder.resolve("none.sock");
        String words = assertThrows(WrongInput.class, () -> Question.ask(nowhere, List.of("remove", word)))
                .words();
        assertTrue(words.endsWith("no name, rule or number has: nothing was asked"), words);
        assertTrue(words.chars().noneMatch(Character::isISOControl), words);
    }

    @Test
    void aSocketThatWasLeftOverIsCalledOne() throws IOException {
        Path socket = folder.resolve("left.sock");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(socket));
        }
        String words = refused(socket);
        assertTrue(words.startsWith("nobody listens at " + socket), words);
    }
}
