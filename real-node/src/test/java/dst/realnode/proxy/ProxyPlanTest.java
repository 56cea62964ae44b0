package dst.realnode.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyPlanTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cut",
                "cut-late 0.5s",
                "black-hole to-server 10s",
                "rebind",
                "stall both 2s",
                "delay 0.05s 10s",
                "slow 65536 10s",
                "split 1 2s",
                "refuse 3s",
                "flip to-client"
            })
    void aStrikeIsSaidAsItIsWritten(String line) {
        assertEquals(line, ProxyPlan.words(ProxyPlan.strike(line)));
    }
}
