package dst.scenarios.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs a scenario over some seeds, and passes only if all of it holds: neither {@code BROKEN}, {@code UNKNOWN} nor {@code VACUOUS}
 * is a pass. What is in the method comes after that; it may ask for the {@link dst.scenarios.trial.Series}.
 *
 * <pre>{@code
 * final class RegisterTest {
 *     @Scenario("src/test/resources/register.edn")
 *     @Seeds(500)
 *     void whatIsWrittenIsRead() {}
 *
 *     @Scenario("server-power-cut")
 *     void losesNothing(Series series) {
 *         assertTrue(series.batch().struck().get("power-cut") > 50);
 *     }
 * }
 * }</pre>
 *
 * <p>A test that fails says what {@code dst run} says: rule, side, sentence, seed, and what to do. The folder of the run, its page {@code report.html}
 * in it, is left below {@code target/dst} (or where the configuration parameter {@value ScenarioExtension#STORE} says), and the page is an attachment of the test.
 */
@Documented
@Test
@ExtendWith(ScenarioExtension.class)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Scenario {
    /** A name that {@code dst list} shows, or the path of a file, from the folder in which the tests run: {@code .edn} or {@code .clj}. */
    String value();
}
