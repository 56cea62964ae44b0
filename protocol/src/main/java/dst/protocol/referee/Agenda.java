package dst.protocol.referee;

/** Whether some observer of a boundary wants to look at it once the present step is over. */
final class Agenda {
    boolean due;
}
