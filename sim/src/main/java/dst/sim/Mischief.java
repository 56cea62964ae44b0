package dst.sim;

/** A machine that keeps to nothing, some time after it was started. */
public interface Mischief {
    /** Whether it has done something that no honest machine does, for the first time since it was asked. */
    boolean hasJustBegun();
}
