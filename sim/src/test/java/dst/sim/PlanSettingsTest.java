package dst.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.ClientSettings;
import dst.protocol.setting.Settings;
import dst.sim.Plan.ClientPlan;
import dst.sim.Plan.HostPlan;
import dst.sim.Plan.LinkPlan;
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
        ClientPlan client = new ClientPlan(host, ClientSettings.of("a"), 5, 1, 6);
        LinkPlan link = new LinkPlan(1, 2, 3, 4, 5);

        isAllOf(HostPlan.class, PlanSettings.HOST, host, 0);
        // The host, what the machine is told, and the server.
        isAllOf(ClientPlan.class, PlanSettings.client(client), client, 3);
        // The least and the longest delay.
        isAllOf(LinkPlan.class, PlanSettings.link(link), link, 2);
    }
}
