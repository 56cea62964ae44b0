package dst.scenarios.planting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Rules;
import dst.protocol.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RewritingTest {
    private static final String SAMPLE = Sample.class.getName();

    @Test
    void withoutAnEditNothingChanges() throws ReflectiveOperationException {
        assertEquals(10, call(edited(), "limited", 11));
        assertEquals(7L, call(edited(), "depth"));
    }

    @Test
    void aMethodReturnsAtOnce() throws ReflectiveOperationException {
        Object sample = edited(new Edit("Sample", "limited", new Edit.Change.Return("3")));

        assertEquals(3, call(sample, "limited", 11));
        assertEquals("", call(sample, "calls"));
    }

    @Test
    void aMethodAnswersSomethingElseAfterItsWork() throws ReflectiveOperationException {
        Object sample = edited(new Edit("Sample", "step", new Edit.Change.Answer("true")));

        assertEquals(true, call(sample, "step", 5));
        assertEquals("step 5", call(sample, "calls"));
    }

    @Test
    void aCallIsNotMade() throws ReflectiveOperationException {
        Object sample = edited(new Edit("Sample", "taken", new Edit.Change.ReplaceCall("step", "true")));

        assertEquals(true, call(sample, "taken", 5));
        assertEquals("", call(sample, "calls"));
    }

    @Test
    void aCallIsMadeAndItsAnswerIsReplaced() throws ReflectiveOperationException {
        Object sample = edited(new Edit("Sample", "taken", new Edit.Change.OverrideCall("step", "true")));

        assertEquals(true, call(sample, "taken", 5));
        assertEquals("step 5", call(sample, "calls"));
    }

    @Test
    void aCallsAnswerIsReplacedIfSomethingIsSo() throws ReflectiveOperationException {
        Edit.Change ifDeep = new Edit.Change.OverrideCallWhen("step", "this.inner.deep", "true");
        Object sample = edited(new Edit("Sample", "taken", ifDeep));

        assertEquals(true, call(sample, "taken", 5));
        assertEquals("step 5", call(sample, "calls"));

        Edit.Change ifShallow = new Edit.Change.OverrideCallWhen("step", "!this.inner.deep", "true");
        assertEquals(false, call(edited(new Edit("Sample", "taken", ifShallow)), "taken", 5));
    }

    @Test
    void aFieldIsReadAsSomethingElse() throws ReflectiveOperationException {
        assertEquals(0L, call(edited(new Edit("Sample", "depth", new Edit.Change.ReplaceRead("depth", "0"))), "depth"));
        assertEquals(
                11,
                call(
                        edited(new Edit("Sample", "limited", new Edit.Change.ReplaceRead("limit", "argument1"))),
                        "limited",
                        11));
    }

    @Test
    void aNumberIsAnother() throws ReflectiveOperationException {
        Object sample = edited(new Edit("Sample", "limited", new Edit.Change.Constant(3, 1)));

        call(sample, "limited", 5);
        assertEquals("step 5", call(sample, "calls"));
    }

    @Test
    void somethingIsDoneAsWell() throws ReflectiveOperationException {
        Edit.Change note = new Edit.Change.Insert("step", "this.inner.deep", "this.inner.note(this.calls)");
        Object sample = edited(new Edit("Sample", "taken", note));

        call(sample, "taken", 5);
        assertEquals("step 5, noted", call(sample, "calls"));

        Edit.Change never = new Edit.Change.Insert("", "!this.inner.deep", "this.inner.note(this.calls)");
        sample = edited(new Edit("Sample", "taken", never));
        call(sample, "taken", 5);
        assertEquals("step 5", call(sample, "calls"));
    }

    @Test
    void aMethodReturnsIfSomethingIsSo() throws ReflectiveOperationException {
        Object sample =
                edited(new Edit("Sample", "limited", new Edit.Change.ReturnWhen("this.inner.deep", "argument1")));

        assertEquals(11, call(sample, "limited", 11));
        assertEquals("", call(sample, "calls"));
    }

    @Test
    void anEditThatFitsNowhereSaysWhere() {
        assertSays("there is no class", "Nothing", "step", new Edit.Change.Return(""));
        assertSays("there is no method stop in", "Sample", "stop", new Edit.Change.Return(""));
        assertSays(
                "say which by its parameters, such as name(String,long)",
                "Sample",
                "name",
                new Edit.Change.Return("null"));
        assertSays("nothing to change in", "Sample", "step", new Edit.Change.ReplaceCall("leave", ""));
        assertSays("nothing to change in", "Sample", "step", new Edit.Change.ReplaceRead("limits", "0"));
        assertSays("nothing to change in", "Sample", "step", new Edit.Change.Constant(99, 1));
        assertSays("there is no 'deeper' in", "Sample", "step", new Edit.Change.Return("this.inner.deeper"));
        assertSays("is a long where a boolean is needed", "Sample", "step", new Edit.Change.Return("this.inner.depth"));
        assertSays("there is no argument2", "Sample", "step", new Edit.Change.Return("argument2"));
    }

    @Test
    void aBugThatDoesNotFitIsNamed() {
        Bug bug = new Bug(
                "out-of-date",
                Side.SERVER,
                List.of(Rules.D1),
                "Nothing.",
                "everything",
                List.of(new Edit("server.Server", "nosuch", new Edit.Change.Return(""))),
                List.of());

        DoesNotApply wrong = assertThrows(DoesNotApply.class, () -> new PlantedMachines(bug));
        assertEquals(
                "the planted bug out-of-date does not fit the machines: there is no method nosuch in dst.protocol.server.Server",
                wrong.getMessage());
    }

    @Test
    void aVersionIsAnotherProgramOnBothSides() {
        Edit edit = new Edit("wire.Keepalive", "start", new Edit.Change.Return(""));
        PlantedMachines machines = new PlantedMachines(new Version("later", "x", List.of(edit)));

        assertTrue(machines.client(
                                dst.protocol.ClientSettings.of("disk"),
                                io.netty.buffer.UnpooledByteBufAllocator.DEFAULT)
                        .getClass()
                != dst.protocol.client.Client.class);
        assertTrue(
                machines.server(dst.protocol.ServerSettings.DEFAULT, io.netty.buffer.UnpooledByteBufAllocator.DEFAULT)
                                .getClass()
                        != dst.protocol.server.Server.class);

        Edit nowhere = new Edit("server.Server", "nosuch", new Edit.Change.Return(""));
        assertEquals(
                "the version later does not fit the machines: there is no method nosuch in dst.protocol.server.Server",
                assertThrows(DoesNotApply.class, () -> new PlantedMachines(new Version("later", "x", List.of(nowhere))))
                        .getMessage());
    }

    @Test
    void onlyTheSideThatIsMeantIsAnother() {
        Edit edit = new Edit("wire.Keepalive", "start", new Edit.Change.Return(""));
        Bug bug = new Bug("x", Side.SERVER, List.of(Rules.L1), "x", "everything", List.of(edit), List.of());
        PlantedMachines machines = new PlantedMachines(bug);

        assertEquals(
                dst.protocol.client.Client.class,
                machines.client(
                                dst.protocol.ClientSettings.of("disk"),
                                io.netty.buffer.UnpooledByteBufAllocator.DEFAULT)
                        .getClass());
        Object server =
                machines.server(dst.protocol.ServerSettings.DEFAULT, io.netty.buffer.UnpooledByteBufAllocator.DEFAULT);
        assertEquals(
                dst.protocol.server.Server.class.getName(), server.getClass().getName());
        assertTrue(server.getClass() != dst.protocol.server.Server.class);
    }

    private static void assertSays(String words, String type, String method, Edit.Change change) {
        DoesNotApply wrong = assertThrows(DoesNotApply.class, () -> edited(new Edit(type, method, change)));
        assertTrue(wrong.getMessage().contains(words), wrong::getMessage);
    }

    private static Object edited(Edit... edits) throws ReflectiveOperationException {
        String name = edits.length == 0 ? SAMPLE : SAMPLE.replace("Sample", edits[0].type());
        Rewriting rewriting = new Rewriting(RewritingTest.class.getClassLoader());
        byte[] bytes = rewriting.apply(name, List.of(edits));
        byte[] inner = rewriting.apply(SAMPLE + "$Inner", List.of());
        return new Defining(bytes, inner).loadClass(SAMPLE).getConstructor().newInstance();
    }

    private static Object call(Object sample, String method, Object... arguments) throws ReflectiveOperationException {
        Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {int.class};
        return sample.getClass().getMethod(method, types).invoke(sample, arguments);
    }

    /** Defines the rewritten sample beside the one that was compiled. */
    private static final class Defining extends ClassLoader {
        private final byte[] bytes;
        private final byte[] inner;

        Defining(byte[] bytes, byte[] inner) {
            super(RewritingTest.class.getClassLoader());
            this.bytes = bytes;
            this.inner = inner;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(SAMPLE)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            byte[] own = name.equals(SAMPLE) ? bytes : inner;
            return loaded != null ? loaded : defineClass(name, own, 0, own.length);
        }
    }
}
