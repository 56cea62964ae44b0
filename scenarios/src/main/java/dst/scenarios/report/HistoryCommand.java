package dst.scenarios.report;

import dst.scenarios.cli.ExitCode;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.library.Library;
import dst.scenarios.store.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what was asked and answered in a run, as Jepsen has it; of one block, as Knossos reads it. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the history of a run folder: what was asked and answered, and when.",
            "With --block: what happened to one block, as the history of a register whose first value is 0.",
            "As EDN, such a history is what Knossos reads (knossos.model/register 0)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dst history store/latest",
            "  dst history store/latest --block 4096",
            "  dst history store/latest --block 4096 --format edn > register.edn"
        })
public final class HistoryCommand implements Callable<Integer> {
    /** How it is printed. */
    enum Format {
        TABLE,
        EDN
    }

    @Parameters(paramLabel = "FOLDER", description = "A run folder.")
    private @SuppressWarnings("NullAway.Init") Path folder;

    @Option(names = "--block", paramLabel = "OFFSET", description = "Only the block that begins at this byte.")
    private Optional<Long> block = Optional.empty();

    @Option(names = "--format", paramLabel = "FORMAT", description = "table or edn. Default: table.")
    private Format format = Format.TABLE;

    @Spec
    private @SuppressWarnings("NullAway.Init") CommandSpec spec;

    @Override
    public Integer call() {
        if (!Files.exists(folder)) {
            throw new WrongInput("there is no run folder " + folder + "; failing runs leave one under store/");
        }
        Path file = folder.resolve(RunFolder.HISTORY);
        Path plan = folder.resolve(RunFolder.PLAN);
        if (!Files.exists(file) || !Files.exists(plan)) {
            throw new WrongInput(folder + " is no run folder of a simulated run: there is no "
                    + (Files.exists(plan) ? RunFolder.HISTORY : RunFolder.PLAN) + " in it");
        }
        int blockSize = Library.plan(plan).blockSize();
        block.filter(offset -> offset < 0 || offset % blockSize != 0).ifPresent(offset -> {
            throw new WrongInput("--block wants where a block of " + blockSize + " bytes begins, not " + offset);
        });
        String text = Library.history(file, blockSize, block, format == Format.EDN);
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
        return ExitCode.HOLDS;
    }
}
