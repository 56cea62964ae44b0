package dst.scenarios.library;

import dst.nbd.NbdClient;
import dst.nbd.NbdServer;
import dst.nbd.WholeBlocks;
import dst.nbd.lending.Lending;
import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdServerControl;
import dst.nbd.rules.NbdJudges;
import dst.protocol.ClientSettings;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.WholeBlocksControl;
import dst.protocol.referee.Judge;
import dst.protocol.referee.Limits;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Rerun;
import dst.protocol.trace.TraceReader;
import dst.scenarios.kinds.Kinds;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node of which there is a trace: what makes its machine again.
 *
 * @param kind as plans name it
 * @param program as plans name it
 * @param code of the program that was recorded, for people
 */
public record RecordedNode(String name, String kind, Record settings, String program, String code) {
    public static RecordedNode client(String name, ClientSettings settings, String code) {
        return new RecordedNode(name, Layer.CLIENT, settings, Machines.PRESENT, code);
    }

    public static RecordedNode server(String name, ServerSettings settings, String code) {
        return new RecordedNode(name, Layer.SERVER, settings, Machines.PRESENT, code);
    }

    public Rerun.Result rerun(TraceReader trace, Machines machines) {
        Machines its = machines.variant(program);
        return Rerun.of(trace, this::isIt, () -> its.machine(kind, settings, UnpooledByteBufAllocator.DEFAULT));
    }

    /** Of a real node, each machine of NBD that it has within: they are told all that they have to know. */
    public static Map<Layer, Rerun.Result> rerunParts(TraceReader trace) {
        return Rerun.ofParts(
                trace,
                Map.of(
                        NbdServerControl.KIND, () -> new NbdServer(UnpooledByteBufAllocator.DEFAULT),
                        NbdClientControl.KIND, () -> new NbdClient(UnpooledByteBufAllocator.DEFAULT),
                        WholeBlocksControl.KIND, () -> new WholeBlocks(1),
                        LendingControl.KIND, Lending::new));
    }

    /** Whether that is its machine, and not one within it. */
    public boolean isIt(Layer layer) {
        return layer.is(kind) && layer.instance() == 0;
    }

    public Map<String, Judge.Maker> judges() {
        Map<String, Judge.Maker> judges = new TreeMap<>(NbdJudges.of(_ -> Kinds.side(kind, settings)));
        if (!(settings instanceof ClientSettings || settings instanceof ServerSettings)) {
            judges.put(kind, Kinds.of(kind, settings).judge());
        }
        return judges;
    }

    public Limits limits() {
        return switch (settings) {
            case ClientSettings client -> new Limits(Map.of(name, client), Map.of(), Set.of());
            case ServerSettings server -> new Limits(Map.of(), Map.of(name, server), Set.of());
            default -> Limits.UNKNOWN;
        };
    }
}
