package dst.sim;

import dst.protocol.Machine;
import dst.protocol.Side;
import dst.protocol.referee.Judge;
import dst.protocol.setting.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A kind of node beside client and server: all that anybody outside knows of it.
 *
 * @param name as plans, scenarios and traces have it
 * @param side whom a verdict names if it is this node's machine that does wrong
 * @param settings what a node of this kind is told, as a record that no other kind has
 * @param machine what runs there, made of the settings; it is told {@code Started} first, and then of each disk that it has
 * @param judge who watches such a machine for its rules
 * @param words where the records lie that it is told and tells beside the ports: whoever reads a trace knows those
 * @param says for people: for each link and direction a reader is made, which says what messages the next bytes complete
 */
public record NodeKind(
        String name,
        Side side,
        Settings<? extends Record> settings,
        BiFunction<Record, ByteBufAllocator, Machine> machine,
        Judge.Maker judge,
        List<Class<?>> words,
        Supplier<Function<ByteBuf, List<String>>> says) {

    /** One that nobody judges yet. */
    public static <S extends Record> NodeKind of(
            String name, Side side, Settings<S> settings, BiFunction<S, ByteBufAllocator, Machine> machine) {
        // Whatever these settings make is of their type.
        @SuppressWarnings("unchecked")
        BiFunction<Record, ByteBufAllocator, Machine> made = (told, pages) -> machine.apply((S) told, pages);
        return new NodeKind(name, side, settings, made, _ -> Judge.NOBODY, List.of(), () -> _ -> List.of());
    }

    /** Whether these are settings of this kind. */
    public boolean isToldBy(Record told) {
        long[] usual = settings.all().stream()
                .mapToLong(setting -> setting.usualNumbers()[0])
                .toArray();
        return settings.made(usual).getClass().equals(told.getClass());
    }

    public NodeKind judgedBy(Judge.Maker other) {
        return new NodeKind(name, side, settings, machine, other, words, says);
    }

    public NodeKind with(Class<?> ofWords) {
        return new NodeKind(name, side, settings, machine, judge, List.of(ofWords), says);
    }

    public NodeKind saying(Supplier<Function<ByteBuf, List<String>>> other) {
        return new NodeKind(name, side, settings, machine, judge, words, other);
    }

    /** Whoever brings kinds: a service, or a class whose source lies beside a scenario. */
    public interface Source {
        List<NodeKind> kinds();
    }
}
