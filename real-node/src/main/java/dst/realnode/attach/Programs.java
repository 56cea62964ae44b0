package dst.realnode.attach;

import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.LinkPort;
import dst.protocol.Permission;
import dst.protocol.Signal;
import dst.realnode.guard.Refusals;
import dst.realnode.host.Links;
import dst.realnode.net.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The programs at the NBD connections of an attached device: who each of them is, what it was told that it may do, and what it is sent. */
final class Programs {
    private static final Logger log = LoggerFactory.getLogger(Programs.class);

    private final Refusals refusals;
    private final Links connections = new Links();
    private final LongObjectHashMap<Program> programs = new LongObjectHashMap<>();

    private record Program(String peer, String principal, Permission permission) {}

    Programs(Refusals refusals) {
        this.refusals = refusals;
    }

    void add(long number, Connection connection, Channel channel, Permission permission) {
        connections.add(number, connection);
        programs.put(number, new Program(Connection.peer(channel), Connection.principal(channel), permission));
    }

    /** The connection is gone. */
    void forget(long number) {
        connections.forget(number);
    }

    /** And nothing of it is left. */
    void over(long number) {
        programs.remove(number);
    }

    List<String> peers() {
        return programs.values().stream().map(Program::peer).sorted().toList();
    }

    /** Sends away whoever may do something else than was told; who that is. */
    List<Long> sendAwayWhoMayDoElse(Function<String, Permission> permissions) {
        List<Long> leaving = new ArrayList<>();
        for (long number :
                programs.keySet().stream().mapToLong(Long::longValue).sorted().toArray()) {
            Program before = programs.get(number);
            if (connections.find(number) != null && before.permission() != permissions.apply(before.principal())) {
                log.debug("{}: closed: what it may do has changed", before.peer());
                connections.close(number);
                leaving.add(number);
            }
        }
        return leaving;
    }

    void carryOut(long number, Signal output) {
        switch (output) {
            case LinkPort.Send(long _, ByteBuf bytes) -> connections.send(number, bytes);
            case LinkPort.Close(long _, Closing closing) -> close(number, closing);
            case LinkPort.Reading(long _, boolean wanted) -> connections.reading(number, wanted);
            case Control.Noted(String text) -> refusals.tell(peerOf(number), "R6", text);
            default -> throw Signal.misplaced(output);
        }
    }

    /** R7: for whoever is wrong nothing is kept until it has been taken. */
    private void close(long number, Closing closing) {
        if (!refusals.tell(peerOf(number), closing)) {
            log.debug("{}: closed: {}", peerOf(number), closing.text());
        }
        if (closing.cause() == Closing.Cause.PEER_WRONG) {
            connections.drop(number);
        } else {
            connections.close(number);
        }
    }

    /** R7: it gives way, at once. */
    void drop(long number, String words) {
        refusals.tell(peerOf(number), "R7", words);
        connections.drop(number);
    }

    private String peerOf(long number) {
        Program program = programs.get(number);
        return program == null ? "somebody" : program.peer();
    }

    void flush() {
        connections.flush();
    }

    void closeAll() {
        connections.closeAll();
    }
}
