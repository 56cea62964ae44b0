package dst.protocol;

import java.util.function.Consumer;

/** A machine that is made of several: what passes at the joint of two of them can be watched, as hosts watch what crosses its boundary. */
public interface Stack {
    /** From now on every value goes there before anybody takes it; it stays whose it is. */
    void watch(Consumer<Object> joint);
}
