package dst.realnode.disk;

import dst.protocol.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An NBD server of another project at a Unix socket; it can be killed and started again. */
public final class ForeignServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /** There are nbdkits that end with the thread that has started them. */
    private static final ExecutorService STARTER =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    private final Path socket;
    private final List<String> command;
    private Process process;

    private ForeignServer(Path socket, List<String> command) {
        this.socket = socket;
        this.command = command;
        start();
    }

    /** nbdkit, with these arguments for filters and a plugin. */
    public static ForeignServer nbdkit(Path folder, String... arguments) {
        Tools.require("nbdkit");
        Path socket = folder.resolve("nbdkit.sock");
        List<String> command = new ArrayList<>(List.of("nbdkit", "-f", "-U", socket.toString()));
        command.addAll(List.of(arguments));
        return new ForeignServer(socket, command);
    }

    /** qemu-nbd, in front of a file. */
    public static ForeignServer qemu(Path folder, Path file) {
        Tools.require("qemu-nbd");
        Path socket = folder.resolve("qemu.sock");
        return new ForeignServer(
                socket,
                List.of(
                        "qemu-nbd",
                        "-t",
                        "-e",
                        "8",
                        "-f",
                        "raw",
                        "-x",
                        "a disk",
                        "--discard=unmap",
                        "-k",
                        socket.toString(),
                        file.toString()));
    }

    /** nbd-server, in front of a file. */
    public static ForeignServer nbdServer(Path folder, Path file) throws IOException {
        Tools.require("nbd-server");
        Path socket = folder.resolve("nbd-server.sock");
        Path settings = Files.writeString(folder.resolve("nbd-server.conf"), """
                [generic]
                unixsock = %s
                port = 0
                listenaddr = 127.0.0.1
                [disk]
                exportname = %s
                flush = true
                fua = false
                trim = false
                """.formatted(socket, file));
        return new ForeignServer(socket, List.of("nbd-server", "-d", "-C", settings.toString()));
    }

    /** As a source of a disk. */
    public String source(String export) {
        return "nbd+unix:///" + export.replace(" ", "%20") + "?socket=" + socket;
    }

    public void start() {
        try {
            Files.deleteIfExists(socket);
            process = STARTER.submit(() -> new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                    socket.resolveSibling("foreign.log").toFile()))
                            .start())
                    .get();
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!serves()) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError(String.join(" ", command) + " does not serve: "
                            + Files.readString(socket.resolveSibling("foreign.log")));
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** One connection is all that nbd-server takes if it does not fork: it is not for us. */
    private boolean serves() {
        return command.getFirst().equals("nbd-server") ? Files.exists(socket) : answers();
    }

    private boolean answers() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false;
        }
    }

    /** At once, and all of it that was only in its memory is gone. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
