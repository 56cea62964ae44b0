package dst.nbd;

import dst.nbd.Served.Bytes;
import dst.protocol.hostile.Odds;
import java.util.Arrays;

/** What a hostile peer writes: usual words with odd fields, and now and then bytes that were damaged on the way. */
final class Mutated {
    final Odds odds;

    Mutated(Odds odds) {
        this.odds = odds;
    }

    /** One thing that a client may say, after the greeting or in transmission. */
    byte[] toServer(boolean serving) {
        odds.newMood();
        Bytes said = serving ? request() : option();
        return damaged(said.array());
    }

    private Bytes option() {
        int option = odds.count(new int[] {
                    Nbd.LIST,
                    Nbd.INFO,
                    Nbd.GO,
                    Nbd.GO,
                    Nbd.STRUCTURED_REPLY,
                    Nbd.SET_META_CONTEXT,
                    Nbd.STARTTLS,
                    Nbd.LIST_META_CONTEXT,
                    Nbd.STRUCTURED_REPLY,
                    Nbd.SET_META_CONTEXT
                }
                [odds.below(10)]);
        if (odds.chance(1, 40)) {
            option = odds.chance(1, 2) ? Nbd.EXPORT_NAME : Nbd.ABORT;
        }
        byte[] data = data(option).array();
        return Served.bytes()
                .large(odds.number(Nbd.OPTION_MAGIC))
                .number(option)
                .number(odds.count(data.length))
                .bytes(data);
    }

    private Bytes data(int option) {
        Bytes data = Served.bytes();
        return switch (option) {
            case Nbd.EXPORT_NAME -> data.plain(name());
            case Nbd.INFO, Nbd.GO -> {
                text(data, name()).small(odds.count(2)).small(odds.small(3));
                yield data.small(odds.small(1));
            }
            case Nbd.SET_META_CONTEXT, Nbd.LIST_META_CONTEXT -> {
                text(data, name()).number(odds.count(1));
                yield text(data, odds.odd() ? "base:" : Nbd.ALLOCATION);
            }
            default -> odds.odd() ? data.bytes(new byte[odds.below(9000)]) : data;
        };
    }

    private String name() {
        return odds.odd() ? "x".repeat(odds.below(5000)) : odds.chance(1, 2) ? "disk" : "";
    }

    private Bytes text(Bytes into, String text) {
        return into.number(odds.count(text.length())).plain(text);
    }

    private Bytes request() {
        int command = odds.count(odds.below(8));
        command = command == Command.DISC.number && odds.chance(9, 10) ? Command.READ.number : command;
        boolean flushes = command == Command.FLUSH.number;
        int length = flushes ? 0 : 512 * (1 + odds.below(odds.chance(1, 20) ? 300 : 8));
        long offset = flushes ? 0 : 512L * odds.below(1200);
        Bytes said = Served.bytes()
                .number(odds.count(Nbd.REQUEST_MAGIC))
                .small(odds.small(flags(command)))
                .small(command)
                .large(odds.number(odds.below(20)))
                .large(odds.number(offset))
                .number(odds.count(length));
        return command == Command.WRITE.number ? said.bytes(new byte[length]) : said;
    }

    private int flags(int command) {
        return switch (Command.of(command)) {
            case READ -> odds.chance(1, 4) ? Nbd.DF : 0;
            case BLOCK_STATUS -> odds.chance(1, 2) ? Nbd.REQ_ONE : 0;
            case WRITE_ZEROES -> odds.below(4);
            default -> odds.below(2);
        };
    }

    /** A byte changed, a piece missing, or a piece twice. */
    byte[] damaged(byte[] said) {
        if (said.length == 0 || !odds.odd() || odds.chance(1, 2)) {
            return said;
        }
        int from = odds.below(said.length);
        int end = from + odds.below(said.length - from);
        switch (odds.below(3)) {
            case 0 -> said[from] ^= (byte) (1 << odds.below(8));
            case 1 -> {
                return Served.bytes()
                        .bytes(Arrays.copyOf(said, from))
                        .bytes(Arrays.copyOfRange(said, end, said.length))
                        .array();
            }
            default -> {
                return Served.bytes()
                        .bytes(Arrays.copyOf(said, end))
                        .bytes(Arrays.copyOfRange(said, from, said.length))
                        .array();
            }
        }
        return said;
    }
}
