package dst.protocol.referee;

import dst.protocol.Signal;
import dst.protocol.trace.WorldEvent;

/**
 * Watches one machine at its own boundary, and says which rules it breaks there: through the {@link Charges} that it was made with. Of
 * what is wrong it is told as of what is right, so it must not fall over it.
 */
public interface Judge {
    /** Asks for nothing. */
    Judge NOBODY = (_, _) -> {};

    /** What its machine was given, or gave. */
    void saw(long now, Signal signal);

    /** What befell its machine's node, or the world. */
    default void happened(long now, WorldEvent event) {}

    /** What a machine of that kind was given or gave, within its own machine or beside it on the same node. */
    default void sawWithin(long now, String kind, Signal signal) {}

    /** Whether its machine has come to its end, so that nothing has to be known of it any more. */
    default boolean isOver() {
        return false;
    }

    /** Gives back every buffer that it holds; nothing comes after it. */
    default void discard() {}

    /** Who judges machines of one kind. */
    interface Maker {
        Judge of(Charges charges);
    }
}
