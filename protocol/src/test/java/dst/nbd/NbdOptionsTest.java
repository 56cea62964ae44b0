package dst.nbd;

import static dst.nbd.Served.ack;
import static dst.nbd.Served.bytes;
import static dst.nbd.Served.context;
import static dst.nbd.Served.greeted;
import static dst.nbd.Served.name;
import static dst.nbd.Served.option;
import static dst.nbd.Served.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.nbd.port.NbdExport;
import dst.nbd.port.NbdServerControl;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.Permission;
import dst.protocol.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server answers to each option. N and a number: the rule of that number in the catalogue of NBD rules. */
class NbdOptionsTest {
    private final Served served = greeted(Served.export());

    private void answers(String expected, Served.Bytes option) {
        served.receive(option);
        String heard = served.heard();
        assertTrue(heard.startsWith(expected), () -> heard + " begins with " + expected);
    }

    /** The head of a refusal; its text is for people. */
    private static String refusal(int option, int error) {
        return reply(option, error, bytes()).substring(0, 32);
    }

    @Test
    void flagThatWasNotOfferedClosesTheConnection() {
        Served other = new Served(Served.export());
        other.receive(bytes().number(4));
        assertNotNull(other.closing);
        assertEquals(Closing.Cause.PEER_WRONG, other.closing.cause());
    }

    @Test
    void unknownOptionIsUnsupportedAndTheNextOneParses() {
        answers(refusal(77, Nbd.ERR_UNSUP), option(77, bytes().plain("whatever it is")));
        answers(ack(Nbd.STRUCTURED_REPLY), option(Nbd.STRUCTURED_REPLY, bytes()));
    }

    @Test
    void optionThatIsTooLongIsSkippedAndTheNextOneParses() {
        answers(refusal(Nbd.GO, Nbd.ERR_TOO_BIG), option(Nbd.GO, bytes().bytes(new byte[100_000])));
        answers(refusal(77, Nbd.ERR_UNSUP), option(77, bytes().bytes(new byte[100_000])));
        answers(ack(Nbd.STRUCTURED_REPLY), option(Nbd.STRUCTURED_REPLY, bytes()));
    }

    @Test
    void lengthThatIsOnlySpokenOfClosesTheConnectionAndTakesNoMemory() {
        served.receive(bytes().large(Nbd.OPTION_MAGIC).number(77).number(-1));
        assertNotNull(served.closing);
        assertEquals("option length", served.closing.rule());
    }

    @Test
    void listNamesEveryExportAndRefusesData() {
        answers(
                reply(Nbd.LIST, Nbd.SERVER, bytes().text("disk").plain("a disk")) + ack(Nbd.LIST),
                option(Nbd.LIST, bytes()));
        answers(refusal(Nbd.LIST, Nbd.ERR_INVALID), option(Nbd.LIST, bytes().number(1)));
    }

    private static NbdExport named(String name) {
        NbdExport one = Served.export();
        return new NbdExport(name, "a disk", one.device(), 512, 4096, 64 << 10, Served.ALL);
    }

    private static String listed(String... names) {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            all.append(reply(Nbd.LIST, Nbd.SERVER, bytes().text(name).plain("a disk")));
        }
        return all + ack(Nbd.LIST);
    }

    @Test
    void listNamesWhatTheHostWouldGiveAtThatMomentAndNotWhatThereWasAtTheBeginning() {
        Served other = greeted(named("held"), named("free"));
        other.lists = List.of(named("free"));
        other.receive(option(Nbd.LIST, bytes()));
        assertEquals(listed("free"), other.heard());
        other.lists = List.of(named("held"), named("free"));
        other.receive(option(Nbd.LIST, bytes()));
        assertEquals(listed("held", "free"), other.heard());
    }

    @Test
    void whatIsNotListedMayBeAskedForAndIsRefusedInTheHostsWords() {
        Served other = greeted(named("held"), named("free"));
        other.gives = null;
        other.lists = List.of(named("free"));
        other.receive(option(Nbd.LIST, bytes()));
        other.heard();
        other.receive(option(Nbd.INFO, name("held")));
        other.step(new NbdServerControl.OpenRefused(Problem.OCCUPIED, "held"));
        assertTrue(other.heard().startsWith(refusal(Nbd.INFO, Nbd.ERR_POLICY)));
    }

    @Test
    void whatIsListedMayBeAskedForAlsoIfItCameToBeThereLater() {
        Served other = greeted(named("old"));
        other.lists = List.of(named("old"), named("new"));
        other.receive(option(Nbd.LIST, bytes()));
        assertEquals(listed("old", "new"), other.heard());
        other.receive(option(Nbd.INFO, name("new")));
        assertEquals(List.of("new"), other.opens);
    }

    @Test
    void whileTheHostLooksWhatThereIsNothingElseIsLookedAt() {
        Served other = greeted(Served.export());
        other.lists = null;
        other.receive(option(Nbd.LIST, bytes()));
        other.receive(option(Nbd.STRUCTURED_REPLY, bytes()));
        assertEquals("", other.heard());
        assertEquals(List.of(false), other.reading);
        other.step(new NbdServerControl.Listed(List.of()));
        assertEquals(ack(Nbd.LIST) + ack(Nbd.STRUCTURED_REPLY), other.heard());
        assertEquals(List.of(false, true), other.reading);
    }

    @Test
    void theTimeThatTheHostTakesToListIsNotThePeers() {
        Served other = greeted(Served.export());
        other.lists = null;
        other.receive(option(Nbd.LIST, bytes()));
        other.now = 3 * Handshake.NANOS_MAX;
        other.step(new Control.TimerFired());
        assertNull(other.closing);
        other.step(new NbdServerControl.Listed(List.of()));
        other.receive(option(Nbd.STRUCTURED_REPLY, bytes()));
        assertNull(other.closing);
    }

    @Test
    void tlsIsRefusedAndNothingElseIs() {
        answers(refusal(Nbd.STARTTLS, Nbd.ERR_POLICY), option(Nbd.STARTTLS, bytes()));
        answers(refusal(Nbd.STARTTLS, Nbd.ERR_INVALID), option(Nbd.STARTTLS, bytes().number(1)));
        answers(ack(Nbd.STRUCTURED_REPLY), option(Nbd.STRUCTURED_REPLY, bytes()));
        answers(ack(Nbd.STRUCTURED_REPLY), option(Nbd.STRUCTURED_REPLY, bytes()));
        answers(refusal(Nbd.STRUCTURED_REPLY, Nbd.ERR_INVALID), option(Nbd.STRUCTURED_REPLY, bytes().number(1)));
    }

    @Test
    void abortIsAcknowledgedAndEndsTheConnection() {
        served.receive(option(Nbd.ABORT, bytes()));
        assertEquals(ack(Nbd.ABORT), served.heard());
        assertNotNull(served.closing);
        assertEquals(Closing.Cause.DONE, served.closing.cause());
    }

    private static String information(int option) {
        return reply(
                        option,
                        Nbd.INFORMATION,
                        bytes().small(Nbd.INFO_EXPORT).large(Served.SIZE).small(0x56d))
                + reply(option, Nbd.INFORMATION, bytes().small(Nbd.INFO_NAME).plain("disk"))
                + reply(
                        option,
                        Nbd.INFORMATION,
                        bytes().small(Nbd.INFO_DESCRIPTION).plain("a disk"))
                + reply(
                        option,
                        Nbd.INFORMATION,
                        bytes().small(Nbd.INFO_BLOCK_SIZE)
                                .number(512)
                                .number(4096)
                                .number(64 << 20))
                + ack(option);
    }

    // N5: INFO and the same GO tell the same.
    @Test
    void infoAndGoTellTheSame() {
        answers(information(Nbd.INFO), option(Nbd.INFO, name("disk", 1, 2, 3, 3, 9)));
        served.receive(option(Nbd.GO, name("disk", 1, 2, 3)));
        assertEquals(information(Nbd.GO), served.heard());
        assertEquals(List.of("disk", "disk"), served.opens);
        served.receive(Served.request(Command.FLUSH.number, 1, 0, 0));
        assertEquals(1, served.submitted.size());
    }

    @Test
    void emptyNameMeansTheFirstExport() {
        served.receive(option(Nbd.GO, name("")));
        assertEquals(List.of("disk"), served.opens);
        assertTrue(served.heard().endsWith(ack(Nbd.GO)));
    }

    @Test
    void blocksAreToldUnaskedIfNotEveryOffsetWillDo() {
        served.receive(option(Nbd.GO, name("disk")));
        String blocks = bytes().small(Nbd.INFO_BLOCK_SIZE)
                .number(512)
                .number(4096)
                .number(64 << 20)
                .hex();
        assertTrue(served.heard().contains(blocks));
        Served any = greeted(Served.export(Permission.BOTH, 1, 0));
        any.receive(option(Nbd.GO, name("disk")));
        assertEquals(2 * 40 + 2 * 12, any.heard().length());
    }

    @Test
    void largestRequestIsToldUnaskedIfItIsSmallerThanUsual() {
        Served little = Served.greeted(1 << 20, Served.export(Permission.BOTH, 1, 0));
        little.receive(option(Nbd.GO, name("disk")));
        String blocks = bytes().small(Nbd.INFO_BLOCK_SIZE)
                .number(1)
                .number(4096)
                .number(1 << 20)
                .hex();
        assertTrue(little.heard().contains(blocks));
        little.receive(Served.request(Command.READ.number, 7, 0, (1 << 20) + 1));
        assertEquals(Served.simple(7, Errors.EINVAL), little.heard());
        little.receive(Served.request(Command.READ.number, 8, 0, 1 << 20));
        assertEquals(1, little.submitted.size());
    }

    @Test
    void goThatIsNotWellFormedIsInvalidAndTheNextOneParses() {
        answers(
                refusal(Nbd.GO, Nbd.ERR_INVALID),
                option(Nbd.GO, bytes().number(-1).small(0)));
        answers(
                refusal(Nbd.GO, Nbd.ERR_INVALID),
                option(Nbd.GO, bytes().number(4097).bytes(new byte[4097]).small(0)));
        answers(
                refusal(Nbd.GO, Nbd.ERR_INVALID),
                option(Nbd.GO, bytes().text("disk").small(9)));
        answers(
                refusal(Nbd.GO, Nbd.ERR_INVALID),
                option(Nbd.GO, bytes().text("disk").small(1).number(0)));
        answers(refusal(Nbd.GO, Nbd.ERR_INVALID), option(Nbd.GO, bytes()));
        answers(refusal(Nbd.GO, Nbd.ERR_UNKNOWN), option(Nbd.GO, name("another")));
        assertEquals(List.of(), served.opens);
        served.receive(option(Nbd.GO, name("disk")));
        assertEquals(List.of("disk"), served.opens);
    }

    @Test
    void exportNameGivesTheExportWithItsZeroesUnlessTheyAreNotWanted() {
        String given = bytes().large(Served.SIZE).small(0x56d).hex();
        served.receive(option(Nbd.EXPORT_NAME, bytes().plain("disk")));
        assertEquals(given, served.heard());
        Served old = new Served(Served.export());
        old.expectGreeting();
        old.receive(bytes().number(1).and(option(Nbd.EXPORT_NAME, bytes())));
        assertEquals(given + "00".repeat(124), old.heard());
    }

    @Test
    void exportNameThatIsNotThereClosesTheConnection() {
        served.receive(option(Nbd.EXPORT_NAME, bytes().plain("another")));
        assertNotNull(served.closing);
        assertEquals("", served.heard());
        Served other = greeted(Served.export());
        other.receive(option(Nbd.EXPORT_NAME, bytes().bytes(new byte[4097])));
        assertNotNull(other.closing);
        assertEquals("string length", other.closing.rule());
    }

    @Test
    void contextsNeedStructuredReplies() {
        answers(
                refusal(Nbd.SET_META_CONTEXT, Nbd.ERR_INVALID),
                option(Nbd.SET_META_CONTEXT, context("disk", "base:allocation")));
        served.receive(option(Nbd.STRUCTURED_REPLY, bytes()));
        served.forget();
        answers(
                reply(Nbd.SET_META_CONTEXT, Nbd.META_CONTEXT, bytes().number(1).plain("base:allocation"))
                        + ack(Nbd.SET_META_CONTEXT),
                option(Nbd.SET_META_CONTEXT, context("disk", "other:", "base:allocation")));
    }

    @Test
    void contextsAreListedWhateverIsSet() {
        served.receive(option(Nbd.STRUCTURED_REPLY, bytes()));
        served.forget();
        String all =
                reply(Nbd.LIST_META_CONTEXT, Nbd.META_CONTEXT, bytes().number(0).plain("base:allocation"))
                        + ack(Nbd.LIST_META_CONTEXT);
        answers(all, option(Nbd.LIST_META_CONTEXT, context("disk")));
        answers(all, option(Nbd.LIST_META_CONTEXT, context("disk", "base:")));
        answers(ack(Nbd.LIST_META_CONTEXT), option(Nbd.LIST_META_CONTEXT, context("disk", "qemu:")));
        answers(ack(Nbd.SET_META_CONTEXT), option(Nbd.SET_META_CONTEXT, context("disk", "base:")));
        answers(ack(Nbd.SET_META_CONTEXT), option(Nbd.SET_META_CONTEXT, context("disk")));
        answers(
                refusal(Nbd.SET_META_CONTEXT, Nbd.ERR_INVALID),
                option(Nbd.SET_META_CONTEXT, bytes().text("disk").number(1 << 30)));
        answers(
                refusal(Nbd.SET_META_CONTEXT, Nbd.ERR_INVALID),
                option(
                        Nbd.SET_META_CONTEXT,
                        bytes().text("disk").number(1).text("base:allocation").small(1)));
    }

    /** N8: whether BLOCK_STATUS is served after these. */
    private static boolean mapsAfter(String name, Served.Bytes... options) {
        Served served = greeted(Served.export());
        served.receive(option(Nbd.STRUCTURED_REPLY, bytes()));
        for (Served.Bytes option : options) {
            served.receive(option);
        }
        served.receive(option(Nbd.GO, name(name)));
        served.receive(Served.request(Command.BLOCK_STATUS.number, 1, 0, 4096));
        return !served.asked.isEmpty();
    }

    @Test
    void contextHoldsForItsNameAndUntilTheNextSetEvenIfThatFails() {
        Served.Bytes good = option(Nbd.SET_META_CONTEXT, context("disk", "base:allocation"));
        assertTrue(mapsAfter("disk", good));
        assertTrue(mapsAfter("disk", good, option(Nbd.LIST_META_CONTEXT, context("disk", "qemu:"))));
        assertEquals(false, mapsAfter("", good));
        assertEquals(false, mapsAfter("disk"));
        assertEquals(false, mapsAfter("disk", good, option(Nbd.SET_META_CONTEXT, context("disk", "qemu:"))));
        assertEquals(false, mapsAfter("disk", good, option(Nbd.SET_META_CONTEXT, context("another"))));
        assertEquals(false, mapsAfter("disk", good, option(Nbd.SET_META_CONTEXT, bytes())));
    }

    @Test
    void flagsTellWhatTheExportCanDo() {
        assertEquals(0x405, flags(Served.export(Permission.BOTH, 1, 0)));
        assertEquals(0x40d, flags(Served.export(Permission.BOTH, 1, NbdExport.FUA)));
        assertEquals(0x425, flags(Served.export(Permission.BOTH, 1, NbdExport.TRIM)));
        assertEquals(0x445, flags(Served.export(Permission.BOTH, 1, NbdExport.ZERO)));
        assertEquals(0x505, flags(Served.export(Permission.BOTH, 1, NbdExport.MULTI)));
        assertEquals(0x50f, flags(Served.export(Permission.READ, 1, Served.ALL)));
    }

    private static int flags(NbdExport export) {
        Served served = greeted(export);
        served.receive(option(Nbd.EXPORT_NAME, bytes()));
        return Integer.parseInt(served.heard().substring(16), 16);
    }

    @Test
    void nothingIsLookedAtWhileTheHostIsAsked() {
        served.gives = null;
        served.receive(option(Nbd.GO, name("disk")).and(option(77, bytes())));
        assertEquals("", served.heard());
        assertEquals(List.of(false), served.reading);
        served.step(new NbdServerControl.OpenRefused(Problem.DEVICE_FAILED, "gone"));
        assertTrue(served.heard().startsWith(refusal(Nbd.GO, Nbd.ERR_SHUTDOWN)));
        assertEquals(List.of(false, true), served.reading);
    }

    @Test
    void handshakeThatTakesTooLongIsLetGoButTheHostsTimeIsNotThePeers() {
        assertEquals(Handshake.NANOS_MAX, served.server.nextDeadline());
        served.gives = null;
        served.receive(option(Nbd.INFO, name("disk")));
        assertEquals(Long.MAX_VALUE, served.server.nextDeadline());
        served.now = Handshake.NANOS_MAX;
        served.step(new Control.TimerFired());
        assertNull(served.closing);
        served.step(new NbdServerControl.Opened(Served.export()));
        assertEquals(2 * Handshake.NANOS_MAX, served.server.nextDeadline());
        served.now = 2 * Handshake.NANOS_MAX;
        served.step(new Control.TimerFired());
        assertNotNull(served.closing);
        assertEquals(Closing.Cause.PEER_SILENT, served.closing.cause());
    }

    @Test
    void endlessOptionsAndAPeerThatNeverReadsAreHeldBack() {
        for (int i = 0; i < Handshake.OPTIONS_MAX; i++) {
            served.receive(option(77, bytes()));
        }
        assertNull(served.closing);
        served.receive(option(77, bytes()));
        assertNotNull(served.closing);
        assertEquals("option count", served.closing.rule());
        assertEquals(0, served.leaked());
    }
}
