package dst.scenarios.report;

import dst.protocol.BlockPort;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Words;
import dst.protocol.trace.Read;
import dst.protocol.trace.Rerun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** In words, what a machine did when it was given its recorded inputs again. */
final class Differences {
    private static final int SHOWN_BYTES = 16;

    private Differences() {}

    /** The trace is read once more for the input before a difference. */
    static String words(Rerun.Result result, LongFunction<Read.@Nullable Seen> inputs) {
        return switch (result) {
            case Rerun.Result.Same(long given, long outputs, Read.Damaged damage) ->
                "The same " + number(outputs) + " outputs to " + number(given) + " inputs."
                        + (damage == null
                                ? ""
                                : "\nNothing can be said of what follows byte " + damage.at() + ": " + damage.what()
                                        + ".");
            case Rerun.Result.Different it ->
                "The first difference is output " + number(it.index()) + input(it.input(), inputs) + "\n  recorded: "
                        + value(it.expected()) + "\n  now:      " + value(it.got())
                        + where(it.expected(), it.got());
            case Rerun.Result.Fell(long input, Throwable failure) ->
                "The machine falls over one of its own assertions" + input(input, inputs) + "\n  " + failure
                        + (failure.getStackTrace().length > 0 ? "\n    at " + failure.getStackTrace()[0] : "");
        };
    }

    private static String input(long number, LongFunction<Read.@Nullable Seen> inputs) {
        Read.Seen seen = number == 0 ? null : inputs.apply(number);
        return seen == null
                ? ", before any input"
                : ", at " + Words.seconds(seen.now()) + "\n  input " + number(number) + ": " + value(seen.value());
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Buffers by what is in them. */
    private static String value(@Nullable Object value) {
        if (value == null) {
            return "nothing";
        }
        return content(value)
                .map(bytes ->
                        kind(value) + " of " + number(bytes.readableBytes()) + " bytes beginning " + hex(bytes, 0))
                .orElseGet(value::toString);
    }

    private static String kind(Object value) {
        return switch (value) {
            case BlockPort.Ask(int device, BlockPort.Request request) ->
                "Ask of device " + device + ": " + kind(request);
            case BlockPort.Heard(int device, BlockPort.Event event) -> "Heard of device " + device + ": " + kind(event);
            case BlockPort.Submit(long tag, Operation.Write it) ->
                "Submitted " + tag + ", a write at " + it.offset() + (it.durable() ? ", durable," : "");
            case LinkPort.Received(long link, ByteBuf _) -> "Received on link " + link;
            case LinkPort.Send(long link, ByteBuf _) -> "Send on link " + link;
            case BlockPort.Completed(long tag, Outcome.Done _) -> "Completed " + tag + ", done, with data";
            case DiskPort.Ended(int disk, long ticket, DiskResult.Data _) ->
                "DiskEnded at disk " + disk + ", ticket " + ticket + ", with data";
            case DiskPort.Start(int disk, DiskRequest.Write it) ->
                "StartDisk at disk " + disk + ", ticket " + it.ticket() + ", transaction " + it.transaction()
                        + ", a write at " + it.offset() + (it.durable() ? ", durable," : "");
            default -> value.getClass().getSimpleName();
        };
    }

    private static Optional<ByteBuf> content(@Nullable Object value) {
        return switch (value) {
            case BlockPort.Ask(int _, BlockPort.Request request) -> content(request);
            case BlockPort.Heard(int _, BlockPort.Event event) -> content(event);
            case BlockPort.Submit(long _, Operation.Write it) -> Optional.of(it.data());
            case LinkPort.Received(long _, ByteBuf bytes) -> Optional.of(bytes);
            case LinkPort.Send(long _, ByteBuf bytes) -> Optional.of(bytes);
            case BlockPort.Completed(long _, Outcome.Done done) -> Optional.of(done.data());
            case DiskPort.Ended(int _, long _, DiskResult.Data data) -> Optional.of(data.data());
            case DiskPort.Start(int _, DiskRequest.Write it) -> Optional.of(it.data());
            case null, default -> Optional.empty();
        };
    }

    /** Of two contents, where they part. */
    private static String where(@Nullable Object expected, @Nullable Object got) {
        Optional<ByteBuf> was = content(expected);
        Optional<ByteBuf> is = content(got);
        if (was.isEmpty() || is.isEmpty()) {
            return "";
        }
        ByteBuf one = was.get();
        ByteBuf other = is.get();
        int shorter = Math.min(one.readableBytes(), other.readableBytes());
        for (int at = 0; at < shorter; at++) {
            if (one.getByte(one.readerIndex() + at) != other.getByte(other.readerIndex() + at)) {
                return "\n  they differ from byte " + at + " on: recorded " + hex(one, at) + ", now " + hex(other, at);
            }
        }
        return one.readableBytes() == other.readableBytes()
                ? ""
                : "\n  one is longer: recorded " + number(one.readableBytes()) + " bytes, now "
                        + number(other.readableBytes());
    }

    private static String hex(ByteBuf bytes, int from) {
        int count = Math.min(SHOWN_BYTES, bytes.readableBytes() - from);
        return ByteBufUtil.hexDump(bytes, bytes.readerIndex() + from, count)
                + (count < bytes.readableBytes() - from ? ".." : "");
    }
}
