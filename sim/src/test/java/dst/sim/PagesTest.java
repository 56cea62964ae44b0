package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final Pages pages = new Pages(new Pages.Memory(512), () -> 0);

    @Test
    void handsOutNothingLargerThanAPage() {
        assertThrows(IllegalStateException.class, () -> pages.buffer(513));
        assertThrows(IllegalStateException.class, () -> pages.directBuffer(4096));
        assertEquals(0, pages.live());
        ByteBuf page = pages.buffer(100);
        page.writeZero(512);
        assertThrows(IllegalStateException.class, () -> page.writeByte(1));
        page.release();
        assertEquals(0, pages.live());
    }

    @Test
    void hasNoBufferGrowIntoOnePiece() {
        CompositeByteBuf few = pages.compositeBuffer();
        assertThrows(IllegalStateException.class, () -> {
            for (int i = 0; i < 20; i++) {
                few.addComponent(true, pages.buffer(512).writeZero(512));
            }
        });
    }

    @Test
    void roomForMoreIsManyPages() {
        ByteBuf room = pages.room(1300);
        assertEquals(3, pages.live());
        for (int i = 0; i < 1300; i++) {
            room.writeByte(i);
        }
        for (int i = 0; i < 1300; i++) {
            assertEquals((byte) i, room.getByte(i));
        }
        room.release();
        assertEquals(0, pages.live());
    }

    @Test
    void countsWhatIsOut() {
        ByteBuf page = pages.buffer();
        ByteBuf slice = page.writeLong(1).readRetainedSlice(4);
        page.release();
        assertEquals(1, pages.live());
        slice.release();
        assertEquals(0, pages.live());
    }

    @Test
    void pagesComeBackWithTheirOldBytes() {
        pages.buffer(512).writeLong(0x1122334455667788L).release();
        ByteBuf again = pages.buffer(512);
        assertEquals(0x1122334455667788L, again.getLong(0));
        assertTrue(again.release());
    }
}
