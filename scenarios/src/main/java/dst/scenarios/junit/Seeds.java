package dst.scenarios.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Over how many seeds a {@link Scenario} runs; a hundred, if it does not say. The same seeds are the same runs, always. */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Seeds {
    long value();

    /** The first one. To see seed 17 alone: {@code @Seeds(value = 1, from = 17)}. */
    long from() default 1;
}
