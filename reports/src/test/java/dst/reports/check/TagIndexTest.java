package dst.reports.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dst.protocol.Prng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagIndexTest {
    private final TagIndex index = new TagIndex();
    private final List<Long> tags = new ArrayList<>();

    private void put(long tag) {
        index.put(tag, tags.size());
        tags.add(tag);
    }

    private void assertFindsAll() {
        for (int place = 0; place < tags.size(); place++) {
            assertEquals(place, index.find(tags.get(place)));
            assertEquals(tags.get(place), index.tag(place));
        }
    }

    @Test
    void findsTagsThatRiseByOneAndNoOther() {
        for (long tag = 7; tag < 1000; tag++) {
            put(tag);
        }
        assertFindsAll();
        for (long absent : new long[] {6, 1000, -1, 7 + (1L << 32)}) {
            assertEquals(TagIndex.ABSENT, index.find(absent));
        }
        assertThrows(IllegalStateException.class, () -> index.put(500, tags.size()));
    }

    @Test
    void findsTagsThatRoseByOneForAWhileOnly() {
        for (int first : new int[] {0, 1, 63, 64, 65, 127, 128, 1000}) {
            TagIndexTest test = new TagIndexTest();
            for (long tag = 1; tag <= first; tag++) {
                test.put(tag);
            }
            Prng prng = new Prng(first);
            for (int i = 0; i < 2000; i++) {
                test.put(2_000 + prng.below(1L << 40) * 2_000 + i);
            }
            test.assertFindsAll();
            assertEquals(TagIndex.ABSENT, test.index.find(1_999));
            assertThrows(IllegalStateException.class, () -> test.index.put(test.tags.getLast(), test.tags.size()));
        }
    }

    @Test
    void findsNothingInAnEmptyOne() {
        assertEquals(TagIndex.ABSENT, index.find(0));
    }
}
