package dst.realnode.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeTest {
    private final Native kernel = Native.LINUX;

    @TempDir
    Path folder;

    private Path path;
    private int file;

    @BeforeEach
    void open() throws IOException {
        path = folder.resolve("\u00fcber allem");
        Files.writeString(path, "0123456789");
        file = (int) kernel.open(path, Native.READ_WRITE);
        assertTrue(file > 0, "" + file);
    }

    @AfterEach
    void close() {
        assertEquals(0, kernel.close(file));
    }

    @Test
    void errorsAreTheKernels() {
        assertEquals(-Errno.NO_SUCH_FILE, kernel.open(folder.resolve("none"), Native.READ_ONLY));
        assertEquals(-Errno.IS_DIRECTORY, kernel.open(folder, Native.READ_WRITE));
        assertEquals(-Errno.INVALID, kernel.read(file, Zeros.SPARE, 1, -1, 0));
        assertEquals(-Errno.NO_SUCH_DEVICE, kernel.seek(file, 11, Native.SEEK_DATA));
        assertEquals(-Errno.NOT_A_TYPEWRITER, kernel.ask(file, Native.GET_SIZE, 8));
        assertEquals("no such file or directory", Errno.words(-2));
    }

    @Test
    void fullDeviceHasNoSpace() {
        int full = (int) kernel.open(Path.of("/dev/full"), Native.READ_WRITE);
        assertEquals(-Errno.NO_SPACE, kernel.write(full, Zeros.ADDRESS, 1, 0, 0));
        assertEquals(0, kernel.close(full));
    }

    @Test
    void readsAndWritesAtAddresses() throws IOException {
        ByteBuf buffer = Unpooled.directBuffer(16).writeZero(16);
        long address = Addresses.of(buffer, 0, 16);
        assertEquals(4, kernel.read(file, address, 4, 6, 0));
        assertEquals('9', buffer.getByte(3));
        assertEquals(10, kernel.read(file, address, 16, 0, 0));
        assertEquals(0, kernel.read(file, address, 16, 10, 0));
        buffer.setByte(0, 'x');
        assertEquals(1, kernel.write(file, address, 1, 0, 0));
        assertEquals(1, kernel.write(file, address, 1, 9, Native.DATA_SYNC));
        assertEquals("x12345678x", Files.readString(path));
        buffer.release();
    }

    @Test
    void mappedMemoryIsZeroAndZeroAgainWhenItWasGivenBack() {
        long size = 1L << 40;
        long address = kernel.map(size);
        assertTrue(address > 0, "" + address);
        ByteBuf one = Unpooled.wrappedBuffer(new byte[] {1});
        Addresses.copy(one, address + size / 2);
        ByteBuf read = Unpooled.directBuffer(1, 1).writeZero(1);
        Addresses.copy(address + size / 2, Addresses.of(read, 0, 1), 1);
        assertEquals(1, read.getByte(0));
        assertEquals(0, kernel.giveBack(address + size / 2, 4096));
        Addresses.copy(address + size / 2, Addresses.of(read, 0, 1), 1);
        assertEquals(0, read.getByte(0));
        assertEquals(0, kernel.unmap(address, size));
        read.release();
    }

    @Test
    void lockIsOneOpeningsUntilItIsClosed() {
        int other = (int) kernel.open(path, Native.READ_WRITE);
        assertEquals(0, kernel.lock(file, true));
        assertEquals(0, kernel.lock(other, true));
        assertEquals(-Errno.AGAIN, kernel.lock(other, false));
        assertEquals(0, kernel.close(other));
        assertEquals(0, kernel.lock(file, false));
        int third = (int) kernel.open(path, Native.READ_WRITE);
        assertEquals(-Errno.AGAIN, kernel.lock(third, true));
        assertEquals(0, kernel.close(third));
    }
}
