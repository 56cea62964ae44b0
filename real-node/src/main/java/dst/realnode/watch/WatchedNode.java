package dst.realnode.watch;

import dst.nbd.rules.NbdJudges;
import dst.protocol.ClientSettings;
import dst.protocol.ServerSettings;
import dst.protocol.Side;
import dst.protocol.Unique;
import dst.protocol.Words;
import dst.protocol.referee.Judge;
import dst.protocol.referee.Limits;
import dst.protocol.setting.NodeSettings;
import dst.protocol.setting.Settings;
import dst.protocol.trace.Layer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
        return new WatchedNode(
                SERVER,
                "{" + text(NodeSettings.SERVER, settings) + "}",
                new Limits(Map.of(), Map.of(SERVER.node(), settings), Set.of()));
    }

    public static WatchedNode client(ClientSettings settings) {
        String text = "{:export " + quoted(settings.export())
                + "\n  :terms {" + text(NodeSettings.TERMS, settings.terms())
                + "}\n  :identity " + identity(settings.identity())
                + " " + text(NodeSettings.client(settings), settings)
                + "\n  :manner {" + text(NodeSettings.POLICY, settings.policy()) + "}}";
        return new WatchedNode(CLIENT, text, new Limits(Map.of(CLIENT.node(), settings), Map.of(), Set.of()));
    }

    /** Who judges what is within it. */
    Map<String, Judge.Maker> judges() {
        Side side = layer.is(Layer.CLIENT) ? Side.CLIENT : Side.SERVER;
        return NbdJudges.of(_ -> side);
    }

    private static <T> String text(Settings<T> settings, T of) {
        return settings.all().stream()
                .map(setting -> ":" + setting.name() + " " + setting.written(of).edn())
                .collect(Collectors.joining(" "));
    }

    private static String identity(Unique identity) {
        return identity.equals(Unique.NONE) ? ":none" : quoted(Words.hex(identity.high()) + Words.hex(identity.low()));
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
