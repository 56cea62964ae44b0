package dst.realnode;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar, which every command says when it is asked. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"dst " + ofBuild() + ", Java " + Runtime.version()};
    }

    public static String ofBuild() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    /** For this command and all below it. */
    public static void sayIn(CommandLine command) {
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Version::sayIn);
    }
}
