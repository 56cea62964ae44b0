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
