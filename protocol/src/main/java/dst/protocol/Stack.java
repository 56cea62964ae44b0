package dst.protocol;

/** A machine that is made of several: what passes at the joint of two of them can be watched, as hosts watch what crosses its boundary. */
public interface Stack {
    /** From now on every value goes there before anybody takes it; it stays whose it is. */
    void watch(Joint joint);

    /** Sees what its machines are given and what they give, each by itself. */
    interface Joint {
        /**
         * @param now the time that the machine is told
         * @param kind the name of a kind of machine
         * @param instance which one of those within the stack
         */
        void saw(long now, String kind, long instance, Signal signal);
    }
}
