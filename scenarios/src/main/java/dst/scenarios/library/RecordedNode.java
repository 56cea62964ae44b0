package dst.scenarios.library;

import dst.protocol.ClientSettings;
import dst.protocol.Machines;
import dst.protocol.ServerSettings;
import dst.protocol.referee.Limits;
import dst.protocol.trace.Rerun;
import dst.protocol.trace.TraceReader;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node of which there is a trace: what makes its machine again. One of the settings is there, and says which kind it is.
 *
 * @param program as plans name it
 * @param code of the program that was recorded, for people
 */
public record RecordedNode(
        String name, Optional<ClientSettings> client, Optional<ServerSettings> server, String program, String code) {
    public static RecordedNode client(String name, ClientSettings settings, String code) {
        return new RecordedNode(name, Optional.of(settings), Optional.empty(), Machines.PRESENT, code);
    }

    public static RecordedNode server(String name, ServerSettings settings, String code) {
        return new RecordedNode(name, Optional.empty(), Optional.of(settings), Machines.PRESENT, code);
    }

    public Rerun.Result rerun(TraceReader trace, Machines machines) {
        Machines its = machines.variant(program);
        return client.map(settings -> Rerun.of(trace, () -> its.client(settings, UnpooledByteBufAllocator.DEFAULT)))
                .orElseGet(() ->
                        Rerun.of(trace, () -> its.server(server.orElseThrow(), UnpooledByteBufAllocator.DEFAULT)));
    }

    public Limits limits() {
        return new Limits(
                client.map(settings -> Map.of(name, settings)).orElse(Map.of()),
                server.map(settings -> Map.of(name, settings)).orElse(Map.of()),
                Set.of());
    }
}
