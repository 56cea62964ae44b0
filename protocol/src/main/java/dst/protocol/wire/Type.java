package dst.protocol.wire;

import org.jspecify.annotations.Nullable;

/** What a frame carries: its number on the wire, who may be sent it, and the attributes in its head if it has such. */
enum Type {
    HELLO(1, "hello", Group.HELLO, true, false),
    WELCOME(2, "welcome", Group.WELCOME, false, true),
    REFUSE(3, "refuse", Group.REFUSE, true, true),
    ATTACH(4, "attach", Group.ATTACH, true, false),
    ATTACHED(5, "attached", Group.ATTACHED, false, true),
    REQUEST(6, "request", null, true, false),
    ANSWER(7, "answer", null, false, true),
    PING(8, "ping", null, true, true),
    PONG(9, "pong", null, true, true),
    REPLAYED(10, "replayed", Group.REPLAYED, true, false),
    GOODBYE(11, "goodbye", Group.GOODBYE, true, true);

    private static final Type[] BY_CODE = {
        null, HELLO, WELCOME, REFUSE, ATTACH, ATTACHED, REQUEST, ANSWER, PING, PONG, REPLAYED, GOODBYE
    };

    private final int code;
    private final String word;
    private final @Nullable Group group;
    private final boolean toServer;
    private final boolean toClient;

    Type(int code, String word, @Nullable Group group, boolean toServer, boolean toClient) {
        this.code = code;
        this.word = word;
        this.group = group;
        this.toServer = toServer;
        this.toClient = toClient;
    }

    int code() {
        return code;
    }

    String word() {
        return word;
    }

    /** The attributes of its head, or null if the head has a fixed layout. */
    @Nullable Group group() {
        return group;
    }

    boolean goes(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    boolean mayCarryPayload() {
        return this == REQUEST || this == ANSWER;
    }

    static @Nullable Type of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    static Type of(Message message) {
        return switch (message) {
            case Message.Hello ignored -> HELLO;
            case Message.Welcome ignored -> WELCOME;
            case Message.Refuse ignored -> REFUSE;
            case Message.Attach ignored -> ATTACH;
            case Message.Attached ignored -> ATTACHED;
            case Message.Request ignored -> REQUEST;
            case Message.Answer ignored -> ANSWER;
            case Message.Ping ignored -> PING;
            case Message.Pong ignored -> PONG;
            case Message.Replayed ignored -> REPLAYED;
            case Message.Goodbye ignored -> GOODBYE;
            case Message.Preamble ignored -> throw new IllegalArgumentException("a preamble is no frame");
        };
    }
}
