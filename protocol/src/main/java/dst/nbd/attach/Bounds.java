package dst.nbd.attach;

import dst.nbd.Places;

/**
 * What an attached device bears of NBD connections (R7).
 *
 * @param places how many there may be
 * @param bytesMax what all of them together may have under way
 */
public record Bounds(Places.Limits places, long bytesMax) {
    public static final Bounds DEFAULT = new Bounds(new Places.Limits(256, 64, 32), 64L << 20);
}
