package dst.scenarios.trial;

import dst.protocol.BlockPort;
import dst.protocol.Kind;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Stamp;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The history as Jepsen has it, one operation a line: {@code :invoke}, then {@code :ok}, {@code :fail} or {@code :info}. The
 * process is the operation's tag, since each has a life of its own; a read's value is, block by block, the tag of the write that
 * it saw (0: zeros).
 */
public final class OperationLog implements Tap {
    private final int blockSize;
    private final List<String> lines = new ArrayList<>();
    private final Map<Long, Open> open = new LinkedHashMap<>();

    /** What is known of an operation without keeping its data. */
    private record Open(String node, Kind kind, long offset, int length, boolean durable) {}

    public OperationLog(int blockSize) {
        this.blockSize = blockSize;
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        switch (value) {
            case Signal _ when !layer.is(Layer.CLIENT) -> {}
            case BlockPort.Submit it -> {
                Operation submitted = it.operation();
                Open operation = new Open(
                        layer.node(), submitted.kind(), submitted.offset(), submitted.length(), submitted.durable());
                open.put(it.tag(), operation);
                add(now, it.tag(), "invoke", operation, written(operation, it.tag()), "");
            }
            case BlockPort.Completed it -> completed(now, it);
            case WorldEvent.ProcessCrashed _, WorldEvent.PowerCut _ -> crashed(now, layer.node());
            default -> {}
        }
    }

    /** What its operations came to nobody will hear. */
    private void crashed(long now, String node) {
        open.forEach((tag, operation) -> {
            if (operation.node().equals(node)) {
                add(now, tag, "info", operation, "nil", " :error :crashed");
            }
        });
        open.values().removeIf(operation -> operation.node().equals(node));
    }

    private void completed(long now, BlockPort.Completed it) {
        Open operation = open.remove(it.tag());
        if (operation == null) {
            return;
        }
        switch (it.outcome()) {
            case Outcome.Done done ->
                add(
                        now,
                        it.tag(),
                        "ok",
                        operation,
                        operation.kind() == Kind.READ
                                ? read(done.data(), operation.offset())
                                : written(operation, it.tag()),
                        "");
            case Outcome.Refused refused ->
                add(now, it.tag(), "fail", operation, "nil", " :error " + quoted(refused.text()));
            case Outcome.Unknown unknown ->
                add(now, it.tag(), "info", operation, "nil", " :error " + quoted(unknown.text()));
        }
    }

    private void add(long now, long tag, String type, Open operation, String value, String more) {
        lines.add("{:index " + lines.size() + ", :time " + now + ", :process " + tag + ", :type :" + type + ", :f :"
                + operation.kind().name().toLowerCase(Locale.ROOT)
                + (operation.node().equals("client") ? "" : ", :node " + quoted(operation.node()))
                + (operation.kind() == Kind.FLUSH
                        ? ""
                        : ", :offset " + operation.offset() + ", :length " + operation.length())
                + (operation.durable() ? ", :durable true" : "") + ", :value " + value + more + "}");
    }

    private static String written(Open operation, long tag) {
        return switch (operation.kind()) {
            case WRITE -> Long.toString(tag);
            case ZERO, TRIM -> "0";
            case READ, FLUSH -> "nil";
        };
    }

    private String read(ByteBuf data, long offset) {
        StringBuilder values = new StringBuilder("[");
        for (int at = 0; at + blockSize <= data.readableBytes(); at += blockSize) {
            Stamp.Content content = Stamp.read(data, data.readerIndex() + at, blockSize, offset + at);
            values.append(at == 0 ? "" : " ")
                    .append(
                            switch (content.state()) {
                                case ZERO -> "0";
                                case WHOLE -> Long.toString(content.tag());
                                default -> ":" + content.state().name().toLowerCase(Locale.ROOT);
                            });
        }
        return values.append("]").toString();
    }

    public static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    public String text() {
        return "[" + String.join("\n ", lines) + "]\n";
    }
}
