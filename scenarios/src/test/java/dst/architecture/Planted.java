package dst.architecture;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles sources that break a rule of the architecture, so that a test can see the rule catch them. */
final class Planted {
    private Planted() {}

    /** Each source declares its package and one public or package-private type named {@code name}. */
    record Source(String folder, String name, String text) {
        static Source of(String packageName, String name, String body) {
            return new Source(packageName.replace('.', '/'), name, "package " + packageName + ";\n" + body);
        }
    }

    static Path compile(Path scratch, List<Source> sources) throws IOException {
        Path classes = Files.createDirectories(scratch.resolve("classes"));
        List<Path> files = new ArrayList<>();
        for (Source source : sources) {
            Path folder = Files.createDirectories(scratch.resolve("sources").resolve(source.folder()));
            files.add(Files.writeString(folder.resolve(source.name() + ".java"), source.text()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            manager,
                            null,
                            List.of("-d", classes.toString(), "-proc:none", "-Xlint:none"),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("the planted sources do not compile: " + said);
            }
        }
        return classes;
    }
}
