package dst.nbd;

import dst.nbd.port.NbdExport;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Outcome.Refused;
import dst.protocol.Outcome.Unknown;
import dst.protocol.Problem;
import dst.protocol.StateDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The second part of a connection as a client has it: what is submitted is sent, and settles once, whatever becomes of the connection. */
final class Flights {
    /** So many commands may be with the server, the rest waits here in its submitter's buffers. */
    static final int FLIGHTS_MAX = 1024;

    /** Nothing is sent while so much is not sent yet. */
    static final long UNSENT_MAX = 64L << 20;

    private final Outbox outbox;
    private final NbdExport export;
    private final boolean flushes;
    private final TreeMap<Long, Flight> flights = new TreeMap<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long cookies;

    /** A command that was not sent yet, and a write's content. */
    private record Waiting(Flight flight, int flags, ByteBuf data) {}

    Flights(Outbox outbox, NbdExport export, boolean flushes) {
        this.outbox = outbox;
        this.export = export;
        this.flushes = flushes;
    }

    boolean isIdle() {
        return flights.isEmpty() && waiting.isEmpty();
    }

    @Nullable Flight find(long cookie) {
        return flights.get(cookie);
    }

    void submit(long tag, Operation operation) {
        Problem problem = problemOf(operation);
        if (problem != Problem.NONE) {
            refuse(outbox, tag, operation, problem);
            return;
        }
        int flags = operation.durable() ? Nbd.FUA : 0;
        ByteBuf data = operation instanceof Operation.Write write ? write.data() : Unpooled.EMPTY_BUFFER;
        Flight flight = new Flight(tag, commandOf(operation), operation.offset(), operation.length());
        waiting.add(new Waiting(flight, flags, data));
        advance();
    }

    void ask(long tag, long offset, int length) {
        boolean right = export.has(NbdExport.MAP) && length > 0 && isInside(offset, length);
        if (!right) {
            outbox.completed(tag, new Refused(Problem.NOT_SUPPORTED, "nothing is known of that place"));
            return;
        }
        waiting.add(new Waiting(new Flight(tag, Command.BLOCK_STATUS, offset, length), 0, Unpooled.EMPTY_BUFFER));
        advance();
    }

    static void refuse(Outbox outbox, long tag, Operation operation, Problem problem) {
        if (operation instanceof Operation.Write write) {
            write.data().release();
        }
        outbox.completed(tag, new Refused(problem, problem.words()));
    }

    /** Sends what may be sent now. */
    void advance() {
        while (!waiting.isEmpty() && flights.size() < FLIGHTS_MAX && outbox.unsent() < UNSENT_MAX) {
            Waiting next = waiting.remove();
            Flight flight = next.flight();
            flights.put(++cookies, flight);
            outbox.request(flight.command, next.flags(), cookies, flight.offset, flight.length);
            if (next.data().isReadable()) {
                outbox.send(next.data());
            }
        }
    }

    /** What the server said is all here. */
    void settle(long cookie) {
        Flight flight = flights.remove(cookie);
        if (flight == null) {
            throw new IllegalStateException("nothing flies under " + cookie);
        }
        if (flight.error != Errors.NONE) {
            flight.discard();
            outbox.completed(flight.tag, failure(flight));
        } else if (flight.isQuestion()) {
            outbox.mapped(flight.tag, List.copyOf(flight.extents()));
        } else {
            outbox.completed(flight.tag, new Outcome.Done(flight.takeData()));
        }
    }

    /**
     * A server that says EPERM, EINVAL, ENOTSUP or EOVERFLOW has looked at the command and done nothing. Any other error may have come
     * half way, also ENOSPC: part of the content may be there. What reads has no effect in any case.
     */
    private static Outcome failure(Flight flight) {
        Problem problem = problemOf(flight.error);
        String text = flight.words.isEmpty() ? "the server says " + Errors.words(flight.error) : flight.words;
        return flight.command.reads || isBeforeAnything(flight.error)
                ? new Refused(problem, text)
                : new Unknown(problem, text);
    }

    private static boolean isBeforeAnything(int error) {
        return switch (error) {
            case Errors.EPERM, Errors.EINVAL, Errors.ENOTSUP, Errors.EOVERFLOW -> true;
            default -> false;
        };
    }

    private static Problem problemOf(int error) {
        return switch (error) {
            case Errors.EPERM -> Problem.NOT_PERMITTED;
            case Errors.EINVAL, Errors.ENOTSUP -> Problem.NOT_SUPPORTED;
            case Errors.EOVERFLOW -> Problem.TOO_LARGE;
            case Errors.ENOSPC -> Problem.NO_SPACE;
            case Errors.ESHUTDOWN -> Problem.DETACHED;
            default -> Problem.IO_ERROR;
        };
    }

    /** The connection is over: what was sent may have happened, what was not has not. */
    void end(Problem problem, String text) {
        for (Flight flight : flights.values()) {
            flight.discard();
            outbox.completed(flight.tag, new Unknown(problem, text));
        }
        flights.clear();
        for (Waiting one : waiting) {
            one.data().release();
            outbox.completed(one.flight().tag, new Refused(problem, text));
        }
        waiting.clear();
    }

    void discard() {
        flights.values().forEach(Flight::discard);
        flights.clear();
        waiting.forEach(one -> one.data().release());
        waiting.clear();
    }

    private Problem problemOf(Operation operation) {
        Kind kind = operation.kind();
        if (!isSupported(operation)) {
            return Problem.NOT_SUPPORTED;
        }
        if (kind == Kind.FLUSH) {
            return Problem.NONE;
        }
        if (!export.device().permission().permits(kind)) {
            return Problem.NOT_PERMITTED;
        }
        int length = operation.length();
        if (length <= 0 || ((operation.offset() | length) & (export.minimumBlock() - 1)) != 0) {
            return Problem.NOT_ALIGNED;
        }
        if ((kind == Kind.READ || kind == Kind.WRITE) && length > export.largestTransfer()) {
            return Problem.TOO_LARGE;
        }
        return isInside(operation.offset(), length) ? Problem.NONE : Problem.OUT_OF_RANGE;
    }

    private boolean isSupported(Operation operation) {
        boolean kind = switch (operation.kind()) {
            case READ, WRITE -> true;
            case FLUSH -> flushes;
            case TRIM -> export.has(NbdExport.TRIM);
            case ZERO -> export.has(NbdExport.ZERO);
        };
        return kind && (!operation.durable() || export.has(NbdExport.FUA));
    }

    private boolean isInside(long offset, int length) {
        return offset >= 0 && offset <= export.device().size() - length;
    }

    private static Command commandOf(Operation operation) {
        return switch (operation.kind()) {
            case READ -> Command.READ;
            case WRITE -> Command.WRITE;
            case FLUSH -> Command.FLUSH;
            case TRIM -> Command.TRIM;
            case ZERO -> Command.WRITE_ZEROES;
        };
    }

    void digest(StateDigest digest) {
        digest.add(export.toString()).add(flushes).add(cookies).add(flights.size());
        flights.forEach((cookie, flight) -> {
            digest.add(cookie);
            flight.digest(digest);
        });
        digest.add(waiting.size());
        for (Waiting one : waiting) {
            one.flight().digest(digest);
            digest.add(one.flags()).add(List.of(one.data()));
        }
    }
}
