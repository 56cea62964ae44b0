package dst.realnode;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The node's command line, within this process: for what ends by itself. */
final class CommandLine {
    private CommandLine() {}

    /** What it said, and the exit code. */
    static Tools.Ran run(String... words) {
        StringWriter said = new StringWriter();
        PrintWriter both = new PrintWriter(said);
        int code = Main.commandLine().setOut(both).setErr(both).execute(words);
        both.flush();
        return new Tools.Ran(code, said.toString());
    }
}
