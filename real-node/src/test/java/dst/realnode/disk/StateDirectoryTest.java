package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Unique;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    private static final Holder SOMEBODY = new Holder(3, new Unique(5, -6));

    @TempDir
    Path scratch;

    private Path folder;

    @BeforeEach
    void name() {
        folder = scratch.resolve("disk.dst");
    }

    private Path file() {
        return folder.resolve("state");
    }

    @Test
    void identityIsDrawnOnceAndKept() throws IOException {
        Unique identity;
        try (StateDirectory state = StateDirectory.open(folder)) {
            identity = state.identity();
            assertNotEquals(Unique.NONE, identity);
        }
        try (StateDirectory state = StateDirectory.open(folder)) {
            assertEquals(identity, state.identity());
        }
        assertNotEquals(identity, StateDirectory.inMemory().identity());
    }

    @Test
    void bootCounterRisesOverOpenings() throws IOException {
        List<Long> counters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (StateDirectory state = StateDirectory.open(folder)) {
                Boot first = state.nextBoot();
                Boot second = state.nextBoot();
                assertNotEquals(first.nonce(), second.nonce());
                counters.addAll(List.of(first.counter(), second.counter()));
            }
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), counters);
    }

    @Test
    void holdersAreKeptWhateverTheExportIsCalled() throws IOException {
        List<String> names = List.of("disk", "a b", "", "zeile\numbruch", "\u00fcber%20all", "checksum 1");
        try (StateDirectory state = StateDirectory.open(folder)) {
            for (String name : names) {
                assertEquals(Holder.NOBODY, state.holder(name));
                state.hold(name, SOMEBODY);
            }
            state.hold("disk", SOMEBODY.ended(true));
        }
        try (StateDirectory state = StateDirectory.open(folder)) {
            assertEquals(SOMEBODY.ended(true), state.holder("disk"));
            assertTrue(state.holder("disk").clean());
            for (String name : names.subList(1, names.size())) {
                assertEquals(SOMEBODY, state.holder(name), name);
            }
        }
    }

    @Test
    void epochsNeverGoBack() throws IOException {
        try (StateDirectory state = StateDirectory.open(folder)) {
            state.hold("disk", SOMEBODY);
            assertThrows(IllegalArgumentException.class, () -> state.hold("disk", new Holder(2, new Unique(1, 1))));
            assertEquals(SOMEBODY, state.holder("disk"));
        }
    }

    @Test
    void whatIsPersistedLaterIsToldInOrderAndIsThere() throws IOException {
        Loop loop = new Loop();
        List<Object> told = new ArrayList<>();
        try (StateDirectory state = StateDirectory.open(folder)) {
            for (long epoch = 1; epoch <= 20; epoch++) {
                long number = epoch;
                state.persist("disk", new Holder(epoch, new Unique(1, 1)), loop, () -> told.add(number), told::add);
            }
            state.nextBoot(loop, boot -> told.add("boot " + boot.counter()), told::add);
            assertEquals(List.of(), told);
            loop.runUntil(() -> told.size() == 21);
        }
        assertEquals(20L, told.get(19));
        assertEquals("boot 1", told.get(20));
        try (StateDirectory state = StateDirectory.open(folder)) {
            assertEquals(20, state.holder("disk").epoch());
        }
    }

    @Test
    void whatCannotBeWrittenIsToldAsFailed() throws IOException {
        Loop loop = new Loop();
        List<String> told = new ArrayList<>();
        try (StateDirectory state = StateDirectory.open(folder)) {
            // A folder in the place of the next file: nothing can be written, for root neither.
            Files.createDirectory(folder.resolve("state.next"));
            state.persist("disk", SOMEBODY, loop, () -> told.add("persisted"), e -> told.add(e.getMessage()));
            loop.runUntil(() -> !told.isEmpty());
            assertTrue(told.getFirst().startsWith(folder + ": the state of a disk cannot be written"), told.toString());
            assertEquals(Holder.NOBODY, state.holder("disk"));
        }
    }

    @Test
    void tornFileIsRefusedAtEveryByteAndLeftAsItIs() throws IOException {
        byte[] whole = written();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "state");
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            assertRefused(damaged, "state");
        }
        assertRefused(new byte[whole.length], "is no state of this program");
        Files.write(file(), whole);
        try (StateDirectory state = StateDirectory.open(folder)) {
            assertEquals(SOMEBODY, state.holder("disk"));
        }
    }

    @Test
    void crashAtEveryByteOfWritingLeavesTheOldState() throws IOException {
        byte[] whole = written();
        for (int length = 0; length <= whole.length; length++) {
            Files.write(folder.resolve("state.next"), Arrays.copyOf(whole, length));
            try (StateDirectory state = StateDirectory.open(folder)) {
                assertEquals(SOMEBODY, state.holder("disk"));
                assertEquals(length + 2L, state.nextBoot().counter());
            }
        }
    }

    @Test
    void newerVersionAndForeignFileAreRefusedWithWords() throws IOException {
        written();
        assertRefused("dst state 3\nwhatever\n".getBytes(StandardCharsets.US_ASCII), "a newer version");
        assertRefused("[section]\nkey=value\n".getBytes(StandardCharsets.US_ASCII), "is no state of this program");
    }

    /** As the first version of this program wrote it. */
    @Test
    void olderStateIsReadAndFromThenOnKnowsItsDisk() throws IOException {
        Files.createDirectory(folder);
        String text = "dst state 1\nidentity 000102030405060708090a0b0c0d0e0f\nboots 17\n"
                + "holder disk 3 0000000000000005fffffffffffffffa held\n";
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        Files.writeString(file(), text + "checksum " + HexFormat.of().toHexDigits((int) sum.getValue()) + "\n");
        Path disk = SparseFile.of(scratch.resolve("disk"), 1 << 20);
        try (RealDisk opened = Disks.open(disk.toString(), Bench.OPTIONS)) {
            assertEquals("000102030405060708090a0b0c0d0e0f", opened.identity().toString());
            assertEquals(SOMEBODY, opened.state().holder("disk"));
            assertEquals(18, opened.state().nextBoot().counter());
        }
        SparseFile.of(disk, 1 << 19);
        assertThrows(
                IOException.class,
                () -> Disks.open(disk.toString(), Bench.OPTIONS).close());
    }

    @Test
    void secondUserIsRefused() throws IOException {
        try (StateDirectory state = StateDirectory.open(folder)) {
            IOException refused = assertThrows(IOException.class, () -> StateDirectory.open(folder));
            assertTrue(refused.getMessage().contains("in use by this very process"), refused.getMessage());
            state.nextBoot();
        }
        StateDirectory.open(folder).close();
    }

    @Test
    void placeThatIsNoFolderIsRefusedWithWords() throws IOException {
        Files.writeString(folder, "a file");
        assertTrue(assertThrows(IOException.class, () -> StateDirectory.open(folder))
                .getMessage()
                .contains("kept in a folder, and this is none"));
        Path nowhere = scratch.resolve("none").resolve("disk.dst");
        assertTrue(assertThrows(IOException.class, () -> StateDirectory.open(nowhere))
                .getMessage()
                .contains("there is no folder to make it in"));
    }

    private byte[] written() throws IOException {
        try (StateDirectory state = StateDirectory.open(folder)) {
            state.nextBoot();
            state.hold("disk", SOMEBODY);
        }
        return Files.readAllBytes(file());
    }

    private void assertRefused(byte[] content, String words) throws IOException {
        Files.write(file(), content);
        IOException refused = assertThrows(IOException.class, () -> StateDirectory.open(folder));
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        assertTrue(refused.getMessage().contains("Put a good copy back"), refused.getMessage());
        assertArrayEquals(content, Files.readAllBytes(file()));
    }
}
