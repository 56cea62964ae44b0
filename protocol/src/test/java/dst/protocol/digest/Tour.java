package dst.protocol.digest;

import dst.protocol.Signal;

/** Draws one input after the other, each from what the machine has done so far. */
interface Tour {
    /** The next input; it can be made for any number of machines. */
    Event<Signal> next();

    /** How much time passes before it. */
    long passes();

    /** What the machine wanted done; its buffers are given back by whoever runs the tour. */
    void saw(Signal output);
}
