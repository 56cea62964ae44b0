package dst.realnode.watch;

import dst.protocol.ClientSettings;
import dst.protocol.Machine;
import dst.protocol.Manner;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.Words;
import dst.protocol.referee.Limits;
import dst.protocol.trace.Layer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who is watched: what makes the same machine again, as the plans of simulated runs say it, and what a referee is told of it.
 *
 * @param layer its name in traces, and the kind of machine
 * @param settings as EDN
 */
public record WatchedNode(Layer layer, String settings, Limits limits) {
    public static final Layer SERVER = Layer.server("server");
    public static final Layer CLIENT = Layer.client("client");

    public static WatchedNode server(ServerSettings settings) {
        String text = "{:links " + settings.linksMax() + " :handshakes " + settings.handshakesMax() + " :attachments "
                + settings.attachmentsMax() + " :memory " + settings.bytesMax() + "}";
        return new WatchedNode(SERVER, text, new Limits(Map.of(), Map.of(SERVER.node(), settings), Set.of()));
    }

    public static WatchedNode client(ClientSettings settings) {
        String text = "{:export " + quoted(settings.export()) + "\n  :terms " + terms(settings.terms())
                + "\n  :identity "
                + identity(settings.identity()) + " :patience "
                + (settings.patienceNanos() == Machine.NEVER ? ":for-ever" : nanos(settings.patienceNanos()))
                + " :resend " + nanos(settings.resendNanos()) + " :reconnect " + nanos(settings.reconnectNanos())
                + " :retained " + settings.retainedBytesMax() + " :failed-flushes " + settings.failedFlushesMax()
                + "\n  :manner " + manner(settings.manner()) + "}";
        return new WatchedNode(CLIENT, text, new Limits(Map.of(CLIENT.node(), settings), Map.of(), Set.of()));
    }

    private static String terms(Terms terms) {
        return "{:checksums " + terms.checksums() + " :ciphers " + terms.ciphers() + " :features " + terms.features()
                + " :keepalive " + nanos(terms.keepaliveMillis() * 1_000_000L) + " :largest-transfer "
                + terms.largestTransfer() + " :transactions " + terms.transactionsMax() + " :memory " + terms.bytesMax()
                + "}";
    }

    private static String manner(Manner manner) {
        return "{:links " + manner.links() + " :overlap " + word(manner.overlap()) + " :copied "
                + manner.copiedBytesMax() + " :holding " + word(manner.holding()) + " :attempts "
                + (manner.attemptsMax() == Integer.MAX_VALUE ? ":unlimited" : manner.attemptsMax()) + "}";
    }

    private static String word(Enum<?> value) {
        return ":" + value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String identity(Unique identity) {
        return identity.equals(Unique.NONE) ? ":none" : quoted(Words.hex(identity.high()) + Words.hex(identity.low()));
    }

    private static String nanos(long nanos) {
        return quoted(nanos + " ns");
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
