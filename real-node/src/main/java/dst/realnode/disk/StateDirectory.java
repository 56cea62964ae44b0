package dst.realnode.disk;

import dst.protocol.Boot;
import dst.protocol.Holder;
import dst.protocol.Unique;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is durable beside one disk: its identity, the boot counter, and who holds which export. What has been told to be recorded is
 * on the media; counters never go back. Any thread may use it.
 */
public final class StateDirectory implements AutoCloseable {
    private static final SecureRandom CHANCE = new SecureRandom();

    private final @Nullable StateFile file;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("state-", 1).factory());
    private State state;

    private StateDirectory(@Nullable StateFile file, State state) {
        this.file = file;
        this.state = state;
        writer.allowCoreThreadTimeOut(true);
    }

    /** That of a disk which is forgotten with the process. */
    public static StateDirectory inMemory() {
        return new StateDirectory(null, State.fresh(unique()));
    }

    /** That in this folder, which is made if there is none. It is locked until it is closed. */
    public static StateDirectory open(Path folder) throws IOException {
        return open(folder, Optional.empty());
    }

    /** As {@link #open(Path)}; what has this identity gets a new one: it is another disk from now on. */
    static StateDirectory open(Path folder, Optional<String> adopted) throws IOException {
        StateFile file = StateFile.open(folder);
        try {
            State known = file.read();
            if (known == null) {
                known = file.write(State.fresh(unique()));
            } else if (adopts(adopted, known)) {
                known = file.write(known.renewed(unique()));
            }
            return new StateDirectory(file, known);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** The state in a folder, whoever has it open; empty if there is none, or it is none of a disk yet. */
    static Optional<State> ofDisk(Path folder) throws IOException {
        return Optional.ofNullable(StateFile.read(folder)).filter(State::knowsDisk);
    }

    /** Whether it is the one that is to be given up: whoever names it means this one, and means it once. */
    static boolean adopts(Optional<String> adopted, State state) {
        return adopted.filter(identity -> state.identity().toString().equals(identity))
                .isPresent();
    }

    synchronized State state() {
        return state;
    }

    /** Makes durable what its disk looks like. Waits for the disk. */
    synchronized void see(Likeness likeness) throws IOException {
        change(before -> before.seeing(likeness));
    }

    /** As {@link #see}, if it is known what the disk looks like. */
    synchronized void see(UnaryOperator<Likeness> changed) throws IOException {
        if (state.disk().isPresent()) {
            see(changed.apply(state.disk().get()));
        }
    }

    public synchronized Unique identity() {
        return state.identity();
    }

    public synchronized Holder holder(String export) {
        return state.holders().getOrDefault(export, Holder.NOBODY);
    }

    /** Begins a boot: its counter is durable. Waits for the disk. */
    public synchronized Boot nextBoot() throws IOException {
        change(State::booted);
        return new Boot(state.boots(), unique());
    }

    /** As {@link #nextBoot()}, without waiting: one of both is told through the loop. */
    public void nextBoot(Executor loop, Consumer<Boot> drawn, Consumer<IOException> failed) {
        later(loop, this::nextBoot, drawn, failed);
    }

    /** Makes a holder durable, without waiting: one of both is told through the loop. In the order of the calls. */
    public void persist(String export, Holder next, Executor loop, Runnable persisted, Consumer<IOException> failed) {
        later(loop, () -> hold(export, next), _ -> persisted.run(), failed);
    }

    /** Makes a holder durable. Waits for the disk. */
    public synchronized Holder hold(String export, Holder next) throws IOException {
        change(before -> before.with(export, next));
        return next;
    }

    /** Waits for what was begun. */
    @Override
    public void close() {
        writer.close();
        StateFile open = file;
        if (open != null) {
            open.close();
        }
    }

    private void change(UnaryOperator<State> next) throws IOException {
        State changed = next.apply(state);
        StateFile known = file;
        if (known != null) {
            changed = known.write(changed);
        }
        state = changed;
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    private <T> void later(Executor loop, Step<T> step, Consumer<T> done, Consumer<IOException> failed) {
        writer.execute(() -> {
            Runnable told;
            try {
                T result = step.take();
                told = () -> done.accept(result);
            } catch (IOException problem) {
                told = () -> failed.accept(problem);
            } catch (RuntimeException mistake) {
                // Ours: it belongs to the one who asked.
                told = () -> {
                    throw mistake;
                };
            }
            try {
                loop.execute(told);
            } catch (RejectedExecutionException ended) {
                // Who asked is gone; what is recorded is recorded.
                return;
            }
        });
    }

    private static Unique unique() {
        Unique drawn = new Unique(CHANCE.nextLong(), CHANCE.nextLong());
        return drawn.equals(Unique.NONE) ? unique() : drawn;
    }
}
