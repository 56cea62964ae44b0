package dst.scenarios.kinds;

import dst.scenarios.cli.WrongInput;
import dst.sim.NodeKind;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The kinds of nodes whose Java source lies in a folder: compiled when they are asked for, by the JDK that runs this. */
final class Sources {
    private static final String ENDING = ".java";
    private static final String CLASS = ".class";

    private Sources() {}

    /** Those of that folder itself, in their order; none if they bring no kinds: then they are somebody's, and no matter of ours. */
    static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sources = files.filter(
                            file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
            for (Path source : sources) {
                if (Files.readString(source, StandardCharsets.ISO_8859_1).contains(NodeKind.class.getSimpleName())) {
                    return sources;
                }
            }
            return List.of();
        } catch (IOException unreadable) {
            throw WrongInput.of("the folder " + folder + " cannot be read", unreadable);
        }
    }

    static List<NodeKind> kinds(List<Path> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new WrongInput(
                    sources.getFirst() + " has to be compiled, and this Java has no compiler: run dst with a JDK");
        }
        try {
            Path classes = Files.createTempDirectory("dst-kinds");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(classes)));
            compile(compiler, sources, classes);
            List<NodeKind> kinds = new ArrayList<>();
            // Its classes are needed, and read as what ran, as long as the program runs.
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {classes.toUri().toURL()}, NodeKind.class.getClassLoader());
            for (String name : classes(classes)) {
                Class<?> type = Class.forName(name, false, loader);
                if (NodeKind.Source.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                    kinds.addAll(Kinds.asked(
                            (NodeKind.Source) type.getDeclaredConstructor().newInstance()));
                }
            }
            return kinds;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (ReflectiveOperationException wrong) {
            throw new WrongInput(sources.getFirst().getParent()
                    + " has kinds of nodes that cannot be asked for: whoever brings them needs a public constructor without parameters ("
                    + wrong
                    + ")");
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            // It lies where what is temporary lies.
        }
    }

    /** Their names; whatever lies in a package has its folders' names before its own. */
    private static List<String> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(CLASS))
                    .map(file -> root.relativize(file).toString())
                    .map(name -> name.substring(0, name.length() - CLASS.length())
                            .replace(root.getFileSystem().getSeparator(), "."))
                    .sorted()
                    .toList();
        }
    }

    private static void compile(JavaCompiler compiler, List<Path> sources, Path classes) throws IOException {
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, null, null)) {
            List<String> options = List.of("-d", classes.toString(), "-proc:none", "-nowarn");
            boolean compiled = compiler.getTask(
                            new StringWriter(), files, said, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new WrongInput(said.getDiagnostics().stream()
                        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                        .limit(5)
                        .map(Sources::words)
                        .reduce((one, other) -> one + "\n" + other)
                        .orElse(sources + " cannot be compiled"));
            }
        }
    }

    private static String words(Diagnostic<? extends JavaFileObject> one) {
        JavaFileObject source = one.getSource();
        return (source == null ? "" : source.getName() + ": line " + one.getLineNumber() + ": ") + one.getMessage(null);
    }
}
