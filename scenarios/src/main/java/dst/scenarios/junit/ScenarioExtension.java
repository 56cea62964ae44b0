package dst.scenarios.junit;

import dst.reports.Verdict;
import dst.scenarios.cli.Invocation;
import dst.scenarios.cli.WrongInput;
import dst.scenarios.kinds.Kinds;
import dst.scenarios.library.Library;
import dst.scenarios.store.RunFolder;
import dst.scenarios.store.SeriesStory;
import dst.scenarios.trial.Series;
import dst.scenarios.trial.SystemUnderTest;
import dst.sim.Plan;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** Runs a test's {@link Scenario} before what is in its method, which may ask for the series. */
final class ScenarioExtension implements BeforeTestExecutionCallback, ParameterResolver {
    /** The configuration parameter that names the folder for the folders of failing runs. */
    static final String STORE = "dst.store";

    private static final String STORE_USUAL = "target/dst";
    private static final long SEEDS_USUAL = 100;
    private static final Namespace OWN = Namespace.create(ScenarioExtension.class);

    @Override
    public void beforeTestExecution(ExtensionContext test) {
        // One at a time: each has all cores, and kinds of nodes beside one scenario may have names that those beside
        // another have.
        synchronized (OWN) {
            Series series = series(test);
            if (series.fault().isPresent()) {
                throw failedItself(series.fault().get());
            }
            if (series.batch().verdict() != Verdict.HOLDS) {
                throw failed(series, test);
            }
            test.getStore(OWN).put(Series.class, series);
        }
    }

    private static Series series(ExtensionContext test) {
        String name = AnnotationSupport.findAnnotation(test.getElement(), Scenario.class)
                .orElseThrow()
                .value();
        Optional<Seeds> seeds = AnnotationSupport.findAnnotation(test.getElement(), Seeds.class);
        long count = seeds.map(Seeds::value).orElse(SEEDS_USUAL);
        long from = seeds.map(Seeds::from).orElse(Series.FIRST_SEED);
        WrongInput.unlessPositive(count, "@Seeds");
        if (from < 0 || count - 1 > Long.MAX_VALUE - from) {
            throw new WrongInput("@Seeds: there are no " + count + " seeds from " + from + " on");
        }
        Library library = test.getRoot().getStore(OWN).getOrComputeIfAbsent(Library.class);
        return new Series(library.scenario(name), new SystemUnderTest(library, Optional.empty()), from, count)
                .run(Runtime.getRuntime().availableProcessors(), _ -> {});
    }

    private static RuntimeException failedItself(Series.Fault fault) {
        return fault.cause() instanceof WrongInput wrong
                ? new WrongInput(wrong.words() + " (in the plan of seed " + fault.seed() + ")")
                : new IllegalStateException("dst itself failed in seed " + fault.seed(), fault.cause());
    }

    private static AssertionFailedError failed(Series series, ExtensionContext test) {
        Path store = Path.of(test.getConfigurationParameter(STORE).orElse(STORE_USUAL))
                .resolve(test.getRequiredTestClass().getSimpleName() + "."
                        + test.getRequiredTestMethod().getName());
        SeriesStory story = SeriesStory.of(
                series,
                new RunFolder(store),
                seed -> Invocation.of("run ") + series.scenario().called() + " --seed " + seed,
                false);
        String more = story.first().map(first -> more(first.trial().plan())).orElse("");
        AssertionFailedError failed = new AssertionFailedError(story.words() + more);
        story.first().ifPresent(first -> attach(first.folder().resolve(RunFolder.PAGE), test, failed));
        return failed;
    }

    private static String more(Plan plan) {
        String alone = "\nIt alone, in this test: @Seeds(value = 1, from = " + plan.seed() + ")";
        String services = Kinds.servicesIn(plan).stream()
                .map(ScenarioExtension::place)
                .distinct()
                .collect(Collectors.joining(":"));
        return services.isEmpty()
                ? alone
                : alone + "\nFor dst to know its kinds of nodes: DST_CLASSPATH=" + services + " dst ...";
    }

    /** Where that class lies, from the folder in which the tests run. */
    private static String place(Class<?> type) {
        try {
            Path place = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path here = Path.of("").toAbsolutePath();
            return (place.startsWith(here) ? here.relativize(place) : place).toString();
        } catch (URISyntaxException odd) {
            throw new IllegalStateException(odd);
        }
    }

    private static void attach(Path page, ExtensionContext test, AssertionFailedError failed) {
        try {
            test.publishFile(
                    RunFolder.PAGE,
                    MediaType.create("text", "html", StandardCharsets.UTF_8),
                    attached -> Files.copy(page, attached, StandardCopyOption.REPLACE_EXISTING));
        } catch (RuntimeException | LinkageError nowhere) {
            // The verdict is what is to be told, also with a JUnit before 5.14; the page lies in the run folder, too.
            failed.addSuppressed(nowhere);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Series.class;
    }

    @Override
    public Series resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(OWN).get(Series.class, Series.class);
    }
}
