package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.ClientSettings;
import dst.protocol.setting.Settings;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.NodePlan;
import dst.sim.Plan.PathPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be set of a world's parts is all of them, and right. */
final class PlanSettingsTest {
    private static <T> void isAllOf(Class<T> type, Settings<T> settings, T odd, int others) {
        assertEquals(
                type.getRecordComponents().length, settings.all().size() + others, type + " has more that can be set");
        assertEquals(odd, settings.made(settings.numbers(odd)));
    }

    @Test
    void whateverAPartHasCanBeSet() {
        HostPlan host = new HostPlan(512, -70, HostPlan.HOSTILE);
        NodePlan node = NodePlan.client("b", host, ClientSettings.of("a"), 5, List.of(), 6);
        PathPlan path = new PathPlan("c", 1, 2, 3, 4, 5);

        isAllOf(HostPlan.class, PlanSettings.HOST, host, 0);
        // Name, kind, host, what the machine is told, ways and disks.
        isAllOf(NodePlan.class, PlanSettings.node(node), node, 6);
        // The name, the least and the longest delay.
        isAllOf(PathPlan.class, PlanSettings.path(path), path, 3);
    }
}
