package dst.realnode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node's command line writes to a terminal: colours only where they are wanted. */
class TerminalTest {
    @ParameterizedTest
    @CsvSource({
        "TERM=xterm, true",
        "TERM=dumb, false",
        "TERM=xterm NO_COLOR=1, false",
        "TERM=xterm NO_COLOR=, true",
    })
    void coloursAreForTerminalsThatBearThem(String environment, boolean coloured) {
        Tools.need("script", "bsdutils");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (String command : coloured ? List.of("serve") : List.of("serve", "attach", "ctl", "proxy")) {
            String said = Tools.well(
                    "script",
                    "-qec",
                    "env -u NO_COLOR " + environment + " " + java + " -cp '" + System.getProperty("java.class.path")
                            + "' dst.realnode.Main " + command + " --help",
                    "/dev/null");
            assertEquals(coloured, said.contains("\u001b["), environment + ": " + said);
        }
    }
}
