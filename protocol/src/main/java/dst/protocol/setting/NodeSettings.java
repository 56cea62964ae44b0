package dst.protocol.setting;

import static dst.protocol.setting.Usual.fixed;

import dst.protocol.ClientPolicy;
import dst.protocol.ClientSettings;
import dst.protocol.Holding;
import dst.protocol.Machine;
import dst.protocol.Overlap;
import dst.protocol.ServerSettings;
import dst.protocol.Terms;
import dst.protocol.Unique;
import java.util.List;

/** What can be set of a client and of a server, and of what they offer each other. */
public final class NodeSettings {
    private static final long MILLI = 1_000_000;
    private static final int MOST = Integer.MAX_VALUE;

    // What they offer each other.

    private static final Setting<Terms, Integer> CHECKSUMS =
            new Setting<>("checksums", Measure.whole(0, MOST), Terms::checksums, fixed("1"));
    private static final Setting<Terms, Integer> CIPHERS =
            new Setting<>("ciphers", Measure.whole(0, MOST), Terms::ciphers, fixed("1"));
    private static final Setting<Terms, Integer> FEATURES =
            new Setting<>("features", Measure.whole(0, MOST), Terms::features, fixed("7"));
    private static final Setting<Terms, Long> KEEPALIVE =
            new Setting<>("keepalive", Measure.TIME, terms -> terms.keepaliveMillis() * MILLI, fixed("100 ms"));
    private static final Setting<Terms, Integer> LARGEST_TRANSFER =
            new Setting<>("largest-transfer", Measure.smallSize(0), Terms::largestTransfer, fixed("64 KiB"));
    private static final Setting<Terms, Integer> TRANSACTIONS = new Setting<>(
            "transactions",
            Measure.whole(1, Terms.TRANSACTIONS_MAX),
            Terms::transactionsMax,
            fixed("64"),
            "limit of transactions");
    private static final Setting<Terms, Integer> MEMORY =
            new Setting<>("memory", Measure.smallSize(0), Terms::bytesMax, fixed("1 MiB"), "limit of bytes in flight");

    public static final Settings<Terms> TERMS = Settings.of(
            List.of(CHECKSUMS, CIPHERS, FEATURES, KEEPALIVE, LARGEST_TRANSFER, TRANSACTIONS, MEMORY),
            values -> new Terms(
                    values.get(CHECKSUMS),
                    values.get(CIPHERS),
                    values.get(FEATURES),
                    Math.toIntExact(values.get(KEEPALIVE) / MILLI),
                    values.get(LARGEST_TRANSFER),
                    values.get(TRANSACTIONS),
                    values.get(MEMORY)));

    // How a client uses its links, and what it does when others are in its way.

    private static final Setting<ClientPolicy, Integer> LINKS =
            new Setting<>("links", Measure.whole(1, ClientPolicy.LINKS_MAX), ClientPolicy::links, fixed("1"));
    private static final Setting<ClientPolicy, Overlap> OVERLAP = new Setting<>(
            "overlap",
            Measure.oneOf(List.of(Overlap.values())),
            ClientPolicy::overlap,
            fixed("wait"),
            "way with overlaps");
    private static final Setting<ClientPolicy, Long> COPIED = new Setting<>(
            "copied", Measure.size(0), ClientPolicy::copiedBytesMax, fixed("256 KiB"), "limit of what it copies");
    private static final Setting<ClientPolicy, Holding> HOLDING = new Setting<>(
            "holding",
            Measure.oneOf(List.of(Holding.values())),
            ClientPolicy::holding,
            fixed("take"),
            "way with another holder");
    private static final Setting<ClientPolicy, Integer> ATTEMPTS = new Setting<>(
            "attempts",
            Measure.whole(1, 1_000_000).or("unlimited", MOST),
            ClientPolicy::attemptsMax,
            fixed("unlimited"));

    public static final Settings<ClientPolicy> POLICY = Settings.of(
            List.of(LINKS, OVERLAP, COPIED, HOLDING, ATTEMPTS),
            values -> new ClientPolicy(
                    values.get(LINKS),
                    values.get(OVERLAP),
                    values.get(COPIED),
                    values.get(HOLDING),
                    values.get(ATTEMPTS)));

    // A client.

    private static final Setting<ClientSettings, Long> PATIENCE = new Setting<>(
            "patience", Measure.TIME.or("for-ever", Machine.NEVER), ClientSettings::patienceNanos, fixed("for-ever"));
    private static final Setting<ClientSettings, Long> RESEND = new Setting<>(
            "resend", Measure.TIME, ClientSettings::resendNanos, fixed("100 ms"), "pause before it sends again");
    private static final Setting<ClientSettings, Long> RECONNECT = new Setting<>(
            "reconnect",
            Measure.TIME,
            ClientSettings::reconnectNanos,
            fixed("10 ms"),
            "pause before it connects again");
    private static final Setting<ClientSettings, Long> RETAINED = new Setting<>(
            "retained", Measure.size(0), ClientSettings::retainedBytesMax, fixed("1 MiB"), "limit of what it retains");
    private static final Setting<ClientSettings, Integer> FAILED_FLUSHES = new Setting<>(
            "failed-flushes",
            Measure.whole(1, 1000),
            ClientSettings::failedFlushesMax,
            fixed("5"),
            "limit of failed flushes");

    public static final List<Setting<ClientSettings, ?>> OF_CLIENT =
            List.of(PATIENCE, RESEND, RECONNECT, RETAINED, FAILED_FLUSHES);

    /** Of one that attaches that export, knows that device, offers these terms and has that policy. */
    public static Settings<ClientSettings> client(String export, Terms terms, Unique identity, ClientPolicy policy) {
        return Settings.of(
                OF_CLIENT,
                values -> new ClientSettings(
                        export,
                        terms,
                        identity,
                        values.get(PATIENCE),
                        values.get(RESEND),
                        values.get(RECONNECT),
                        values.get(RETAINED),
                        values.get(FAILED_FLUSHES),
                        policy));
    }

    public static Settings<ClientSettings> client(ClientSettings one) {
        return client(one.export(), one.terms(), one.identity(), one.policy());
    }

    // A server.

    private static final Setting<ServerSettings, Integer> ALL_LINKS =
            new Setting<>("links", Measure.whole(1, MOST), ServerSettings::linksMax, fixed("1024"), "limit of links");
    private static final Setting<ServerSettings, Integer> HANDSHAKES = new Setting<>(
            "handshakes", Measure.whole(1, MOST), ServerSettings::handshakesMax, fixed("256"), "limit of handshakes");
    private static final Setting<ServerSettings, Integer> ATTACHMENTS = new Setting<>(
            "attachments",
            Measure.whole(1, MOST),
            ServerSettings::attachmentsMax,
            fixed("256"),
            "limit of attachments");
    private static final Setting<ServerSettings, Long> ALL_MEMORY = new Setting<>(
            "memory", Measure.size(0), ServerSettings::bytesMax, fixed("64 MiB"), "limit of bytes under way");

    public static final Settings<ServerSettings> SERVER = Settings.of(
            List.of(ALL_LINKS, HANDSHAKES, ATTACHMENTS, ALL_MEMORY),
            values -> new ServerSettings(
                    values.get(ALL_LINKS), values.get(HANDSHAKES), values.get(ATTACHMENTS), values.get(ALL_MEMORY)));

    private NodeSettings() {}
}
