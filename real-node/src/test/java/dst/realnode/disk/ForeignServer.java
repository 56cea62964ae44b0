package dst.realnode.disk;

import dst.protocol.Patience;
import dst.protocol.Ports;
import dst.protocol.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An NBD server of another project at a Unix socket; it can be killed and started again. */
public final class ForeignServer implements AutoCloseable {
    /** There are nbdkits that end with the thread that has started them. */
    private static final ExecutorService STARTER =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    /** Or, if there is a port, a file that names the process. */
    private final Path socket;

    private final int port;
    private final List<String> command;
    private Process process;

    private ForeignServer(Path socket, List<String> command) {
        this(socket, 0, command);
    }

    private ForeignServer(Path socket, int port, List<String> command) {
        this.socket = socket;
        this.port = port;
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

    /** nbd-server, in front of a file, without FUA and TRIM. It leaves its terminal, and says by a file who it is. */
    public static ForeignServer nbdServer(Path folder, Path file) throws IOException {
        Tools.require("nbd-server");
        int port = Ports.next();
        Path settings = Files.writeString(folder.resolve("nbd-server.conf"), """
                [generic]
                port = %d
                listenaddr = 127.0.0.1
                [disk]
                exportname = %s
                flush = true
                fua = false
                trim = false
                """.formatted(port, file));
        Path socket = folder.resolve("nbd-server.pid");
        return new ForeignServer(
                socket, port, List.of("nbd-server", "-C", settings.toString(), "-p", socket.toString()));
    }

    /** As a source of a disk. */
    public String source(String export) {
        return port != 0
                ? "nbd://127.0.0.1:" + port + "/" + export
                : "nbd+unix:///" + export.replace(" ", "%20") + "?socket=" + socket;
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
            Patience.until(() -> answers() || port == 0 && !process.isAlive(), this::notServing);
            if (!answers()) {
                throw new AssertionError(notServing());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private String notServing() {
        try {
            return String.join(" ", command) + " does not serve: "
                    + Files.readString(socket.resolveSibling("foreign.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        SocketAddress address = port == 0
                ? UnixDomainSocketAddress.of(socket)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected() && Files.exists(socket);
        } catch (IOException _) {
            return false;
        }
    }

    /** At once, and all of it that was only in its memory is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        if (port != 0) {
            daemon().ifPresent(daemon -> {
                daemon.descendants().forEach(ProcessHandle::destroyForcibly);
                daemon.destroyForcibly();
                daemon.onExit().join();
            });
        }
    }

    private Optional<ProcessHandle> daemon() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(socket).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
