package dst.realnode.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike;
import dst.realnode.WrongInput;
import dst.realnode.proxy.ProxyPlan.Fault;
import dst.realnode.proxy.ProxyPlan.When;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyPlanTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut",
                "cut-late 500ms",
                "black-hole to-server 10s",
                "black-hole both for-good",
                "rebind",
                "stall both 2s",
                "delay 50ms 10s",
                "slow 64KiB 10s",
                "split 1 2s",
                "refuse 3s",
                "flip to-client"
            })
    void aStrikeIsSaidAsItIsWritten(String line) {
        assertEquals(line, ProxyPlan.words(ProxyPlan.strike(line)));
    }

    @ParameterizedTest
    @CsvSource({"delay 50 ms 10 s, delay 50ms 10s", "slow 64 kib 0.5 min, slow 64KiB 30s", "split 7 2 s, split 7 2s"})
    void aNumberAndItsUnitMayStandApart(String apart, String together) {
        assertEquals(together, ProxyPlan.words(ProxyPlan.strike(apart)));
    }

    @Test
    void aPlanIsReadLineByLine() {
        assertEquals(
                List.of(
                        new Fault(new When.At(1_500_000_000), new Strike.Cut()),
                        new Fault(new When.AtByte(Direction.TO_SERVER, 65_536), new Strike.Flip(Direction.TO_SERVER)),
                        new Fault(
                                new When.AtMessage(Direction.TO_CLIENT, 12),
                                new Strike.Stall(Direction.BOTH, 2_000_000_000))),
                ProxyPlan.parse("plan", """
                        at 1.5 s cut   # a comment

                        at-byte to-server 65536 flip to-server
                        at-message to-client 12 stall both 2s
                        """).faults());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "at 5 cut                       | '5' is no time: write a number with ns, us, ms, s, min or h",
                "soon cut                       | a line begins with at, at-byte or at-message, not 'soon'",
                "at 1s cutt                     | nothing is called 'cutt' that a proxy can do: there are cut, black-hole,",
                "at 1s power-cut 5ms            | 'power-cut' befalls no connection, so a proxy cannot do it: there are cut, black-hole,",
                "at 1s flip both                | expected one of to-client to-server, got 'both'",
                "at 1s slow fast 1s             | 'fast' is no size: write bytes",
                "at 1s refuse long              | 'long' is no time: write a number with ns, us, ms, s, min or h, such as 250ms, or for-good",
                "at 1s stall both               | a time is missing at the end",
                "at 1s cut now                  | there is one word too many: 'now'",
                "at-byte both 3 cut             | expected one of to-client to-server, got 'both'",
                "at-message to-client 0 cut     | expected a whole number from 1 to 2147483647, got '0'"
            })
    void aWrongLineIsToldWithWhatMayStandThere(String line, String said) {
        String message = assertThrows(WrongInput.class, () -> ProxyPlan.parse("plan", "\n" + line))
                .getMessage();
        assertTrue(message.startsWith("plan: line 2: " + said), message);
    }
}
