package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Patience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Peers that want more of the server's memory than is theirs: by lengths, by crumbs, and all together. */
class HostileMemoryTest extends Besieged {
    @Test
    void lengthsOfFourGibibytesTakeNoMemory() throws Exception {
        byte[] preamble = preamble();
        attack(number -> {
            try (PlainNbd option = new PlainNbd(HOSTILE, nbd)) {
                option.greet();
                option.option(number % 12, -1);
                option.out.write(new byte[1000]);
            }
            try (PlainNbd request = PlainNbd.use(HOSTILE, nbd, "disk")) {
                request.request(number % 8, 0, -1, new byte[1000]);
                request.request(1, 0, -1, new byte[1000]);
            }
            try (PlainNbd frame = new PlainNbd(HOSTILE, protocol)) {
                byte[] lengths = new byte[64];
                Arrays.fill(lengths, (byte) -1);
                frame.out.write(preamble);
                frame.out.write(lengths);
                frame.in.readAllBytes();
            }
        });
        saysWhy("an option of 4294967295 bytes", "a WRITE of 4294967295 bytes");
    }

    @Test
    void whoSendsAByteAtATimeHoldsLittle() throws Exception {
        List<PlainNbd> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                writers.add(PlainNbd.use(HOSTILE, nbd, "disk"));
                writers.getLast().request(1, 1 << 20, 1 << 20, new byte[0]);
            }
            for (int sent = 0; sent < 1000; sent++) {
                for (PlainNbd writer : writers) {
                    writer.out.write(7);
                }
            }
        } finally {
            writers.forEach(PlainNbd::close);
        }
    }

    @Test
    void whoSendsInCrumbsHoldsNoMoreThanHeSent() throws Exception {
        List<PlainNbd> writers = new ArrayList<>();
        byte[] crumb = new byte[200];
        try {
            for (int i = 0; i < 20; i++) {
                writers.add(PlainNbd.use(HOSTILE, nbd, "disk"));
                writers.getLast().request(1, 1 << 20, 1 << 20, new byte[0]);
            }
            for (int sent = 0; sent < 4000; sent++) {
                for (PlainNbd writer : writers) {
                    writer.out.write(crumb);
                }
                // So that each arrives by itself.
                LockSupport.parkNanos(200_000);
            }
            // The pool takes its memory in pieces of 4 MiB, one for each thread at least.
            double buffers = number("([\\d.]+) MiB of buffers");
            assertTrue(buffers < 64, buffers + " MiB of buffers for 16 MiB of content");
        } finally {
            writers.forEach(PlainNbd::close);
        }
    }

    @Test
    void whoHoldsMemoryAndDoesNotUseItGivesWayToNewcomers() throws Exception {
        List<PlainNbd> open = new CopyOnWriteArrayList<>();
        List<Thread> attackers = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                // Whoever is granted no memory is not read from: it waits, and writes no more.
                attackers.add(Thread.ofPlatform().daemon().start(() -> {
                    try {
                        PlainNbd half = PlainNbd.use(HOSTILE, nbd, "disk");
                        open.add(half);
                        half.request(1, 0, 30 << 20, new byte[29 << 20]);
                    } catch (IOException _) {
                        // As it should be.
                    }
                }));
            }
            Patience.until(() -> open.size() == 40, () -> open.size() + " of 40 are served");
            for (int i = 0; i < 3; i++) {
                try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                    newcomer.write(31 << 20, new byte[1 << 20]);
                }
            }
            saysWhy("others wait for memory that it has and does not use");
        } finally {
            open.forEach(PlainNbd::close);
            for (Thread attacker : attackers) {
                attacker.join();
            }
        }
    }

    @Test
    void whoReadsNothingOfWhatItAsksForHoldsNoMoreThanItsShare() throws Exception {
        List<PlainNbd> open = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                PlainNbd deaf = PlainNbd.use(HOSTILE, nbd, "disk");
                open.add(deaf);
                ByteBuffer all = ByteBuffer.allocate(28 * 1000);
                for (int request = 0; request < 1000; request++) {
                    all.putInt(PlainNbd.REQUEST_MAGIC)
                            .putInt(0)
                            .putLong(request)
                            .putLong(0)
                            .putInt(128 << 10);
                }
                deaf.out.write(all.array());
            }
            for (int i = 0; i < 3; i++) {
                try (PlainNbd newcomer = PlainNbd.use("127.0.0.1", nbd, "disk")) {
                    newcomer.read(0, 1 << 20);
                }
            }
            double buffers = number("([\\d.]+) MiB of buffers");
            assertTrue(buffers < 110, buffers + " MiB of buffers, of 64 that may be under way");
            // Whoever reads in the end gets everything; only who held most has given way.
            PlainNbd late = open.getLast();
            for (int request = 0; request < 1000; request++) {
                late.answered();
                late.in.readFully(new byte[128 << 10]);
            }
        } finally {
            open.forEach(PlainNbd::close);
        }
    }
}
