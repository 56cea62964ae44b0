package dst.protocol;

/** What is told to and by what stands between those who ask for any bytes and a device that moves whole blocks. */
public interface WholeBlocksControl {
    /** Of machine: see {@link dst.protocol.trace.Layer}. */
    String KIND = "whole-blocks";

    /** The device has blocks of this size, or from now on of another one. */
    record Reblocked(int blockSize) implements Control.Told {}

    /** What the device is asked for next, under this ticket, is for what was submitted under that tag. Tickets count up from 1. */
    record MadeFor(long ticket, long tag) implements Control.Tells {}
}
