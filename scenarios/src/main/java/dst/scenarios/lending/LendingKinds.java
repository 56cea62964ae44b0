package dst.scenarios.lending;

import dst.protocol.Side;
import dst.protocol.setting.Settings;
import dst.sim.NodeKind;
import java.util.List;

/** Who lends an export, and who comes for it. */
public final class LendingKinds implements NodeKind.Source {
    /** There is nothing to set. */
    public record Nothing() {}

    @Override
    public List<NodeKind> kinds() {
        return List.of(
                NodeKind.of("lender", Side.SERVER, Settings.none(Nothing::new), (_, _) -> new Lender())
                        .saying(Message::reader),
                NodeKind.of("guest", Side.CLIENT, Settings.none(Nothing::new), (_, _) -> new Guest())
                        .saying(Message::reader));
    }
}
