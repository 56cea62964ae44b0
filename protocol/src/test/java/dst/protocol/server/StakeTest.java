package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StakeTest {
    /** Each line: who is there, who comes, who has to go. */
    @Test
    void stakesDecideAsTheRuleSays() {
        Stake<String> greedy = new Stake<>("greedy", "a", "x", false, false, 7);
        Stake<String> holder = new Stake<>("holder", "a", "y", true, false, 1);
        Stake<String> worker = new Stake<>("worker", "a", "x", false, true, 2);
        Stake<String> newcomer = new Stake<>("newcomer", "b", "x", false, false, 0);
        Stake<String> writer = new Stake<>("writer", "b", "z", true, false, 0);
        Map<String, List<Stake<String>>> cases = Map.of(
                "greedy", List.of(newcomer, holder, worker, greedy),
                "worker", List.of(newcomer, worker, holder),
                "newcomer", List.of(newcomer, holder, holder),
                "holder", List.of(writer, holder, holder));
        cases.forEach((leaving, all) ->
                assertEquals(leaving, Stake.givesWay(all.getFirst(), all.subList(1, all.size()), it -> true)));
    }
}
