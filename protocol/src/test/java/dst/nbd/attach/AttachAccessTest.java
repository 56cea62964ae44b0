package dst.nbd.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.ClientControl;
import dst.protocol.ClientSettings;
import dst.protocol.Permission;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R6 at an attached device: a connection may do what was given to it and no more, and is shown no more than it would be given. */
class AttachAccessTest {
    private static final int LIST = 3;
    private static final int INFO = 6;
    private static final int GO = 7;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int WRITE_ZEROES = 6;
    private static final int EPERM = 1;

    private static final int READ_ONLY_FLAG = 2;
    private static final int SIMPLE_HEAD = 16;
    private static final int OPTION_HEAD = 20;
    private static final int ACK = 1;

    private final Attached whole = new Attached();

    @AfterEach
    void everyPageIsBack() {
        assertEquals(0, whole.leaked());
    }

    private ByteBuf option(int option, boolean named) {
        byte[] name = named ? "disk".getBytes(StandardCharsets.UTF_8) : new byte[0];
        ByteBuf bytes = whole.pages.buffer(64);
        bytes.writeLong(0x49484156454F5054L).writeInt(option).writeInt(named ? 6 + name.length : 0);
        return named ? bytes.writeInt(name.length).writeBytes(name).writeShort(0) : bytes;
    }

    private void connect(Permission permission) {
        whole.talk(permission);
        whole.say(whole.pages.buffer(4).writeInt(3));
    }

    /** The transmission flags that GO tells. */
    private int flagsAfterGo() {
        ByteBuf said = whole.say(option(GO, true));
        return said.getUnsignedShort(OPTION_HEAD + 2 + 8);
    }

    /** The error that a command is answered with; 0: it is done. */
    private int errorOf(int command) {
        int length = command == FLUSH ? 0 : 512;
        ByteBuf bytes = whole.pages.buffer(28);
        bytes.writeInt(0x25609513)
                .writeShort(0)
                .writeShort(command)
                .writeLong(command)
                .writeLong(0)
                .writeInt(length);
        ByteBuf said = whole.say(bytes);
        if (command == WRITE) {
            said = whole.say(whole.pages.buffer(length).writeZero(length));
        }
        assertTrue(said.readableBytes() >= SIMPLE_HEAD, "command " + command + " was not answered");
        return said.getInt(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = Permission.class,
            names = {"READ", "WRITE", "BOTH"})
    void eachCommandNeedsWhatWasGivenToTheConnection(Permission permission) {
        whole.serve();
        connect(permission);
        assertEquals(permission.writes() ? 0 : READ_ONLY_FLAG, flagsAfterGo() & READ_ONLY_FLAG);
        int reading = permission.reads() ? 0 : EPERM;
        int writing = permission.writes() ? 0 : EPERM;
        assertEquals(reading, errorOf(READ));
        assertEquals(writing, errorOf(WRITE));
        assertEquals(writing, errorOf(TRIM));
        assertEquals(writing, errorOf(WRITE_ZEROES));
        assertEquals(0, errorOf(FLUSH));
    }

    @Test
    void whatIsListedIsWhatInformationIsGivenOf() {
        whole.serve();
        connect(Permission.READ);
        ByteBuf said = whole.say(option(LIST, false));
        assertEquals(
                "disk",
                said.toString(OPTION_HEAD + 4, 4, StandardCharsets.UTF_8),
                () -> said.toString(StandardCharsets.UTF_8));
        ByteBuf informed = whole.say(option(INFO, true));
        assertEquals(ACK, informed.getInt(informed.writerIndex() - 8));
    }

    @Test
    void whoWantsAListWaitsForTheDeviceAsWhoeverWantsInformationDoes() {
        connect(Permission.READ);
        assertEquals(0, whole.say(option(LIST, false)).readableBytes());
        whole.pass(60 * ClientSettings.SECOND);
        assertEquals(0, whole.heard().readableBytes());
        whole.serve();
        assertEquals("disk", whole.heard().toString(OPTION_HEAD + 4, 4, StandardCharsets.UTF_8));
    }

    @Test
    void deviceThatEndsBeforeItWasThereIsNotListed() {
        connect(Permission.READ);
        whole.say(option(LIST, false));
        whole.step(new ClientControl.Detach(ClientSettings.SECOND));
        whole.run();
        assertEquals(ACK, whole.heard().getInt(12), "an acknowledgement, and no export before it");
    }
}
