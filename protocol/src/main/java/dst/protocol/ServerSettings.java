package dst.protocol;

/**
 * What one server bears at once, whoever asks for it (R7).
 *
 * @param linksMax links that have come through their handshake; beyond it whoever has most gives way
 * @param handshakesMax beside them, those whose peer has not said yet what it takes to be granted; a new one beyond it ends the oldest
 *     of whoever has most
 * @param attachmentsMax attachments of shared exports, those included that are gone and of which something still runs
 * @param bytesMax bytes of payloads held, running or unsent, over all links
 */
public record ServerSettings(int linksMax, int handshakesMax, int attachmentsMax, long bytesMax) {
    public static final ServerSettings DEFAULT = new ServerSettings(1024, 256, 256, 1L << 30);

    public ServerSettings {
        if (linksMax < 1 || handshakesMax < 1 || attachmentsMax < 1 || bytesMax < 1) {
            throw new IllegalArgumentException("a server that bears nothing: " + linksMax + " links, " + handshakesMax
                    + " handshakes, " + attachmentsMax + " attachments, " + bytesMax + " bytes");
        }
    }
}
