package dst.scenarios.run;

import dst.reports.Verdict;
import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.Invocation;
import dst.scenarios.library.Library;
import dst.scenarios.library.Scenario;
import dst.scenarios.planting.Bug;
import dst.scenarios.trial.SystemUnderTest;
import java.util.Optional;

/** What a newcomer sees first: a scenario that holds, and the same one with a bug in one side, found and named. */
final class Demonstration {
    private static final long SEEDS = 500;
    private static final long SEEDS_WITH_BUG = 50;

    private final Library library;
    private final RunCommand command;

    Demonstration(Library library, RunCommand command) {
        this.library = library;
        this.command = command;
    }

    /** The exit code: 0 if the first held and the second was found and blamed on the right side. */
    int show() {
        Scenario scenario = library.scenario(Library.DEMONSTRATION);
        Bug bug = library.bug(Library.DEMONSTRATION_BUG);
        command.out().println("1. The protocol as it is.");
        command.out().println();
        int holds = command.run(scenario, new SystemUnderTest(library, Optional.empty()), SEEDS);
        if (holds != ExitCode.HOLDS) {
            return holds;
        }
        command.out().println();
        command.out().println("2. The same, with a bug planted in one side: would it have been found?");
        command.out().println();
        SystemUnderTest broken = new SystemUnderTest(library, Optional.of(bug));
        int found = command.run(scenario, broken, SEEDS_WITH_BUG);
        if (found == ExitCode.INTERRUPTED) {
            return found;
        }
        command.out().println();
        command.out().println("Both again, with seeds of your choice:");
        command.out().println("  " + Invocation.of("run " + scenario.name() + " --seeds 10000"));
        command.out().println("  " + Invocation.of("run " + scenario.name() + " --plant " + bug.id()));
        command.out().println("More: " + Invocation.of("list"));
        command.out().flush();
        return found == Verdict.BROKEN.exitCode() ? ExitCode.HOLDS : ExitCode.BROKEN;
    }
}
