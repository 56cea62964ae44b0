package dst.realnode.proxy;

import dst.protocol.fault.Fault.Direction;
import dst.protocol.fault.Fault.Strike.OnLinks;
import dst.protocol.fault.FaultKind;
import dst.protocol.fault.Target;
import dst.protocol.setting.Measure;
import dst.protocol.setting.Written;
import dst.realnode.WrongInput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When what strikes: one line each, {@code at 1.5s cut}, {@code at-byte to-server 65536 flip to-server}, {@code at-message
 * to-client 12 stall both 2s}; what follows a {@code #} is for people. A fault is called as in the simulator's plans, and all that
 * can be said of it follows in the same order. Bytes and messages are counted over all connections.
 */
public record ProxyPlan(List<Fault> faults) {
    public static final ProxyPlan QUIET = new ProxyPlan(List.of());

    private static final Measure<Direction> LANE = Measure.oneOf(List.of(Direction.TO_SERVER, Direction.TO_CLIENT));
    private static final Measure<Long> NTH = Measure.number(1, Integer.MAX_VALUE);

    /** One fault and its moment. */
    public record Fault(When when, OnLinks strike) {}

    public sealed interface When {
        /** So long after the proxy began. */
        record At(long nanos) implements When {}

        /** Before that byte passes, the first being number 1. */
        record AtByte(Direction direction, long nth) implements When {}

        /** Before that message of the protocol passes, the first after the preamble being number 1. */
        record AtMessage(Direction direction, long nth) implements When {}
    }

    public ProxyPlan {
        faults = List.copyOf(faults);
    }

    /** The plan in a text; the name is for complaints. */
    public static ProxyPlan parse(String name, String text) {
        List<Fault> faults = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int comment = line.indexOf('#');
            String words = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!words.isEmpty()) {
                faults.add(new Line(name + ": line " + number + ": ", words).fault());
            }
        }
        return new ProxyPlan(faults);
    }

    /** A strike as it may stand in a line. */
    static String words(OnLinks strike) {
        FaultKind kind = FaultKind.of(strike);
        long[] numbers = FaultKind.numbers(strike);
        StringBuilder words = new StringBuilder(kind.key());
        for (int i = 0; i < numbers.length; i++) {
            Written written = kind.settings().get(i).measure().write(numbers[i]);
            words.append(' ').append(written.text().replace(" ", ""));
        }
        return words.toString();
    }

    /** A strike as it stands in a line. */
    public static OnLinks strike(String words) {
        Line line = new Line("", words);
        OnLinks strike = line.strike();
        line.end();
        return strike;
    }

    /** One line, read from left to right. */
    private static final class Line {
        private final String where;
        private final String[] words;
        private int next;

        Line(String where, String text) {
            this.where = where;
            this.words = text.split("\\s+");
        }

        Fault fault() {
            String word = word("at, at-byte or at-message");
            When when = switch (word) {
                case "at" -> new When.At(value(Measure.TIME));
                case "at-byte" -> new When.AtByte(value(LANE), value(NTH));
                case "at-message" -> new When.AtMessage(value(LANE), value(NTH));
                default -> throw wrong("a line begins with at, at-byte or at-message, not '" + word + "'");
            };
            Fault fault = new Fault(when, strike());
            end();
            return fault;
        }

        OnLinks strike() {
            String name = word("what strikes");
            FaultKind kind = Stream.of(FaultKind.values())
                    .filter(each -> each.key().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> wrong("nothing is called '" + name + "' that a proxy can do: there are " + names()));
            if (kind.aim() != Target.Aim.LINKS) {
                throw wrong("'" + name + "' befalls no connection, so a proxy cannot do it: there are " + names());
            }
            long[] numbers = kind.settings().stream()
                    .mapToLong(setting -> number(setting.measure()))
                    .toArray();
            return (OnLinks) kind.strike(numbers);
        }

        void end() {
            if (next < words.length) {
                throw wrong("there is one word too many: '" + words[next] + "'");
            }
        }

        private String word(String expected) {
            if (next == words.length) {
                throw wrong(expected + " is missing at the end");
            }
            return words[next++];
        }

        private <V> V value(Measure<V> measure) {
            return measure.value(number(measure));
        }

        /** One word, or a number and the unit that follows it. */
        private long number(Measure<?> measure) {
            String word = word(measure.words(""));
            OptionalLong both =
                    next < words.length ? measure.read(Written.of(word + " " + words[next])) : OptionalLong.empty();
            if (both.isPresent()) {
                next++;
                return both.getAsLong();
            }
            Written written = Written.of(word);
            return measure.read(written).orElseThrow(() -> wrong(measure.wrong(written, "'" + word + "'", "")));
        }

        private WrongInput wrong(String why) {
            return new WrongInput(where + why);
        }
    }

    private static String names() {
        return Stream.of(FaultKind.values())
                .filter(kind -> kind.aim() == Target.Aim.LINKS)
                .map(FaultKind::key)
                .collect(Collectors.joining(", "));
    }
}
