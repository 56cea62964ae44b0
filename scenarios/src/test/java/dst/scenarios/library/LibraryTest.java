package dst.scenarios.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientSettings;
import dst.protocol.Rules;
import dst.protocol.ServerSettings;
import dst.protocol.setting.NodeSettings;
import dst.protocol.setting.Setting;
import dst.protocol.setting.Settings;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.Version;
import dst.scenarios.trial.HostPrograms;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import dst.sim.PlanSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LibraryTest {
    private final Library library = new Library();

    @TempDir
    private Path folder;

    @Test
    void everyScenarioIsValidAndSaysWhatItIs() {
        assertTrue(library.names().size() >= 10, library.names()::toString);
        for (String name : library.names()) {
            Scenario scenario = library.scenario(name);
            assertFalse(scenario.summary().isBlank());
            assertFalse(scenario.faults().isEmpty(), name + " plans no fault");
        }
    }

    @Test
    void everyBugNamesAScenarioThatExists() {
        for (Bug bug : library.bugs()) {
            assertTrue(library.names().contains(bug.scenario()), bug.id() + " names " + bug.scenario());
            assertFalse(bug.edits().isEmpty() && bug.faults().isEmpty(), bug.id() + " does nothing");
        }
    }

    /** Promises are not broken by one mistake in one place, but for G5, which the client's own boundary shows; sealing is not built. */
    @Test
    void everyRuleHasABugThatIsMeantForIt() {
        Set<String> meant = new TreeSet<>();
        library.bugs().forEach(bug -> meant.add(bug.ruleNames().getFirst()));
        Set<String> rules = new TreeSet<>();
        List.of(Rules.values()).forEach(rule -> rules.add(rule.name()));
        rules.removeIf(rule -> (rule.startsWith("G") && !rule.equals("G5")) || rule.equals("H7"));

        assertEquals(rules, meant);
        assertEquals(82, library.bugs().size());
    }

    /** The file that explains every key says the same as the code that has none said. */
    @Test
    void byDefaultEverythingIsAsItUsuallyIs() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.edn"), "{:doc \"x\"}");
        Plan plan = library.scenario(file.toString()).plan(1);
        Plan.NodePlan client = plan.nodes().getFirst();
        Plan.NodePlan server = plan.nodes().getLast();
        ClientSettings settings = (ClientSettings) client.settings();

        isUsual(PlanSettings.HOST, client.host());
        isUsual(PlanSettings.node(client), client);
        isUsual(NodeSettings.client(settings), settings);
        isUsual(NodeSettings.TERMS, settings.terms());
        isUsual(NodeSettings.POLICY, settings.policy());
        isUsual(PlanSettings.HOST, server.host());
        isUsual(NodeSettings.SERVER, (ServerSettings) server.settings());
        Plan.ExportPlan export = plan.disks().getFirst().exports().getFirst();
        isUsual(PlanSettings.export(export), export);
        isUsual(NodeSettings.TERMS, export.terms());
        isUsual(PlanSettings.path(plan.paths().getFirst()), plan.paths().getFirst());
    }

    private static <T> void isUsual(Settings<T> settings, T part) {
        for (Setting<T, ?> setting : settings.all()) {
            assertEquals(setting.usualNumbers()[0], setting.number(part), setting.name());
        }
    }

    @Test
    void everyProgramThatAScenarioMayNameExists() {
        HostPrograms programs =
                new HostPrograms(new SystemUnderTest(library, Optional.empty()).machines(), library.versions());
        for (String name : List.of("present", "older", "newer", "hostile", "attached")) {
            programs.variant(name);
        }
        for (Version version : library.versions()) {
            assertTrue(
                    List.of("older", "newer").contains(version.id()), version.id() + " is not known to scenario.clj");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{:docs \"x\"}                              | :docs: there is no such key; did you mean :doc?",
                "{}                                         | :doc: is missing",
                "{:link {:delay \"5 mss\"}}                 | :link :delay: \"5 mss\" is no time: write a number with ns, us, ms, s, min or h, such as 250ms",
                "{:link {:dealy \"5 ms\"}}                  | :link :dealy: there is no such key; did you mean :delay?",
                "{:heal 5}                                  | :heal: 5 is no time",
                "{:heal [:between \"5 ms\" \"1 ms\"]}       | :heal: expected [:between low high], low first",
                "{:client {:page-size 1000}}                | :client :page-size: expected a power of two from 512 to 64 KiB, got 1000",
                "{:faults [{:fault :cutt}]}                 | :faults number 1 :fault: there is no fault :cutt; did you mean :cut?",
                "{:faults [{:fault :cut :restart \"1 s\"}]} | :faults number 1 :restart: there is no such key",
                "{:faults [{:fault :crash :node :sever}]}   | :faults number 1 :node: expected one of :client :server, got :sever; did you mean :server?",
                "{:faults [{:fault :cut :path :path-2}]}    | :faults number 1 :path: expected one of :path, got :path-2; did you mean :path?",
                "{:faults [{:fault :cut :path :path :node :client}]} | :faults number 1: expected one of :node and :path, got",
                "{:faults [{:fault :cut :at \"1 s\" :at-message 3}]} | :faults number 1: expected exactly one of :at :at-message :at-disk-write :at-record",
                "{:faults :cut}                             | :faults: expected a list in square brackets, got :cut",
                "{:workload {:mix {:raed 3}}}               | :workload :mix :raed: there is no such key; did you mean :read?",
                "{:workload {:mix {:read 0}}}               | :workload :mix: expected at least one kind",
                "{:workload {:fua 101}}                     | :workload :fua: expected a whole number from 0 to 100, got 101",
                "{:expect {:broken D1 :by :discs}}          | :expect :by: expected one of",
                "{:expect {:broken \"D1\" :by :disk}}       | :expect :broken: expected a rule of docs/PROTOCOL.md such as D1",
                "{:expect {:broken Q9 :by :disk}}           | :expect :broken: expected a rule of docs/PROTOCOL.md such as D1 or G1, got Q9",
                "{:doc \"x\" :workload {:hot 4000}}         | :workload :hot: the hot range of 4000 blocks is larger than the device",
                "{:doc \"x\" :client {:memory 512}}         | :client :memory: is smaller than :largest-transfer",
                "{:client {:links 17}}                      | :client :links: expected a whole number from 1 to 16, got 17",
                "{:client {:program :newr}}                 | :client :program: expected one of :attached :hostile :newer :older :present, got :newr; did you mean :newer?",
                "{:client {:attempts 0}}                    | :client :attempts: expected a whole number from 1 to 1000000, or :unlimited, got 0",
                "{:clients [{} {:page-sise 512}]}           | :clients number 2 :page-sise: there is no such key; did you mean :page-size?",
                "{:clients [{} {:workload {:fua 101}}]}     | :clients number 2 :workload :fua: expected a whole number from 0 to 100, got 101",
                "{:doc \"x\" :clients []}                   | :clients: nobody is asked to do anything: expected a client, or a node with a :workload",
                "{:nodes [{:kind :realy}]}                  | :nodes number 1 :kind: there is no kind of node :realy",
                "{:servers 2}                               | :servers: expected a list in square brackets, of 0 to 200 maps, got 2",
                "{:doc \"x\" :clients [{} {:export \"disc\"}]} | :clients number 2 :export: there is no export \"disc\"; there is \"disk\"",
                "{:doc \"x\" :client {:server :server-2}}   | :client :server: expected one of :client :server, got :server-2; did you mean :server?",
                "{:doc \"x\" :servers [{:disks [\"disk-2\"]}]} | :servers number 1 :disks: there is no disk \"disk-2\"; there is disk",
                "{:doc \"x\" :clients [{} {:memory 512}]}   | :clients number 2 :memory: is smaller than :largest-transfer",
                "{:doc \"x\" :clients [{} {:workload {:hot 999}}]} | :clients number 2 :workload :hot: the hot range of 999 blocks is larger",
                "{:doc \"x\" :exports [{} {}]}              | :exports: two of them have the same :name",
                "{:doc \"x\" :device {:shared true}}        | :device :permission: expected :read or :none, since a shared export is read-only",
                "{:exports [{:acess {}}]}                   | :exports number 1 :acess: there is no such key; did you mean :access?",
                "{:device {:access {:client :both}}}        | :device :access: expected a map such as {\"*\" :both, \"client-2\" :read}",
                "{:device {:access {\"*\" :bth}}}           | :device :access *: expected one of :both :none :read :write, got :bth; did you mean :both?",
                "{:paths [{:buffer \"1 XB\"}]}              | :paths number 1 :buffer: \"1 XB\" is no size: write bytes, or a number with KiB, MiB, GiB or TiB, such as 64KiB, or :unlimited",
                "[1 2]                                      | the whole file: expected a map",
                "{:doc \"x\" :heal }                        | line 1: Map literal must contain an even number of forms",
                "{:doc \"x\"                                | line 2: the file ends too early",
                "{:doc \"x\"}}                              | line 1: Unmatched delimiter",
                "{:doc #nice \"x\"}                         | line 1: the tag #nice has no meaning here",
            })
    void aMistakeIsToldWithFileKeyAndWhatWasExpected(String text, String expected) throws IOException {
        Path file = folder.resolve("mine.edn");
        Files.writeString(file, text);

        WrongInput wrong = assertThrows(WrongInput.class, () -> library.scenario(file.toString()));

        assertTrue(
                wrong.words().lines().anyMatch(line -> line.startsWith(file + ": " + expected)),
                () -> "expected '" + expected + "' in:\n" + wrong.words());
    }

    @Test
    void aMistakeThatDoesNotSayWhatIsWrongIsNotMadeUp() throws IOException {
        Path file = folder.resolve("mine.edn");
        Files.writeString(file, "{:doc \"Right.\", :link {:delay \"5 ms\"}, :faults [{:fault :cut}]}");

        assertEquals("Right.", library.scenario(file.toString()).summary());
    }

    @Test
    void whatIsUnknownIsToldWithTheNearestNames() {
        assertEquals(
                "there is no scenario 'everythin'; did you mean everything?",
                assertThrows(WrongInput.class, () -> library.scenario("everythin"))
                        .words());
        assertEquals(
                "there is no planted bug 'lying-flsh'; did you mean lying-flush?",
                assertThrows(WrongInput.class, () -> library.bug("lying-flsh")).words());
        assertTrue(assertThrows(WrongInput.class, () -> library.scenario("no/such.edn"))
                .words()
                .contains("there is no file"));
    }

    @Test
    void theDefaultsAndTheBugsAreNotScenarios() {
        assertEquals(
                List.of(),
                library.names().stream()
                        .filter(List.of("defaults", "bugs")::contains)
                        .toList());
    }
}
