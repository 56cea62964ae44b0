package dst.protocol.wire;

import static dst.protocol.wire.Attribute.AGREEMENT;
import static dst.protocol.wire.Attribute.BOOT;
import static dst.protocol.wire.Attribute.CAUSE;
import static dst.protocol.wire.Attribute.CLEAN;
import static dst.protocol.wire.Attribute.COMMIT;
import static dst.protocol.wire.Attribute.DURABLE;
import static dst.protocol.wire.Attribute.EPOCH;
import static dst.protocol.wire.Attribute.EXPORT;
import static dst.protocol.wire.Attribute.GENERATION;
import static dst.protocol.wire.Attribute.HELD;
import static dst.protocol.wire.Attribute.HOLDER;
import static dst.protocol.wire.Attribute.JOINS;
import static dst.protocol.wire.Attribute.KNOWN;
import static dst.protocol.wire.Attribute.OCCUPIED;
import static dst.protocol.wire.Attribute.OWED;
import static dst.protocol.wire.Attribute.PROBLEM;
import static dst.protocol.wire.Attribute.SLOT;
import static dst.protocol.wire.Attribute.TERMS;
import static dst.protocol.wire.Attribute.TEXT;
import static dst.protocol.wire.Attribute.TOKEN;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a frame carries, one row for each kind of message: its number on the wire, its word, who is sent it and when it is due, and what
 * its head is read by. How the head is written the message says itself; nothing else has to know all of them.
 */
public enum Type {
    HELLO(1, "hello", To.SERVER, Due.IN_TURN, Message.Hello::read, EXPORT, TOKEN, SLOT, GENERATION, TERMS, HELD, KNOWN),
    WELCOME(2, "welcome", To.CLIENT, Due.IN_TURN, Message.Welcome::read, AGREEMENT, BOOT, CAUSE, EPOCH, OCCUPIED),
    REFUSE(3, "refuse", To.BOTH, Due.ALWAYS, Message.Refuse::read, PROBLEM, TEXT, DURABLE),
    ATTACH(4, "attach", To.SERVER, Due.IN_TURN, Message.Attach::read, AGREEMENT, EPOCH, JOINS),
    ATTACHED(5, "attached", To.CLIENT, Due.IN_TURN, Message.Attached::read, AGREEMENT, HOLDER, BOOT, OWED),
    REQUEST(6, "request", To.SERVER, Due.GRANTED, HeadReader::request),
    ANSWER(7, "answer", To.CLIENT, Due.GRANTED, HeadReader::answer),
    PING(8, "ping", To.BOTH, Due.ALWAYS, Message.Ping::read),
    PONG(9, "pong", To.BOTH, Due.ALWAYS, Message.Pong::read),
    REPLAYED(10, "replayed", To.SERVER, Due.GRANTED, Message.Replayed::read, EPOCH, BOOT),
    GOODBYE(11, "goodbye", To.BOTH, Due.GRANTED, Message.Goodbye::read, CLEAN, COMMIT, BOOT, TEXT);

    /** Who is sent it. */
    enum To {
        SERVER,
        CLIENT,
        BOTH
    }

    /** From when on a link has room for it (H1). */
    public enum Due {
        /** At its one place in the handshake. */
        IN_TURN,
        /** At any time after the preambles. */
        ALWAYS,
        /** After an Attached. */
        GRANTED
    }

    private static final Type[] BY_CODE = byCode();

    private final int code;
    private final String word;
    private final To to;
    private final Due due;
    private final Function<HeadReader, Decoded> reading;
    private final @Nullable Group group;

    /** With a head of a fixed layout. */
    Type(int code, String word, To to, Due due, Function<HeadReader, Decoded> reading) {
        this.code = code;
        this.word = word;
        this.to = to;
        this.due = due;
        this.reading = reading;
        this.group = null;
    }

    /** With a head of attributes. */
    Type(int code, String word, To to, Due due, Function<Fields, Message.Framed> reading, Attribute... attributes) {
        Group head = new Group(word, attributes);
        this.code = code;
        this.word = word;
        this.to = to;
        this.due = due;
        this.reading = in -> in.attributes(head, reading);
        this.group = head;
    }

    private static Type[] byCode() {
        Type[] types = new Type[values().length + 1];
        for (Type type : values()) {
            types[type.code] = type;
        }
        return types;
    }

    int code() {
        return code;
    }

    String word() {
        return word;
    }

    To to() {
        return to;
    }

    public Due due() {
        return due;
    }

    /** The attributes of its head, or null if the head has a fixed layout. */
    @Nullable Group group() {
        return group;
    }

    boolean goes(Direction direction) {
        return to == To.BOTH || (to == To.SERVER) == (direction == Direction.TO_SERVER);
    }

    boolean mayCarryPayload() {
        return this == REQUEST || this == ANSWER;
    }

    /** The message without its payload, or what is wrong with its head. */
    Decoded read(HeadReader head) {
        return reading.apply(head);
    }

    public static Type of(Message.Framed message) {
        return switch (message) {
            case Message.Hello _ -> HELLO;
            case Message.Welcome _ -> WELCOME;
            case Message.Refuse _ -> REFUSE;
            case Message.Attach _ -> ATTACH;
            case Message.Attached _ -> ATTACHED;
            case Message.Request _ -> REQUEST;
            case Message.Answer _ -> ANSWER;
            case Message.Ping _ -> PING;
            case Message.Pong _ -> PONG;
            case Message.Replayed _ -> REPLAYED;
            case Message.Goodbye _ -> GOODBYE;
        };
    }

    static @Nullable Type of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
