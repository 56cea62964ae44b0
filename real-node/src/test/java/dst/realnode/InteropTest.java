package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NBD clients of other projects, at a server itself and at an attached device. */
class InteropTest {
    private static final int SIZE = 32 << 20;

    @TempDir
    Path folder;

    private Node server;
    private Node attach;

    enum Way {
        DIRECT,
        ATTACHED
    }

    @AfterEach
    void end() {
        try (Node one = server;
                Node other = attach) {
            if (other != null) {
                assertEquals(0, other.terminate(30), () -> other.said().toString());
            }
            if (one != null) {
                assertEquals(0, one.terminate(30), () -> one.said().toString());
            }
        }
    }

    /** The address of a fresh disk, as NBD clients write it. */
    private String open(Way way) throws IOException {
        Path data = folder.resolve("data.img");
        Files.write(data, new byte[SIZE]);
        server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=" + data,
                "--allow",
                "127.0.0.1=rw",
                "--listen",
                "127.0.0.1:0",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("serve.sock").toString());
        if (way == Way.DIRECT) {
            return "nbd://" + server.address("NBD") + "/disk";
        }
        attach = Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                server.address("the protocol"),
                "--export",
                "disk",
                "--nbd",
                "127.0.0.1:0",
                "--control",
                folder.resolve("attach.sock").toString());
        return "nbd://" + attach.address("NBD") + "/disk";
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring", "nio"})
    void everyTransportCarriesBothProtocols(String transport) throws IOException {
        Tools.need("nbdcopy", "libnbd-bin");
        String protocol = "unix:" + folder.resolve("p.sock");
        server = Node.start(
                folder.resolve("serve.log"),
                "serve",
                "--export",
                "disk=memory:32MiB",
                "--allow",
                "127.0.0.1=rw",
                "--allow",
                "unix=rw",
                "--listen",
                protocol,
                "--nbd",
                "127.0.0.1:0",
                "--control",
                "none",
                "--transport",
                transport);
        Path source = randomFile();
        Path back = folder.resolve("back");
        Tools.well("nbdcopy", source.toString(), "nbd://" + server.address("NBD") + "/disk");
        attach = Node.start(
                folder.resolve("attach.log"),
                "attach",
                "--server",
                protocol,
                "--export",
                "disk",
                "--nbd",
                "unix:" + folder.resolve("n.sock"),
                "--control",
                "none",
                "--transport",
                transport);
        Tools.well("nbdcopy", "nbd+unix:///disk?socket=" + folder.resolve("n.sock"), back.toString());
        assertEquals(-1, Files.mismatch(source, back));
    }

    private Path randomFile() throws IOException {
        byte[] bytes = new byte[SIZE];
        new Random(7).nextBytes(bytes);
        return Files.write(folder.resolve("source"), bytes);
    }

    @ParameterizedTest
    @EnumSource
    void nbdinfoUnderstandsWhatIsOffered(Way way) throws IOException {
        Tools.need("nbdinfo", "libnbd-bin");
        String uri = open(way);
        String said = Tools.well("nbdinfo", "--json", uri);
        assertTrue(said.contains("\"export-size\": " + SIZE), said);
        assertTrue(said.contains("\"can_multi_conn\": true"), said);
        assertTrue(said.contains("\"can_fua\": true"), said);
        assertTrue(said.contains("\"block_size_minimum\": 1,"), said);
        assertTrue(said.contains("\"block_size_maximum\": " + (64 << 20)), said);
        Tools.well("nbdinfo", "--can", "trim", uri);
        Tools.well("nbdinfo", "--list", uri.substring(0, uri.lastIndexOf('/')));
    }

    /** The protocol does not say where nothing is: a device that is attached is data from its beginning to its end. */
    @Test
    void nbdinfoMapsAnAttachedDeviceAsOneExtentOfData() throws IOException {
        Tools.need("nbdinfo", "libnbd-bin");
        String said = Tools.well("nbdinfo", "--map", open(Way.ATTACHED));
        assertEquals("0 " + SIZE + " 0 data", said.strip().replaceAll(" +", " "));
    }

    @ParameterizedTest
    @EnumSource
    void nbdcopyCopiesBothWays(Way way) throws IOException {
        Tools.need("nbdcopy", "libnbd-bin");
        String uri = open(way);
        Path source = randomFile();
        Path back = folder.resolve("back");
        Tools.well("nbdcopy", "--flush", source.toString(), uri);
        Tools.well("nbdcopy", uri, back.toString());
        assertEquals(-1, Files.mismatch(source, back));
    }

    @ParameterizedTest
    @EnumSource
    void qemuConvertsComparesAndMaps(Way way) throws IOException {
        Tools.need("qemu-img", "qemu-utils");
        String uri = open(way);
        Path source = randomFile();
        Tools.well("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", source.toString(), uri);
        Tools.well("qemu-img", "compare", "-f", "raw", "-F", "raw", source.toString(), uri);
        String map = Tools.well("qemu-img", "map", "--output=json", "-f", "raw", uri);
        assertTrue(map.contains("\"start\": 0"), map);
    }

    @ParameterizedTest
    @EnumSource
    void qemuIoWritesReadsZeroesAndDiscards(Way way) throws IOException {
        Tools.need("qemu-io", "qemu-utils");
        String uri = open(way);
        String said = Tools.well(
                "qemu-io",
                "-f",
                "raw",
                "-d",
                "unmap",
                "-c",
                "write -P 0x5a 1M 64k",
                "-c",
                "write -f -P 0x3c 4M 4k",
                "-c",
                "flush",
                "-c",
                "read -P 0x5a 1M 64k",
                "-c",
                "write -z 1M 16k",
                "-c",
                "read -P 0 1M 16k",
                "-c",
                "read -P 0x5a 1064960 48k",
                "-c",
                "discard 8M 1M",
                "-c",
                "read -P 0x3c 4M 4k",
                uri);
        assertTrue(!said.contains("failed") && !said.contains("error"), said);
    }

    @ParameterizedTest
    @EnumSource
    void fioVerifiesWhatItWrote(Way way) throws IOException {
        Tools.need("fio", "fio");
        String uri = open(way);
        String said = Tools.well(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=16",
                "--size=16M",
                "--verify=crc32c",
                "--do_verify=1",
                "--randseed=11",
                "--fsync=64");
        assertTrue(said.contains("err= 0"), said);
    }

    @ParameterizedTest
    @EnumSource
    void libnbdSeesExactErrors(Way way) throws IOException {
        Tools.need("nbdsh", "libnbd-bin python3-libnbd");
        String uri = open(way);
        Path script = Files.writeString(folder.resolve("probe.py"), """
                import nbd, sys, errno
                h = nbd.NBD()
                h.set_strict_mode(0)
                h.connect_uri(sys.argv[1])
                size = h.get_size()
                h.pwrite(b'x' * 4096, 4096)
                assert h.pread(4096, 4096) == b'x' * 4096
                def fails(what, call, *arguments):
                    try:
                        call(*arguments)
                    except nbd.Error as e:
                        assert e.errnum == what, (e.errnum, what, arguments)
                    else:
                        raise AssertionError((call, arguments))
                fails(errno.EINVAL, h.pread, 4096, size)
                fails(errno.ENOSPC, h.pwrite, b'y' * 4096, size - 512)
                fails(errno.EINVAL, h.trim, 4096, size)
                fails(errno.EINVAL, h.zero, 4096, 0, nbd.CMD_FLAG_FAST_ZERO)
                assert h.pread(3, 4097) == b'x' * 3
                h.pwrite(b'z' * 1000, 5000, nbd.CMD_FLAG_FUA)
                assert h.pread(4096, 4096) == b'x' * 904 + b'z' * 1000 + b'x' * 2192
                h.zero(500, 5500)
                assert h.pread(4096, 4096) == b'x' * 904 + b'z' * 500 + bytes(500) + b'x' * 2192
                h.trim(3, 4097)
                h.pwrite(b'x' * 4096, 4096)
                assert h.pread(4096, 4096) == b'x' * 4096
                h.zero(4096, 4096)
                assert h.pread(4096, 4096) == bytes(4096)
                h.flush()
                h.trim(1 << 20, 1 << 20)
                h.cache(4096, 0)
                h.shutdown()
                print("well")
                """);
        assertEquals("well\n", Tools.well("/usr/bin/python3", script.toString(), uri));
    }
}
