package dst.protocol;

/** What has to be durable beside the disks before it is said. */
public interface DurablePort {
    /** By whoever stands above. */
    sealed interface Request extends Signal.Output {}

    /** By whoever stands below. */
    sealed interface Event extends Signal.Input {}

    /** The disk's boot ended for this cause: draw the next one and make its counter durable; answered by {@code BootDrawn}. */
    record DrawBoot(int disk, BootCause cause) implements Request {}

    /** Make this durable; answered by {@code Kept}. */
    record Keep(String export, Holder holder) implements Request {}

    /** The new boot asked for by {@code DrawBoot}; its counter is durable. */
    record BootDrawn(int disk, Boot boot) implements Event {}

    /** The holder handed over by {@code Keep} is durable. */
    record Kept(String export, Holder holder) implements Event {}
}
