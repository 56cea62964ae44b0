package dst.scenarios.planting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Side;
import dst.reports.Verdict;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.trial.SystemUnderTest;
import dst.scenarios.trial.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LoopsTest {
    /** Ends only where its caller says so. */
    public static final class Sample {
        public static int turns(int most) {
            int turns = 0;
            while (turns != most) {
                turns++;
            }
            return turns;
        }
    }

    @Test
    void aLoopThatDoesNotEndIsToldAndOneThatEndsIsAsItWas() throws Exception {
        byte[] counted = new Loops(Sample.class.getClassLoader()).counted(bytes(Sample.class.getName()));
        Class<?> sample = new ClassLoader(Sample.class.getClassLoader()) {
            Class<?> defined() {
                return defineClass(Sample.class.getName(), counted, 0, counted.length);
            }
        }.defined();
        Loops.begin();
        assertEquals(1_000, sample.getMethod("turns", int.class).invoke(null, 1_000));
        Exception told = assertThrows(
                Exception.class, () -> sample.getMethod("turns", int.class).invoke(null, -1));
        assertTrue(
                told.getCause().getMessage().startsWith("a loop that does not end"),
                told.getCause().toString());
    }

    @Test
    void honestMachinesWhoseLoopsAreCountedDoTheSame() throws IOException {
        Library library = new Library();
        SystemUnderTest honest = new SystemUnderTest(library, Optional.empty());
        SystemUnderTest counted = new SystemUnderTest(
                library,
                new PlantedMachines(Side.SERVER, "dst.protocol.wire.Decoder", bytes("dst.protocol.wire.Decoder")));
        for (String name : new String[] {"everything", "crowd", "over-nbd", "lending"}) {
            Scenario scenario = library.scenario(name);
            for (long seed = 1; seed <= 3; seed++) {
                Trial trial = counted.run(counted.plan(scenario, seed), scenario.expected());
                assertEquals(Verdict.HOLDS, trial.judgement().verdict());
                assertEquals(
                        honest.run(honest.plan(scenario, seed), scenario.expected())
                                .digest(),
                        trial.digest(),
                        name);
            }
        }
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Loops.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }
}
