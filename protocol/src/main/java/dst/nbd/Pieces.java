package dst.nbd;

import dst.nbd.port.NbdExport;

/**
 * What an export transfers at once: a larger request is done in pieces. They meet at boundaries that are whole blocks of any size up to the
 * preferred one, so that only the first and the last have edges, and none with the blocks around it is too large.
 */
record Pieces(int largest, int boundary) {
    static Pieces of(NbdExport export) {
        return new Pieces(export.largestTransfer() & -export.preferredBlock(), export.preferredBlock());
    }

    Pieces atMost(int most) {
        return new Pieces(Math.max(boundary, Math.min(largest, most & -boundary)), boundary);
    }

    /** How much of what begins there is one piece. */
    int from(long offset, long length) {
        return (int) Math.min(length, largest - (offset & (boundary - 1)));
    }
}
