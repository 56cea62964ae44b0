package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Holder;
import dst.protocol.Unique;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that exists, and a disk that is lost, emptied, replaced, or only moved. */
class LostDiskTest {
    private static final long SIZE = 1 << 20;

    @TempDir
    Path scratch;

    private Path path;
    private Path state;

    @BeforeEach
    void name() {
        path = scratch.resolve("disk");
        state = scratch.resolve("disk.dst");
    }

    private String sparse() {
        return "sparse:" + path + ":1MiB";
    }

    /** Makes the disk, with one block written and flushed, and lets go of it. */
    private Unique served(String source, Disks.Options options) {
        try (Bench bench = Bench.open(source, options)) {
            Bench.assertDone(512, bench.write(4096, 7, false));
            Bench.assertDone(0, bench.flush());
            return bench.disk.identity();
        }
    }

    private Unique served() {
        return served(sparse(), Bench.OPTIONS);
    }

    private Unique opened(String source, Disks.Options options) {
        try (Bench bench = Bench.open(source, options)) {
            return bench.disk.identity();
        }
    }

    private void assertRefused(String source, Disks.Options options, Unique identity, String words) {
        IOException refused = assertThrows(
                IOException.class, () -> Disks.open(source, options).close());
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        assertTrue(refused.getMessage().contains("start once with the option adopt=" + identity), refused.getMessage());
    }

    @Test
    void lostFileIsNotMadeAnew() {
        Unique identity = served();
        assertTrue(path.toFile().delete());
        assertRefused(sparse(), Bench.OPTIONS, identity, path + " is not there");
        assertRefused(path.toString(), Bench.OPTIONS, identity, path + " is not there");
        assertRefused("volatile:" + path, Bench.OPTIONS, identity, path + " is not there");
        assertFalse(Files.exists(path));
    }

    @Test
    void lostFileIsNotMadeAnewWhereItsStateIsElsewhere() throws IOException {
        Path volume = Files.createDirectory(scratch.resolve("volume"));
        path = volume.resolve("disk");
        Disks.Options elsewhere = Bench.OPTIONS.withState(scratch.resolve("kept"));
        Unique identity = served(sparse(), elsewhere);
        // Not mounted: where the volume was there is an empty folder.
        Files.move(volume, scratch.resolve("unplugged"));
        Files.createDirectory(volume);
        assertRefused(sparse(), elsewhere, identity, "is its volume not mounted?");
        Files.delete(volume);
        Files.move(scratch.resolve("unplugged"), volume);
        assertEquals(identity, opened(sparse(), elsewhere));
    }

    @Test
    void emptiedFileIsRefused() {
        Unique identity = served();
        SparseFile.of(path, 0);
        assertRefused(sparse(), Bench.OPTIONS, identity, path + " is empty");
        assertRefused(path.toString(), Bench.OPTIONS, identity, path + " is empty");
        // As if nothing had been.
        SparseFile.of(path, SIZE);
        assertRefused(sparse(), Bench.OPTIONS, identity, "holds nothing at all, and held data");
    }

    @Test
    void diskThatItsOwnUserEmptiedIsOpened() {
        Unique identity = served();
        try (Bench bench = Bench.open(sparse(), Bench.OPTIONS)) {
            Bench.assertDone((int) SIZE, bench.trim(0, (int) SIZE));
        }
        assertEquals(identity, opened(sparse(), Bench.OPTIONS));
    }

    @Test
    void smallerFileIsRefusedAndALargerOneIsNot() {
        Unique identity = served();
        SparseFile.of(path, SIZE / 2);
        assertRefused(path.toString(), Bench.OPTIONS, identity, "has 524288 bytes, and had 1048576");
        SparseFile.of(path, 2 * SIZE);
        assertEquals(identity, opened(path.toString(), Bench.OPTIONS));
        SparseFile.of(path, SIZE);
        assertRefused(path.toString(), Bench.OPTIONS, identity, "has 1048576 bytes, and had 2097152");
    }

    @Test
    void sizeThatWasGivenIsRemembered() throws IOException {
        Unique identity = served();
        try (RealDisk disk = Disks.open(path.toString(), Bench.OPTIONS)) {
            disk.resize(SIZE / 2);
        }
        assertEquals(identity, opened(path.toString(), Bench.OPTIONS));
        try (RealDisk disk = Disks.open(path.toString(), Bench.OPTIONS)) {
            disk.resize(3 * SIZE);
        }
        SparseFile.of(path, 2 * SIZE);
        assertRefused(path.toString(), Bench.OPTIONS, identity, "has 2097152 bytes, and had 3145728");
    }

    @Test
    void fileOfTheSameSizeInItsPlaceIsRefused() throws IOException {
        Unique identity = served();
        Files.delete(path);
        SparseFile.of(path, SIZE);
        Files.write(path, new byte[(int) SIZE]);
        assertRefused(path.toString(), Bench.OPTIONS, identity, "is another one than before, put in its place");
    }

    @Test
    void fileOfTheSameSizeInItsPlaceIsRefusedWithoutMarks() throws IOException {
        Unmarked kernel = new Unmarked();
        Unique identity;
        try (RealDisk disk = kernel.open(path, SIZE)) {
            identity = disk.identity();
        }
        Files.delete(path);
        SparseFile.of(path, SIZE);
        IOException refused = assertThrows(IOException.class, () -> kernel.open(path, SIZE));
        assertTrue(refused.getMessage().contains("it was made at another time"), refused.getMessage());
        assertTrue(refused.getMessage().contains("adopt=" + identity), refused.getMessage());
    }

    @Test
    void whatCannotBeKnownIsNotRefused() throws IOException {
        Unmarked kernel = new Unmarked();
        kernel.knowsBirths = false;
        kernel.open(path, SIZE).close();
        Files.delete(path);
        SparseFile.of(path, SIZE);
        kernel.open(path, SIZE).close();
    }

    @Test
    void anotherDiskInItsPlaceIsRefused() {
        Unique identity = served();
        Path other = scratch.resolve("other");
        Unique another = served("sparse:" + other + ":1MiB", Bench.OPTIONS);
        Shell.run("mv", other.toString(), path.toString());
        assertRefused(path.toString(), Bench.OPTIONS, identity, "bears the mark of another disk (" + another + ")");
    }

    @Test
    void stateOfAnotherDiskIsRefused() {
        Unique identity = served();
        Path other = scratch.resolve("other");
        Unique another = served("sparse:" + other + ":1MiB", Bench.OPTIONS);
        Shell.run("rm", "-r", state.toString());
        Shell.run("cp", "-r", other + ".dst", state.toString());
        assertRefused(path.toString(), Bench.OPTIONS, another, "bears the mark of another disk (" + identity + ")");
    }

    @Test
    void diskIsRestoredTogetherWithItsStateHoweverItIsCopied() {
        Unique identity = served();
        Path copies = scratch.resolve("copies");
        for (String how : new String[] {"-r", "-a"}) {
            Shell.run("rm", "-rf", copies.toString());
            Shell.run("mkdir", copies.toString());
            Shell.run("cp", how, path.toString(), state.toString(), copies.toString());
            assertEquals(identity, opened(copies.resolve("disk").toString(), Bench.OPTIONS), how);
            opened(path.toString(), Bench.OPTIONS);
            Shell.run("rm", "-r", path.toString(), state.toString());
            Shell.run("cp", how, copies.resolve("disk").toString(), path.toString());
            Shell.run("cp", how, copies.resolve("disk.dst").toString(), state.toString());
            assertEquals(identity, opened(path.toString(), Bench.OPTIONS), how);
        }
    }

    @Test
    void diskThatWasMovedIsKnownByItsMark() {
        Disks.Options elsewhere = Bench.OPTIONS.withState(scratch.resolve("kept"));
        Unique identity = served(sparse(), elsewhere);
        Path moved = scratch.resolve("moved");
        Shell.run("cp", "-a", path.toString(), moved.toString());
        assertEquals(identity, opened(moved.toString(), elsewhere));
    }

    @Test
    void diskThatWasRestoredAloneIsRefused() {
        Unique identity = served();
        Shell.run("cp", "-a", path.toString(), path + ".backup");
        served(path.toString(), Bench.OPTIONS);
        Shell.run("cp", "-a", path + ".backup", path.toString());
        assertRefused(path.toString(), Bench.OPTIONS, identity, "is an earlier copy");
    }

    @Test
    void stateThatWasRestoredAloneIsRefused() {
        Unique identity = served();
        Shell.run("cp", "-a", state.toString(), state + ".backup");
        served(path.toString(), Bench.OPTIONS);
        served(path.toString(), Bench.OPTIONS);
        Shell.run("rm", "-r", state.toString());
        Shell.run("cp", "-a", state + ".backup", state.toString());
        assertRefused(path.toString(), Bench.OPTIONS, identity, "the state was restored without the disk");
    }

    @Test
    void whoeverMeansItGetsAnotherDeviceAndOnlyOnce() throws IOException {
        Unique lost;
        long boots;
        try (RealDisk disk = Disks.open(sparse(), Bench.OPTIONS)) {
            lost = disk.identity();
            disk.state().hold("disk", new Holder(4, new Unique(1, 2)));
            boots = disk.state().nextBoot().counter();
        }
        Files.delete(path);
        Disks.Options meant = Bench.OPTIONS.adopting(lost.toString());
        Unique adopted;
        try (RealDisk disk = Disks.open(sparse(), meant)) {
            adopted = disk.identity();
            assertNotEquals(lost, adopted);
            assertEquals(Holder.NOBODY, disk.state().holder("disk"));
            assertEquals(boots + 1, disk.state().nextBoot().counter());
        }
        assertEquals(adopted, opened(sparse(), meant), "it is no wish to be granted at each start");
        Files.delete(path);
        assertRefused(sparse(), meant, adopted, path + " is not there");
    }

    @Test
    void whateverIsThereIsTakenIfItIsMeant() {
        Unique lost = served();
        // It bears the mark of the identity that ends.
        SparseFile.of(path, SIZE / 2);
        Unique adopted = opened(path.toString(), Bench.OPTIONS.adopting(lost.toString()));
        assertNotEquals(lost, adopted);
        assertEquals(adopted, opened(path.toString(), Bench.OPTIONS));
    }

    @Test
    void deletedStateIsAnotherDevice() {
        Unique identity = served();
        Shell.run("rm", "-r", state.toString());
        assertNotEquals(identity, opened(path.toString(), Bench.OPTIONS));
    }

    @Test
    void fileWhoseMakingWasInterruptedIsMade() throws IOException {
        // Its state is written after it.
        StateDirectory.open(state).close();
        SparseFile.of(path, 0);
        assertEquals(Optional.empty(), StateDirectory.ofDisk(state));
        opened(sparse(), Bench.OPTIONS);
        assertEquals(SIZE, Files.size(path));
    }

    /** A file system that keeps no attributes and, if so told, no births. */
    private static final class Unmarked extends Native {
        boolean knowsBirths = true;

        RealDisk open(Path path, long size) throws IOException {
            return new Opening(this, path, Bench.OPTIONS).openOrCreate(path.toString(), size);
        }

        @Override
        long attribute(int file, String name, java.lang.foreign.MemorySegment value) {
            return -Errno.NOT_SUPPORTED;
        }

        @Override
        long setAttribute(int file, String name, java.lang.foreign.MemorySegment value) {
            return -Errno.NOT_SUPPORTED;
        }

        @Override
        FileStatus status(int file) {
            FileStatus told = java.util.Objects.requireNonNull(super.status(file));
            return knowsBirths
                    ? told
                    : new FileStatus("", told.modified(), told.allocated(), told.device(), told.file());
        }
    }
}
