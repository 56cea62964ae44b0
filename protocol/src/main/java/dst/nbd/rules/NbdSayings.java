package dst.nbd.rules;

import dst.protocol.Kind;
import dst.protocol.Range;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** For people: what the two ends of one NBD connection say, once their handshake is over. */
public final class NbdSayings {
    private final List<Said> said = new ArrayList<>();
    private final LongObjectHashMap<Request> open = new LongObjectHashMap<>();
    private final Conversation conversation = new Conversation(new Listening());

    /** A request or an answer, under its cookie. */
    public sealed interface Said {
        long cookie();
    }

    /** The kind is empty where nothing is done with any place. */
    public record Request(long cookie, Optional<Kind> kind, boolean durable, Range range) implements Said {}

    /** To what was asked is empty where nothing was. */
    public record Answer(long cookie, Optional<Request> to, boolean failed) implements Said {}

    /** What the client says with these bytes: of what is not complete nothing yet. */
    public List<Said> asks(ByteBuf bytes) {
        said.clear();
        conversation.asks(bytes);
        return List.copyOf(said);
    }

    /** The same of the server. */
    public List<Said> answers(ByteBuf bytes) {
        said.clear();
        conversation.says(bytes);
        return List.copyOf(said);
    }

    private final class Listening implements Conversation.Listener {
        private long failed;
        private boolean hasFailed;

        @Override
        public void asked(int command, int flags, long cookie, long offset, long length) {
            Optional<Kind> kind = kind(command);
            Range range = new Range(kind.equals(Optional.of(Kind.FLUSH)) ? 0 : offset, length);
            Request request = new Request(cookie, kind, (flags & Asked.FUA) != 0, range);
            open.put(cookie, request);
            said.add(request);
        }

        private static Optional<Kind> kind(int command) {
            return switch (command) {
                case Asked.READ -> Optional.of(Kind.READ);
                case Asked.WRITE -> Optional.of(Kind.WRITE);
                case Asked.FLUSH -> Optional.of(Kind.FLUSH);
                case Asked.TRIM -> Optional.of(Kind.TRIM);
                case Asked.WRITE_ZEROES -> Optional.of(Kind.ZERO);
                default -> Optional.empty();
            };
        }

        @Override
        public boolean wantsWhatIsWritten() {
            return false;
        }

        @Override
        public void written(int sum) {}

        @Override
        public long isRead(long cookie) {
            Request request = open.get(cookie);
            return request != null && request.kind().equals(Optional.of(Kind.READ))
                    ? request.range().length()
                    : 0;
        }

        @Override
        public void came(long cookie, long place, long length, int sum) {}

        @Override
        public void cameAsHole(long cookie, long place, long length) {}

        @Override
        public void failed(long cookie) {
            failed = cookie;
            hasFailed = true;
        }

        @Override
        public void answered(long cookie) {
            said.add(new Answer(cookie, Optional.ofNullable(open.remove(cookie)), hasFailed && failed == cookie));
            hasFailed = false;
        }
    }
}
