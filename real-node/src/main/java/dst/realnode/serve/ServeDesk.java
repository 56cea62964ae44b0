package dst.realnode.serve;

import dst.protocol.Holder;
import dst.protocol.Unique;
import dst.realnode.Amounts;
import dst.realnode.WrongInput;
import dst.realnode.ctl.Answer;
import dst.realnode.ctl.Control;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What a server answers its operator. */
final class ServeDesk implements Control.Desk {
    private static final long USUAL_DEADLINE = 30_000_000_000L;

    /** What it takes to tell of a deadline that was kept. */
    private static final long GRACE = 500_000_000L;

    private final Serving serving;

    ServeDesk(Serving serving) {
        this.serving = serving;
    }

    @Override
    public CompletableFuture<Answer> ask(List<String> words) {
        List<String> said = new ArrayList<>(words);
        long deadline = USUAL_DEADLINE;
        if (!said.isEmpty() && said.getLast().startsWith("deadline=")) {
            deadline = Amounts.nanos(said.removeLast().substring("deadline=".length()));
        }
        String what = said.isEmpty() ? "" : said.removeFirst();
        return switch (what) {
            case "status" -> {
                want(said, 0, "status");
                yield now(new Answer(true, status()));
            }
            case "add" -> add(want(said, 1, "add NAME=SOURCE").getFirst());
            case "allow" ->
                allow(want(said, 1, "allow [EXPORT@]WHO=r|w|rw|none").getFirst());
            case "remove" -> remove(want(said, 1, "remove NAME").getFirst(), deadline);
            case "resize" -> resize(said, deadline);
            case "drain" -> {
                want(said, 0, "drain");
                yield serving.drain(deadline).thenApply(ServeDesk::drained);
            }
            default ->
                throw new WrongInput(
                        "'" + what + "' is not known here: there are status, add, allow, resize, remove, drain");
        };
    }

    private static List<String> want(List<String> words, int count, String form) {
        if (words.size() != count) {
            throw new WrongInput("expected: dst ctl " + form);
        }
        return words;
    }

    private static CompletableFuture<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static Answer drained(End end) {
        return end.inOrder()
                ? Answer.inOrder("the server has ended: everything was answered and flushed, and clients were told")
                : Answer.notInOrder("the server has ended, and not in order: " + end.words() + "; its log says more");
    }

    private CompletableFuture<Answer> add(String text) {
        ExportSpec spec = ExportSpec.parse(text);
        // Opening a disk waits for it.
        return CompletableFuture.supplyAsync(() -> {
            OpenExport export = serving.open(spec);
            return Answer.inOrder(
                    "export " + spec.name() + " is open: " + Amounts.bytes(export.disk.size()),
                    "access: " + access(spec.name()));
        });
    }

    private CompletableFuture<Answer> allow(String text) {
        List<String> inForce = serving.rules().allow(text, serving.exports().permissions());
        return serving.accessChanged().thenApply(_ -> new Answer(true, inForce));
    }

    /** The deadline is kept, whatever the disk does; then it is said what is left. */
    private CompletableFuture<Answer> remove(String name, long deadline) {
        return serving.remove(name, deadline)
                .thenApply(wrong -> wrong.isEmpty()
                        ? Answer.inOrder(
                                "export " + name + " is removed: everything was flushed, and its client was told")
                        : Answer.notInOrder("export " + name + " is removed, and " + wrong))
                .completeOnTimeout(
                        Answer.notInOrder("export " + name + " is given to nobody any more and its client was told, but"
                                + " its disk still runs something: it is let go as soon as that has ended"),
                        deadline + GRACE,
                        TimeUnit.NANOSECONDS);
    }

    private CompletableFuture<Answer> resize(List<String> said, long deadline) {
        boolean mayShrink = said.remove("shrink");
        if (said.isEmpty() || said.size() > 2) {
            throw new WrongInput("expected: dst ctl resize NAME [SIZE]");
        }
        String name = said.getFirst();
        OpenExport export = serving.exports().find(name);
        if (export == null) {
            throw new WrongInput("there is no export '" + name + "'");
        }
        long before = export.disk.size();
        long wanted = said.size() == 1 ? Serving.AS_IT_IS : Amounts.byteCount(said.getLast());
        if (said.size() == 2) {
            checkSize(name, before, wanted, export.disk.blockSize(), mayShrink);
        }
        // Asking a disk waits for it.
        return CompletableFuture.supplyAsync(() -> possible(export, wanted)).thenCompose(possible -> {
            checkSize(name, before, possible, export.disk.blockSize(), mayShrink);
            return possible == before
                    ? now(Answer.inOrder("export " + name + " has " + Amounts.bytes(before) + " already"))
                    : serving.resize(name, wanted, deadline)
                            .thenApply(now -> Answer.inOrder("export " + name + " has " + Amounts.bytes(now)
                                    + " now, before it had " + Amounts.bytes(before)));
        });
    }

    private static long possible(OpenExport export, long wanted) {
        try {
            return export.disk.possibleSize(wanted);
        } catch (IOException e) {
            throw new WrongInput(e.getMessage() + "; nothing was changed");
        }
    }

    /** Before anybody is sent away for it. */
    private static void checkSize(String name, long before, long wanted, int blockSize, boolean mayShrink) {
        if (wanted == 0 || wanted % blockSize != 0) {
            throw new WrongInput(wanted + " bytes are no size for " + name + ", which has blocks of " + blockSize);
        }
        if (wanted < before && !mayShrink) {
            throw new WrongInput(name + " has " + Amounts.bytes(before) + ": what lies behind " + Amounts.bytes(wanted)
                    + " would be gone; if that is wanted, add --shrink");
        }
    }

    private List<String> status() {
        List<String> lines = new ArrayList<>();
        for (OpenExport export : serving.exports().all()) {
            Gauge gauge = export.gauge;
            lines.add("export " + export.name() + "  " + export.spec.source() + "  " + Amounts.bytes(export.disk.size())
                    + (export.spec.readOnly() ? ", read-only" : "") + ", blocks of " + export.disk.blockSize());
            lines.add("  access     " + access(export.name()));
            lines.add("  held by    " + holder(export));
            lines.add("  operations " + String.format(Locale.ROOT, "%,d", gauge.operations.sum()) + ", "
                    + Amounts.bytes(gauge.bytesRead.sum()) + " read, " + Amounts.bytes(gauge.bytesWritten.sum())
                    + " written, " + gauge.running.sum() + " running now");
            lines.add("  latency    " + percentiles(gauge.latencies()));
        }
        lines.add("links " + serving.server().linkCount() + " of the protocol, "
                + serving.exports().connections() + " of NBD; "
                + String.format(Locale.ROOT, "%,d", serving.refusedSoFar()) + " were turned away");
        lines.add("memory " + memory());
        lines.addAll(serving.watch().status());
        return lines;
    }

    private String access(String export) {
        List<String> rules = serving.rules().shown(export);
        return rules.isEmpty() ? "nobody" : String.join(" ", rules);
    }

    /** What this process holds for others, whoever they are (R7). */
    private static String memory() {
        Runtime runtime = Runtime.getRuntime();
        PooledByteBufAllocatorMetric buffers = PooledByteBufAllocator.DEFAULT.metric();
        return Amounts.bytes(runtime.totalMemory() - runtime.freeMemory()) + " of the heap, "
                + Amounts.bytes(buffers.usedDirectMemory() + buffers.usedHeapMemory()) + " of buffers";
    }

    private String holder(OpenExport export) {
        List<String> users = serving.exports().usersOf(export.name());
        if (!users.isEmpty()) {
            return users.size() + " NBD connection" + (users.size() == 1 ? "" : "s") + " (" + String.join(", ", users)
                    + ")";
        }
        Holder holder = serving.server().holder(export.name());
        return holder.token().equals(Unique.NONE)
                ? "nobody"
                : "a client of the protocol, epoch " + holder.epoch() + ", token " + holder.token();
    }

    private static String percentiles(Histogram latency) {
        if (latency.getTotalCount() == 0) {
            return "nothing measured yet";
        }
        return "p50 " + Amounts.duration(latency.getValueAtPercentile(50)) + ", p99 "
                + Amounts.duration(latency.getValueAtPercentile(99)) + ", p99.9 "
                + Amounts.duration(latency.getValueAtPercentile(99.9)) + ", max "
                + Amounts.duration(latency.getMaxValue());
    }
}
