package dst.protocol.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Access;
import dst.protocol.Closing;
import dst.protocol.Device;
import dst.protocol.DiskRequest;
import dst.protocol.Holder;
import dst.protocol.Kind;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.ServerSettings;
import dst.protocol.wire.Message;
import dst.protocol.wire.Settled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, and what happens when that changes (R2, R6, H6). */
class AccessTest {
    private static final Access BOTH_FOR_ANN = Access.NOBODY.with("ann", Permission.BOTH);

    private LoneServer lone = open(Permission.BOTH, BOTH_FOR_ANN);

    private static LoneServer open(Permission permission, Access access) {
        Device device = new Device(LoneServer.DEVICE.identity(), LoneServer.SIZE, LoneServer.BLOCK, permission);
        return LoneServer.open(ServerSettings.DEFAULT, LoneServer.exported(device, LoneServer.TERMS), access);
    }

    @AfterEach
    void everythingIsGivenBack() {
        lone.everythingIsGivenBack();
    }

    private long attachAs(String principal) {
        long link = lone.connect(principal);
        lone.attach(link, lone.hello(LoneServer.ANN, 0, link, lone.holder));
        lone.endAll();
        lone.persistAll();
        return link;
    }

    private void change(Access access) {
        lone.step(new ServerControl.AccessChanged("disk", access));
    }

    /** R2, R6: what the device permits and what the principal was given, operation by operation. */
    @ParameterizedTest
    @CsvSource({
        "READ,  NONE NOT_PERMITTED NONE NOT_PERMITTED NOT_PERMITTED",
        "WRITE, NOT_PERMITTED NONE NONE NONE NONE",
        "BOTH,  NONE NONE NONE NONE NONE",
    })
    void permissionDecidesEachOperation(Permission permission, String expected) {
        for (boolean byDevice : new boolean[] {true, false}) {
            lone.everythingIsGivenBack();
            lone = byDevice
                    ? open(permission, BOTH_FOR_ANN)
                    : open(Permission.BOTH, Access.NOBODY.with("ann", permission));
            long link = attachAs("ann");
            assertEquals(
                    permission,
                    lone.last(link, Message.Attached.class).agreement().device().permission());
            int id = 0;
            for (Kind kind : List.of(Kind.READ, Kind.WRITE, Kind.FLUSH, Kind.TRIM, Kind.ZERO)) {
                int blocks = kind == Kind.FLUSH ? 0 : 1;
                lone.say(link, lone.request(++id, kind, blocks == 0 ? 0 : id, blocks, 0, Settled.NONE, 7));
                lone.endAll();
            }
            assertEquals(
                    expected,
                    String.join(
                            " ",
                            lone.answers(link).stream()
                                    .map(answer -> answer.problem().name())
                                    .toList()));
        }
    }

    // R6: none at all is no attachment at all.
    @Test
    void whoHasNoPermissionIsNotAdmitted() {
        for (Permission device : List.of(Permission.NONE, Permission.READ, Permission.BOTH)) {
            lone.everythingIsGivenBack();
            lone = open(device, Access.NOBODY.with("ann", Permission.NONE).with("bob", Permission.WRITE));
            assertEquals(Problem.ADMITS_NOBODY, lone.refusal(attachAs("ann")));
            assertEquals(Problem.ADMITS_NOBODY, lone.refusal(attachAs("cat")));
        }
    }

    // R6: refused unless it was given.
    @Test
    void exportWithoutRulesAdmitsNobodyAndSaysSo() {
        lone.everythingIsGivenBack();
        lone = open(Permission.BOTH, Access.NOBODY);
        assertEquals(List.of("export disk admits nobody"), lone.notes);
        long link = attachAs("ann");
        assertEquals(Problem.ADMITS_NOBODY, lone.refusal(link));
        assertEquals(
                "export disk admits nobody",
                lone.last(link, Message.Refuse.class).text());
        assertTrue(lone.disk.isEmpty());
    }

    // R6: what the device does not permit cannot be given.
    @Test
    void exportWhoseRulesGiveNothingOfWhatItPermitsAdmitsNobody() {
        lone.everythingIsGivenBack();
        lone = open(Permission.READ, Access.ofEverybody(Permission.WRITE));
        assertEquals(List.of("export disk admits nobody"), lone.notes);
        assertEquals(Problem.ADMITS_NOBODY, lone.refusal(attachAs("ann")));
    }

    // R6, H6: a revoke is told by a new handshake.
    @Test
    void clientThatLosesARightIsToldAtItsNextHandshake() {
        long link = attachAs("ann");
        change(Access.NOBODY.with("ann", Permission.READ));
        assertEquals(Closing.Cause.REFUSED, lone.closed.get(link).cause());
        long again = attachAs("ann");
        assertEquals(lone.holder, lone.last(again, Message.Attached.class).holder());
        assertEquals(
                Permission.READ,
                lone.last(again, Message.Welcome.class).agreement().device().permission());
        lone.say(again, lone.write(1, 0));
        assertEquals(Problem.NOT_PERMITTED, lone.answer(again).problem());
        assertTrue(lone.disk.isEmpty());
    }

    // R6, H6: so is what it gains.
    @Test
    void clientThatGainsARightIsToldAtItsNextHandshake() {
        change(Access.NOBODY.with("ann", Permission.READ));
        long link = attachAs("ann");
        change(Access.ofEverybody(Permission.BOTH));
        assertTrue(lone.closed.containsKey(link));
        lone.say(attachAs("ann"), lone.write(1, 0));
        assertEquals(1, lone.disk.size());
    }

    // R6
    @Test
    void clientThatLosesEverythingIsNotAdmittedAnyMore() {
        long link = attachAs("ann");
        change(Access.NOBODY);
        assertTrue(lone.closed.containsKey(link));
        assertTrue(lone.notes.contains("export disk admits nobody"), lone.notes.toString());
        assertEquals(Problem.ADMITS_NOBODY, lone.refusal(attachAs("ann")));
    }

    // R6
    @Test
    void changeThatConcernsOthersDisturbsNobody() {
        long link = attachAs("ann");
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(2, 0));
        change(BOTH_FOR_ANN.with("bob", Permission.READ).with(Access.ANYBODY, Permission.WRITE));
        change(BOTH_FOR_ANN);
        lone.step(new ServerControl.AccessChanged("another", Access.NOBODY));
        lone.endAll();
        assertTrue(lone.closed.isEmpty());
        assertEquals(2, lone.answers(link).size());
    }

    // R6, T8: what is held never starts and is not answered; what ran is on record, and its copy hears so.
    @Test
    void heldChangesOfAClientThatMayNotChangeAnyMoreNeverStart() {
        long link = attachAs("ann");
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.write(2, 0));
        lone.say(link, lone.read(3, 0));
        change(Access.NOBODY.with("ann", Permission.READ));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertEquals(
                List.of(3L),
                lone.disk.stream().map(DiskRequest::transaction).toList(),
                "a READ that is still permitted");
        assertTrue(lone.answers(link).isEmpty());
        long again = attachAs("ann");
        lone.say(again, lone.write(1, 0, 1, Message.Request.RESEND, Settled.NONE));
        lone.say(again, lone.write(2, 0, 2, Message.Request.RESEND, Settled.NONE));
        lone.endAll();
        assertEquals(
                List.of(Problem.NONE, Problem.NOT_PERMITTED),
                lone.answers(again).stream().map(Message.Answer::problem).toList());
        assertEquals(1, lone.answers(again).getFirst().execution());
    }

    // R6: none of them may start because another of them made way.
    @Test
    void heldOperationsThatLoseTheirPermissionTogetherDoNotFreeEachOther() {
        long link = attachAs("ann");
        lone.say(link, lone.write(1, 0));
        lone.say(link, lone.request(2, Kind.WRITE, 0, 2, 0, Settled.NONE, 2));
        lone.say(link, lone.write(3, 1));
        change(Access.NOBODY.with("ann", Permission.READ));
        assertEquals(1, lone.disk.size());
        lone.end(0);
        assertTrue(lone.disk.isEmpty());
    }

    // R6: what was read for it is not its own any more when it comes back without the right to read.
    @Test
    void readOfAClientThatMayNotReadAnyMoreIsNotAnswered() {
        long link = attachAs("ann");
        lone.say(link, lone.read(1, 0));
        lone.say(link, lone.read(2, 5));
        lone.end(0);
        change(Access.NOBODY.with("ann", Permission.WRITE));
        long again = attachAs("ann");
        lone.say(again, lone.request(1, Kind.READ, 0, 1, Message.Request.RESEND, Settled.NONE, 0));
        lone.say(again, lone.request(2, Kind.READ, 5, 1, Message.Request.RESEND, Settled.NONE, 0));
        assertTrue(lone.disk.isEmpty());
        assertEquals(
                List.of(Problem.NOT_PERMITTED, Problem.NOT_PERMITTED),
                lone.answers(again).stream().map(Message.Answer::problem).toList());
    }

    // R3, T3: what the disk said of it is on record, and no data.
    @Test
    void readThatFailedBeforeItsClientMayNotReadAnyMoreIsAnsweredAsThat() {
        long link = attachAs("ann");
        lone.say(link, lone.read(1, 0));
        change(Access.NOBODY.with("ann", Permission.WRITE));
        lone.fail(0);
        long again = attachAs("ann");
        lone.say(again, lone.request(1, Kind.READ, 0, 1, Message.Request.RESEND, Settled.NONE, 0));
        assertEquals(Problem.IO_ERROR, lone.answer(again).problem());
    }

    // R6: also the read that is running when its copy comes.
    @Test
    void readThatEndsAfterItsClientMayNotReadAnyMoreIsKept() {
        long link = attachAs("ann");
        lone.say(link, lone.read(1, 0));
        change(Access.NOBODY.with("ann", Permission.WRITE));
        DiskRequest running = lone.disk.removeFirst();
        long again = lone.connect("ann");
        lone.attach(again, lone.hello(LoneServer.ANN, 0, again, lone.holder));
        lone.say(again, lone.request(1, Kind.READ, 0, 1, Message.Request.RESEND, Settled.NONE, 0));
        lone.disk.add(running);
        lone.end(0);
        assertEquals(1, lone.answers(again).size());
        assertEquals(Problem.NOT_PERMITTED, lone.answer(again).problem());
        assertEquals(0, lone.answer(again).payload().readableBytes());
    }

    // R6: a handshake that was begun before the change is not finished after it.
    @Test
    void proposalThatIsNotTrueAnyMoreIsTakenBack() {
        long link = lone.connect("ann");
        Message.Welcome welcome = lone.greet(link, LoneServer.ANN, 1, Holder.NOBODY);
        change(Access.NOBODY.with("ann", Permission.READ));
        assertTrue(lone.closed.containsKey(link));
        lone.say(link, new Message.Attach(welcome.agreement(), welcome.epoch(), false));
        assertTrue(lone.disk.isEmpty());
        assertTrue(lone.persists.isEmpty());
    }

    // R6, H5: nor is a takeover.
    @Test
    void takeoverOfSomebodyWhoIsNotAdmittedAnyMoreIsGivenUp() {
        attachAs("ann");
        change(BOTH_FOR_ANN.with("bob", Permission.BOTH));
        long bob = lone.connect("bob");
        lone.attach(bob, lone.hello(LoneServer.BOB, 0, 1, Holder.NOBODY));
        change(BOTH_FOR_ANN);
        assertTrue(lone.closed.containsKey(bob));
        lone.endAll();
        assertTrue(lone.persists.isEmpty());
        assertEquals(
                1, lone.last(attachAs("ann"), Message.Attached.class).holder().epoch());
    }

    // R6, H5: of a shared export only those lose anything whose rules have changed.
    @Test
    void readersOfASharedExportLoseItOneByOne() {
        lone.everythingIsGivenBack();
        lone = LoneServer.open(ServerSettings.DEFAULT, LoneServer.shared(), BOTH_FOR_ANN.with("bob", Permission.READ));
        long ann = lone.connect("ann");
        lone.attach(ann, lone.hello(LoneServer.ANN, 0, 1, Holder.NOBODY));
        long bob = lone.connect("bob");
        lone.attach(bob, lone.hello(LoneServer.BOB, 0, 1, Holder.NOBODY));
        lone.say(bob, lone.read(1, 0));
        change(BOTH_FOR_ANN);
        assertTrue(lone.closed.containsKey(bob));
        assertFalse(lone.closed.containsKey(ann));
        lone.say(ann, lone.read(1, 0));
        lone.endAll();
        assertEquals(1, lone.answers(ann).size());
    }
}
