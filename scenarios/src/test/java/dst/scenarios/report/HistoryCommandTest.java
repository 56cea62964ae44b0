package dst.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clojure.java.api.Clojure;
import dst.protocol.Kind;
import dst.scenarios.Main;
import dst.scenarios.library.Library;
import dst.sim.Plan;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One block's history is a register's, as somebody reads it who knows nothing of dst. */
final class HistoryCommandTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        Clojure.var("clojure.core", "require").invoke(Clojure.read("dst.harness.register"));
    }

    @Test
    void eachBlockOfARunThatHoldsIsALinearizableRegister() {
        for (String seed : List.of("1", "2", "3")) {
            TreeMap<String, Long> judged = judged("server-power-cut", seed);

            assertEquals(Set.of("linearizable"), judged.keySet(), judged::toString);
            assertTrue(judged.get("linearizable") >= 8, judged::toString);
        }
    }

    @Test
    void operationsWhoseFateNobodyKnowsAreReadToo() {
        assertEquals(Set.of("linearizable"), judged("failing-disk", "3").keySet());
        assertEquals(Set.of("linearizable"), judged("half-open", "2").keySet());
    }

    @Test
    void aBlockIsNotWhereAReplayUndoesAWrite() {
        String bug = "durable-write-keeps-retention";
        String scenario = new Library().bug(bug).scenario();
        TreeMap<String, Long> all = new TreeMap<>();
        for (int seed = 1; seed <= 12; seed++) {
            judged(scenario, Integer.toString(seed), "--plant", bug)
                    .forEach((verdict, times) -> all.merge(verdict, times, Long::sum));
        }
        assertEquals(Set.of("linearizable", "not linearizable"), all.keySet(), all::toString);
        assertTrue(all.get("linearizable") > all.get("not linearizable"), all::toString);
    }

    @Test
    void whatIsNoRegistersHistoryIsSeen() {
        assertEquals(
                "not linearizable",
                judge("[{:process 0, :type :invoke, :f :read, :value nil, :index 0, :time 1}"
                        + " {:process 0, :type :ok, :f :read, :value 7, :index 1, :time 2}]"));
        assertEquals(
                "linearizable",
                judge("[{:process 0, :type :invoke, :f :write, :value 7, :index 0, :time 1}"
                        + " {:process 0, :type :info, :f :write, :value 7, :index 1, :time 2}"
                        + " {:process 1, :type :invoke, :f :read, :value nil, :index 2, :time 3}"
                        + " {:process 1, :type :ok, :f :read, :value 7, :index 3, :time 4}]"));
        assertTrue(judge("[{:process 0, :type :ok, :f :read, :value 0, :index 0, :time 1}]")
                .startsWith("an end without a beginning"));
        assertTrue(judge("[{:process 0, :type :invoke, :f :write, :value 7, :index 0, :time 1}"
                        + " {:process 0, :type :fail, :f :write, :value nil, :index 1, :time 2}]")
                .startsWith("another value"));
    }

    private static String judge(String text) {
        return (String) Clojure.var("dst.harness.register", "judged").invoke(text);
    }

    /** How many blocks came to what. */
    private TreeMap<String, Long> judged(String scenario, String seed, String... more) {
        List<String> run = new ArrayList<>(List.of("run", scenario, "--seed", seed, "--keep", "--store"));
        run.add(folder.resolve("store").toString());
        run.addAll(Arrays.asList(more));
        dst(run.toArray(String[]::new));
        Path latest = folder.resolve("store/latest");
        Plan plan = Library.plan(latest.resolve("plan.edn"));
        Set<Long> blocks = new TreeSet<>();
        plan.operations().stream()
                .filter(one -> one.kind() != Kind.FLUSH && one.length() > 0)
                .forEach(one -> {
                    for (long at = one.offset(); at < one.offset() + one.length(); at += plan.blockSize()) {
                        blocks.add(at);
                    }
                });
        TreeMap<String, Long> judged = new TreeMap<>();
        for (long block : blocks) {
            judged.merge(
                    judge(dst("history", latest.toString(), "--block", Long.toString(block), "--format", "edn")),
                    1L,
                    Long::sum);
        }
        return judged;
    }

    private static String dst(String... arguments) {
        StringWriter out = new StringWriter();
        Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments);
        return out.toString();
    }
}
