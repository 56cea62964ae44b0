package dst.protocol;

/** Everything that can happen to what stands between those who ask for any bytes and a device that moves whole blocks. */
public sealed interface WholeBlocksInput {
    /** The device has blocks of this size, or from now on of another one. */
    record Reblocked(int blockSize) implements WholeBlocksInput {}

    /** Somebody wants this done, wherever it begins and ends; answered by {@code Completed}. Tags are chosen by whoever asks. */
    record Submitted(long tag, Operation operation) implements WholeBlocksInput {}

    /** What {@code Submit} has asked the device for has settled. */
    record Settled(long ticket, Outcome outcome) implements WholeBlocksInput {}
}
