package dst.scenarios.library;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.kinds.Kinds;
import dst.scenarios.planting.Bug;
import dst.scenarios.planting.Version;
import dst.sim.Plan;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The scenarios and planted bugs that come with dst, and scenarios in files of the user's own. Clojure reads them. */
public final class Library {
    /** What {@code dst run} shows when it is asked for nothing else. */
    public static final String DEMONSTRATION = "server-power-cut";

    public static final String DEMONSTRATION_BUG = "answer-before-executing";

    private static final String FOLDER = "library";
    /** Beside a plan, the folders in which the source of its nodes' kinds lies. */
    public static final String KINDS = "kinds";

    static final String ENDING = ".edn";

    /** Of a scenario that is a program. */
    static final String PROGRAM = ".clj";

    private static final List<String> NOT_SCENARIOS = List.of("defaults", "bugs", "versions");

    private final Map<String, String> files;
    private final Map<String, String> programs;
    private final Map<String, Bug> bugs = new TreeMap<>();
    private final List<Version> versions;

    @SuppressWarnings("unchecked")
    public Library() {
        files = files(ENDING);
        programs = files(PROGRAM);
        List<Bug> listed = (List<Bug>) call("read-bugs", "scenarios/library/bugs.edn", text("bugs"));
        listed.forEach(bug -> bugs.put(bug.id(), bug));
        versions = (List<Version>) call("read-versions", "scenarios/library/versions.edn", text("versions"));
    }

    public List<String> names() {
        return Stream.concat(files.keySet().stream(), programs.keySet().stream())
                .filter(name -> !NOT_SCENARIOS.contains(name))
                .sorted()
                .toList();
    }

    /** By its name, or by the path of a file of one's own, which ends in {@code .edn} or {@code .clj}. */
    public Scenario scenario(String name) {
        if (name.endsWith(ENDING) || name.endsWith(PROGRAM)) {
            Path file = Path.of(name);
            String text = textOf(file);
            Kinds.beside(file);
            return read(stem(file), name, name, text);
        }
        if (programs.containsKey(name)) {
            return read(name, name, "scenarios/library/" + name + PROGRAM, programs.get(name));
        }
        if (!names().contains(name)) {
            throw unknown("scenario", name, names());
        }
        return read(name, name, "scenarios/library/" + name + ENDING, text(name));
    }

    /** What a run folder's program demands of the history. */
    public Optional<HistoryChecker> checker(String name, Path file) {
        return read(name, name, file.toString(), textOf(file)).checker();
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private Scenario read(String name, String called, String file, String text) {
        return (Scenario) call("read-scenario", name, called, file, text("defaults"), text);
    }

    public List<Bug> bugs() {
        return List.copyOf(bugs.values());
    }

    public Bug bug(String id) {
        Bug bug = bugs.get(id);
        if (bug == null) {
            throw unknown("planted bug", id, List.copyOf(bugs.keySet()));
        }
        return bug;
    }

    /** Other programs of the same protocol. */
    public List<Version> versions() {
        return versions;
    }

    public static Plan plan(Path file) {
        String text = textOf(file);
        Kinds.beside(file);
        Path elsewhere = file.resolveSibling(KINDS);
        if (Files.exists(elsewhere)) {
            textOf(elsewhere).lines().map(Path::of).forEach(Kinds::in);
        }
        return (Plan) call("read-plan", file.toString(), text);
    }

    /** The machine of a real node, as its recording says. */
    public static RecordedNode recording(Path file) {
        return (RecordedNode) call("read-recording", file.toString(), textOf(file));
    }

    public static String text(Plan plan) {
        return (String) call("plan-text", plan);
    }

    /** What a new scenario's file says. */
    static String beginning(String name, boolean isProgram) {
        return (String) call("new-scenario", name, isProgram);
    }

    /** A run's history to be shown: all of it, or what happened to one block. */
    public static String history(Path file, int blockSize, Optional<Long> block, boolean isEdn) {
        return (String) call(
                "history-text",
                file.toString(),
                textOf(file),
                (long) blockSize,
                block.orElse(-1L),
                isEdn ? "edn" : "table");
    }

    /** What the file says, if there is one. */
    public static Optional<Remembered> remembered(Path file) {
        return Files.exists(file)
                ? Optional.of((Remembered) call("read-verdict", file.toString(), textOf(file)))
                : Optional.empty();
    }

    /** Those of the names that a person may have meant; none if nothing is near. */
    @SuppressWarnings("unchecked")
    public static List<String> nearest(String wrong, List<String> names) {
        return wrong.isBlank() ? List.of() : (List<String>) call("nearest", wrong, names);
    }

    private static WrongInput unknown(String what, String name, List<String> known) {
        List<String> near = nearest(name, known);
        return new WrongInput("there is no " + what + " '" + name + "'"
                + (near.isEmpty()
                        ? "; 'dst list' shows them all"
                        : "; did you mean " + String.join(" or ", near) + "?"));
    }

    private String text(String name) {
        String text = files.get(name);
        if (text == null) {
            throw new IllegalStateException("the library has no " + name + ENDING);
        }
        return text;
    }

    public static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new WrongInput("there is no file " + file);
        } catch (CharacterCodingException binary) {
            throw new WrongInput(file + " is no text in UTF-8");
        } catch (IOException unreadable) {
            throw WrongInput.of(file + " cannot be read", unreadable);
        }
    }

    /** Every file of the library by its name without ending: in a folder of classes, or in the jar. */
    private static Map<String, String> files(String ending) {
        URL place = Library.class.getResource("/" + FOLDER + "/defaults" + ENDING);
        try {
            if (!(place.openConnection() instanceof JarURLConnection in)) {
                return filesIn(Path.of(place.toURI()).resolveSibling(""), ending);
            }
            // Opened by its path: by its address it could be opened once at a time, and others may be reading it.
            try (FileSystem jar =
                    FileSystems.newFileSystem(Path.of(in.getJarFileURL().toURI()))) {
                return filesIn(jar.getPath("/" + FOLDER), ending);
            }
        } catch (URISyntaxException | IOException unreadable) {
            throw new IllegalStateException("the library cannot be read", unreadable);
        }
    }

    private static Map<String, String> filesIn(Path folder, String ending) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                if (file.getFileName().toString().endsWith(ending)) {
                    found.put(stem(file), Files.readString(file));
                }
            }
        }
        return found;
    }

    private static Object call(String function, Object... arguments) {
        IFn called = Clojure.var("dst.scenarios.library.reading", function);
        return called.applyTo(clojure.lang.RT.seq(arguments));
    }

    static {
        Clojure.var("clojure.core", "require").invoke(Clojure.read("dst.scenarios.library.reading"));
    }
}
