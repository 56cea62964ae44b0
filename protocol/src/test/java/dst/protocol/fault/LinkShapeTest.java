package dst.protocol.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.protocol.fault.Fault.Strike.Shaping;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Faults that shape what links carry do so while they last, the latest of a kind, and are told as they make a difference. */
final class LinkShapeTest {
    private final List<Shaping> hit = new ArrayList<>();
    private final LinkShape shape = new LinkShape(hit::add);

    private String at(long now) {
        return shape.extraNanos(now, Direction.TO_SERVER) + " " + shape.bytesPerSecond(now, Direction.TO_CLIENT, 0)
                + " " + shape.pieceMax(now, Direction.TO_SERVER, 100);
    }

    @Test
    void everyOneLastsUntilItIsOver() {
        assertEquals("0 0 100", at(1));
        shape.add(new Strike.Delay(5, 10), 10);
        shape.add(new Strike.Slow(9, 20), 20);
        shape.add(new Strike.Split(7, 30), 30);

        assertEquals("5 9 7", at(9));
        assertEquals("0 9 7", at(10));
        assertEquals("0 0 7", at(20));
        assertEquals("0 0 100", at(30));
    }

    @Test
    void ofAKindTheLatestCounts() {
        shape.add(new Strike.Delay(5, 100), 100);
        shape.add(new Strike.Delay(3, 10), 10);

        assertEquals("3 0 100", at(9));
        assertEquals("0 0 100", at(10));
    }

    @Test
    void whatIsNarrowerAlreadyStaysSo() {
        shape.add(new Strike.Slow(9, 10), 10);
        shape.add(new Strike.Split(7, 10), 10);

        assertEquals(4, shape.bytesPerSecond(1, Direction.BOTH, 4));
        assertEquals(3, shape.pieceMax(1, Direction.BOTH, 3));
        assertEquals(List.of(), hit);
    }

    /** Whoever adds one finds that it has to do something. */
    @Test
    void everyKindThatShapesMakesADifferenceAndIsTold() {
        List<Shaping> all = Stream.of(FaultKind.values())
                .map(kind -> kind.strike(kind.settings().stream()
                        .mapToLong(setting -> setting.usualNumbers()[0])
                        .toArray()))
                .flatMap(strike -> strike instanceof Shaping shaping ? Stream.of(shaping) : Stream.empty())
                .toList();
        assertTrue(all.size() >= 3);
        for (Shaping one : all) {
            hit.clear();
            LinkShape alone = new LinkShape(hit::add);
            alone.add(one, 10);
            for (Direction lane : Direction.values()) {
                alone.extraNanos(1, lane);
                alone.bytesPerSecond(1, lane, 0);
                alone.pieceMax(1, lane, 1 << 20);
            }
            assertTrue(hit.contains(one), one.toString());
        }
    }
}
