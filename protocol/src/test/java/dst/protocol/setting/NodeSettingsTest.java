package dst.protocol.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Machine;
import dst.protocol.Overlap;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be set is all that the machines are told, and right. */
final class NodeSettingsTest {
    private static final Terms TERMS = new Terms(3, 5, 6, 77, 4096, 9, 8192);
    private static final ClientPolicy POLICY = new ClientPolicy(4, Overlap.COPY, 700, Holding.REFUSE, 12);
    private static final ClientSettings CLIENT =
            new ClientSettings("a", TERMS, new Unique(1, 2), 1_000, 2_000, 3_000, 5_000, 6, POLICY);

    private static <T> void isAllOf(Class<T> type, Settings<T> settings, T odd, int others) {
        assertEquals(
                type.getRecordComponents().length, settings.all().size() + others, type + " has more that can be set");
        assertEquals(odd, settings.made(settings.numbers(odd)));
        for (Setting<T, ?> setting : settings.all()) {
            assertEquals(
                    OptionalLong.of(setting.number(odd)), setting.measure().read(setting.written(odd)), setting.name());
        }
    }

    @Test
    void whateverAMachineIsToldCanBeSetAndIsReadBack() {
        isAllOf(Terms.class, NodeSettings.TERMS, TERMS, 0);
        isAllOf(ClientPolicy.class, NodeSettings.POLICY, POLICY, 0);
        // Export, terms, identity and policy are no numbers.
        isAllOf(ClientSettings.class, NodeSettings.client(CLIENT), CLIENT, 4);
        isAllOf(ServerSettings.class, NodeSettings.SERVER, new ServerSettings(7, 6, 5, 4_000), 0);
    }

    @Test
    void whatHasNoEndIsAWord() {
        ClientSettings patient = ClientSettings.of("a");
        assertEquals(Machine.NEVER, patient.patienceNanos());
        assertEquals(
                new Written.Word("for-ever"), NodeSettings.OF_CLIENT.getFirst().written(patient));
        assertEquals(
                new Written.Word("unlimited"),
                NodeSettings.POLICY.all().getLast().written(ClientPolicy.ORDINARY));
    }

    @Test
    void oneIsMadeUsualAndTheOthersStay() {
        assertEquals(new ClientPolicy(4, Overlap.WAIT, 700, Holding.REFUSE, 12), NodeSettings.POLICY.usual(POLICY, 1));
    }

    /** More bytes in flight than a transfer has: made usual one after the other they go together, the other way round they do not. */
    @Test
    void whatDoesNotGoTogetherStaysAsItWas() {
        Terms large = new Terms(1, 1, 7, 100, 4 << 20, 64, 8 << 20);
        List<String> names =
                NodeSettings.TERMS.all().stream().map(Setting::name).toList();
        int transfer = names.indexOf("largest-transfer");
        int memory = names.indexOf("memory");

        assertEquals(large, NodeSettings.TERMS.usual(large, memory));
        assertEquals(
                List.of(64 << 10, 1 << 20),
                Stream.of(NodeSettings.TERMS.usual(NodeSettings.TERMS.usual(large, transfer), memory))
                        .flatMap(terms -> Stream.of(terms.largestTransfer(), terms.bytesMax()))
                        .toList());
    }
}
