package dst.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What crosses a machine's boundary. Everybody shares the four ports' signals: whoever stands below a port takes its requests and
 * gives its events, whoever stands above it gives requests and takes events; so machines can stand on each other. Whatever a machine
 * stands on has a number, and what it offers has none: so a signal says itself which way it goes, also at a machine that stands on
 * blocks and offers blocks. What is a kind's own, it is told and tells through its {@link Control}.
 */
public sealed interface Signal {
    /** What a machine is given: what is asked of the blocks that it offers, and what becomes of all that it stands on. */
    sealed interface Input extends Signal
            permits BlockPort.Request,
                    BlockPort.Heard,
                    LinkPort.Event,
                    DiskPort.Event,
                    DurablePort.Event,
                    Control.Told {}

    /** What a machine gives. */
    sealed interface Output extends Signal
            permits BlockPort.Event,
                    BlockPort.Ask,
                    LinkPort.Request,
                    DiskPort.Request,
                    DurablePort.Request,
                    Control.Tells {}

    /** A machine was given what it has no port for: whoever put the node together is wrong. */
    static IllegalArgumentException misplaced(Signal signal) {
        return new IllegalArgumentException("there is no port for " + signal);
    }

    /** Gives back the memory that it holds; for whoever has it and passes it on to nobody. */
    static void release(Signal signal) {
        switch (signal) {
            case LinkPort.Send(long _, ByteBuf bytes) -> bytes.release();
            case LinkPort.Received(long _, ByteBuf bytes) -> bytes.release();
            case BlockPort.Submit(long _, Operation.Write(long _, ByteBuf data, boolean _)) -> data.release();
            case BlockPort.Completed(long _, Outcome.Done(ByteBuf data)) -> data.release();
            case BlockPort.Ask(int _, BlockPort.Request request) -> release(request);
            case BlockPort.Heard(int _, BlockPort.Event event) -> release(event);
            case DiskPort.Start(int _, DiskRequest.Write write) -> write.data().release();
            case DiskPort.Ended(int _, long _, DiskResult.Data(ByteBuf data)) -> data.release();
            case Input _, Output _ -> {}
        }
    }
}
