package dst.realnode.proxy;

import dst.realnode.Amounts;
import dst.realnode.WrongInput;
import dst.realnode.proxy.Strike.Direction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * When what strikes: one line each, {@code at 1.5s cut}, {@code at-byte to-server 65536 flip to-server}, {@code at-message
 * to-client 12 stall both 2s}; what follows a {@code #} is for people. Bytes and messages are counted over all connections.
 */
public record ProxyPlan(List<Fault> faults) {
    public static final ProxyPlan QUIET = new ProxyPlan(List.of());

    /** One fault and its moment. */
    public record Fault(When when, Strike strike) {}

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
    static String words(Strike strike) {
        return switch (strike) {
            case Strike.Cut _ -> "cut";
            case Strike.CutLate(long nanos) -> "cut-late " + time(nanos);
            case Strike.BlackHole(Direction direction, long nanos) ->
                "black-hole " + word(direction) + " " + time(nanos);
            case Strike.Rebind _ -> "rebind";
            case Strike.Stall(Direction direction, long nanos) -> "stall " + word(direction) + " " + time(nanos);
            case Strike.Delay(long extra, long nanos) -> "delay " + time(extra) + " " + time(nanos);
            case Strike.Slow(long bytes, long nanos) -> "slow " + bytes + " " + time(nanos);
            case Strike.Split(int bytes, long nanos) -> "split " + bytes + " " + time(nanos);
            case Strike.Refuse(long nanos) -> "refuse " + time(nanos);
            case Strike.Flip(Direction direction) -> "flip " + word(direction);
        };
    }

    private static String time(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString() + "s";
    }

    private static String word(Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A strike as it stands in a line. */
    public static Strike strike(String words) {
        Line line = new Line("", words);
        Strike strike = line.strike();
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
                case "at" -> new When.At(Amounts.nanos(word("a time")));
                case "at-byte" -> new When.AtByte(lane(), count());
                case "at-message" -> new When.AtMessage(lane(), count());
                default -> throw wrong("a line begins with at, at-byte or at-message, not '" + word + "'");
            };
            Fault fault = new Fault(when, strike());
            end();
            return fault;
        }

        Strike strike() {
            String kind = word("what strikes");
            return switch (kind) {
                case "cut" -> new Strike.Cut();
                case "cut-late" -> new Strike.CutLate(time());
                case "black-hole" -> new Strike.BlackHole(direction(), time());
                case "rebind" -> new Strike.Rebind();
                case "stall" -> new Strike.Stall(direction(), time());
                case "delay" -> new Strike.Delay(time(), time());
                case "slow" -> new Strike.Slow(Math.max(1, Amounts.byteCount(word("bytes a second"))), time());
                case "split" -> new Strike.Split(Math.clamp(Amounts.byteCount(word("a size")), 1, 1 << 30), time());
                case "refuse" -> new Strike.Refuse(time());
                case "flip" -> new Strike.Flip(direction());
                default ->
                    throw wrong("nothing is called '" + kind + "': there are cut, cut-late, black-hole, rebind, stall,"
                            + " delay, slow, split, refuse and flip");
            };
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

        private long time() {
            return Amounts.nanos(word("a time"));
        }

        private Direction direction() {
            String word = word("to-server, to-client or both");
            return switch (word) {
                case "to-server" -> Direction.TO_SERVER;
                case "to-client" -> Direction.TO_CLIENT;
                case "both" -> Direction.BOTH;
                default -> throw wrong("a direction is to-server, to-client or both, not '" + word + "'");
            };
        }

        private Direction lane() {
            Direction direction = direction();
            if (direction == Direction.BOTH) {
                throw wrong("bytes and messages are counted in one direction: to-server or to-client");
            }
            return direction;
        }

        private long count() {
            String word = word("a number");
            try {
                long count = Long.parseLong(word);
                if (count > 0) {
                    return count;
                }
            } catch (NumberFormatException _) {
                // Said below.
            }
            throw wrong("a number from 1 on was expected, not '" + word + "'");
        }

        private WrongInput wrong(String why) {
            return new WrongInput(where + why);
        }
    }
}
