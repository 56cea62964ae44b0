package dst.realnode;

import dst.protocol.Ports;
import dst.realnode.net.Address;
import dst.realnode.net.Network;
import dst.realnode.net.Transport;
import dst.realnode.proxy.Proxy;
import dst.realnode.proxy.ProxyPlan;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server on a disk of its own, a proxy that can break its links, and a device that is attached through it. */
final class Rig implements AutoCloseable {
    final Node server;
    final Proxy proxy;
    final Node attach;
    private final Path folder;

    /** The kind goes before the disk's file: {@code volatile:}, or nothing. The rest are options of the attached device. */
    Rig(Path folder, String kind, long size, String... more) throws IOException {
        this.folder = folder;
        Path data = folder.resolve("data.img");
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            file.setLength(size);
        }
        String address = "127.0.0.1:" + Ports.next();
        server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=" + kind + data,
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                address,
                "--control",
                "none");
        proxy = new Proxy(
                new Network(Transport.best()),
                Address.parse("127.0.0.1:0", 0),
                Address.parse(address, 0),
                ProxyPlan.QUIET,
                1,
                _ -> {});
        List<String> arguments = new ArrayList<>(List.of(
                "attach",
                "--server",
                proxy.address().toString(),
                "--export",
                "disk",
                "--nbd",
                "unix:" + folder.resolve("nbd.sock"),
                "--control",
                "none"));
        arguments.addAll(List.of(more));
        attach = Node.start(folder.resolve("attach.log"), arguments.toArray(String[]::new));
    }

    /** The attached device, as NBD clients write it. */
    String uri() {
        return "nbd+unix:///disk?socket=" + folder.resolve("nbd.sock");
    }

    @Override
    public void close() {
        attach.close();
        proxy.close();
        server.close();
    }
}
