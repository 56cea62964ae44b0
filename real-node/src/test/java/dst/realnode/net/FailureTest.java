package dst.realnode.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.realnode.WrongInput;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {
    private final Network network = new Network(Transport.best());
    private final EventLoopGroup loops = network.loops(1, "test");

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void wordsHaveNoNumberNoCallAndNoAddress() {
        assertEquals(
                "connection refused",
                Failure.words(new ConnectException(
                        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:45801")));
        assertEquals(
                "connection reset by peer",
                Failure.words(new IOException("recvAddress(..) failed with error(-104): Connection reset by peer")));
        assertEquals("broken pipe", Failure.words(new IOException("Broken pipe")));
        assertEquals("address already in use", Failure.words(new BindException("Address already in use")));
        assertEquals(
                "no such file or directory",
                Failure.words(new IOException(
                        "connect(..) failed with error(-2): No such file or directory: /run/dst/nbd.sock")));
        assertEquals("IOException", Failure.words(new IOException()));
    }

    private String refusal(Address address) {
        return String.valueOf(assertThrows(WrongInput.class, () -> network.listen(address, loops, Channel::close))
                .getMessage());
    }

    @Test
    void whoListensAlreadyIsNamed() {
        Channel first = network.listen(Address.parse("127.0.0.1:0", 0), loops, Channel::close);
        String said = refusal(Address.parse(Connection.local(first), 0));
        assertTrue(said.contains("address already in use by this very process: stop that one"), said);
        Address unix = new Address.Unix(folder.resolve("socket"));
        network.listen(unix, loops, Channel::close);
        assertTrue(refusal(unix).contains("this very process listens there"), refusal(unix));
    }

    @Test
    void anAddressOfAnotherMachineIsNotCalledTaken() {
        String said = refusal(Address.parse("192.0.2.1:4800", 0));
        assertTrue(said.contains("this machine has no such address"), said);
        assertFalse(said.contains("process"), said);
    }

    @Test
    void aFolderThatIsNotThereIsNotCalledTaken() {
        String said = refusal(new Address.Unix(folder.resolve("none").resolve("socket")));
        assertTrue(said.contains("no such file or directory"), said);
        assertFalse(said.contains("process"), said);
        assertFalse(said.contains("error("), said);
    }
}
