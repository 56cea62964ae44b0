package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dst.protocol.Access;
import dst.protocol.ClientSettings;
import dst.protocol.Device;
import dst.protocol.Permission;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.setting.Settings;
import dst.protocol.setting.Spread;
import dst.sim.Plan.DiskPlan;
import dst.sim.Plan.ExportPlan;
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
        // The name, where it begins, its identity, the terms and who has access.
        ExportPlan export = new ExportPlan(
                "d",
                1024,
                new Device(new Unique(1, 2), 2048, 1024, Permission.READ),
                Terms.DEFAULT,
                true,
                Access.NOBODY);
        assertEquals(
                ExportPlan.class.getRecordComponents().length - 1 + Device.class.getRecordComponents().length,
                PlanSettings.OF_EXPORT.size() + 5,
                "an export has more that can be set");
        assertEquals(
                export,
                PlanSettings.export(export).made(PlanSettings.export(export).numbers(export)));
        // The name, and the two ends of each spread.
        isAllOf(PathPlan.class, PlanSettings.path(path), path, 1 + 2 * PlanSettings.SPREADS_OF_PATH.size());
        // The name and the exports.
        assertEquals(DiskPlan.class.getRecordComponents().length, 2 + 2 * PlanSettings.SPREADS_OF_DISK.size());
    }

    private static <T> void goesBothWays(List<Spread<T>> spreads, T part) {
        for (Spread<T> spread : spreads) {
            T other = spread.between(part, 17, 18);
            assertNotEquals(part, other, spread.name());
            assertEquals(17, spread.leastOf(other), spread.name());
            assertEquals(18, spread.mostOf(other), spread.name());
            T ordinary = spread.ordinary(other);
            assertEquals(spread.leastOf(ordinary), spread.mostOf(ordinary), spread.name());
            assertEquals(part, spread.between(other, spread.leastOf(part), spread.mostOf(part)), spread.name());
        }
    }

    @Test
    void eachSpreadIsReadWhereItIsWritten() {
        goesBothWays(PlanSettings.SPREADS_OF_PATH, new PathPlan("c", 1, 2, 3, 4, 5));
        goesBothWays(
                PlanSettings.SPREADS_OF_DISK,
                Plans.quiet(1).disks().getFirst().withLatency(1, 2).withFlush(3, 4));
    }
}
