package dst.protocol;

import io.netty.buffer.ByteBuf;

/**
 * What crosses a machine's boundary. Everybody shares the four ports' signals: whoever stands below a port takes its requests and
 * gives its events, whoever stands above it gives requests and takes events; so machines can stand on each other. What is a kind's
 * own, it is told and tells through its {@link Control}.
 */
public sealed interface Signal
        permits BlockPort.Request,
                BlockPort.Event,
                LinkPort.Request,
                LinkPort.Event,
                DiskPort.Request,
                DiskPort.Event,
                DurablePort.Request,
                DurablePort.Event,
                Control.Told,
                Control.Tells {

    /** A machine was given what it has no port for: whoever put the node together is wrong. */
    static IllegalArgumentException misplaced(Signal signal) {
        return new IllegalArgumentException("there is no port for " + signal);
    }

    /** Whether a machine is given this that stands on links and disks and offers blocks; what it gives otherwise. */
    boolean isInput();

    /** Gives back the memory that it holds; for whoever has it and passes it on to nobody. */
    static void release(Signal signal) {
        switch (signal) {
            case LinkPort.Send(long _, ByteBuf bytes) -> bytes.release();
            case LinkPort.Received(long _, ByteBuf bytes) -> bytes.release();
            case BlockPort.Submit(long _, Operation.Write(long _, ByteBuf data, boolean _)) -> data.release();
            case BlockPort.Completed(long _, Outcome.Done(ByteBuf data)) -> data.release();
            case DiskPort.Start(int _, DiskRequest.Write write) -> write.data().release();
            case DiskPort.Ended(int _, long _, DiskResult.Data(ByteBuf data)) -> data.release();
            case LinkPort.Request _,
                    LinkPort.Event _,
                    BlockPort.Request _,
                    BlockPort.Event _,
                    DiskPort.Request _,
                    DiskPort.Event _,
                    DurablePort.Request _,
                    DurablePort.Event _,
                    Control.Told _,
                    Control.Tells _ -> {}
        }
    }
}
