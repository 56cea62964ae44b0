package dst.realnode.ctl;

import dst.realnode.WrongInput;
import dst.realnode.guard.Refusals;
import dst.realnode.guard.Visits;
import dst.realnode.net.Address;
import dst.realnode.net.Network;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket on which a node listens to its operator. A question is one line of words; the answer is {@code ok},
 * {@code not in order} or {@code no}, and then lines for people. Whoever may write to the socket's file may ask.
 */
public final class Control {
    /** A question is not longer than this. */
    private static final int LINE_MAX = 4096;

    static final String OK = "ok";

    /** It was done, and not everything of it as it should be. */
    static final String NOT_IN_ORDER = "not in order";

    private static final Logger log = LoggerFactory.getLogger(Control.class);

    private final Path path;
    private final Channel channel;

    /** What a node can do for its operator. */
    public interface Desk {
        /** Says what happened, in lines; fails with {@link WrongInput} if the question cannot be answered. */
        CompletableFuture<Answer> ask(List<String> words);
    }

    public Control(Network network, EventLoopGroup loops, Path path, Desk desk, Refusals refusals) {
        this.path = path;
        Path directory = path.toAbsolutePath().getParent();
        try {
            if (directory != null && !Files.exists(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new WrongInput("cannot make the directory " + directory + " for the control socket: " + e.getMessage()
                    + "; choose another place with --control");
        }
        Visits visits = new Visits(refusals);
        channel = network.listen(
                new Address.Unix(path),
                loops,
                accepted -> {
                    accepted.pipeline().addLast(new Clerk(desk, visits));
                    visits.came(accepted);
                },
                why -> refusals.tell("somebody at " + path, "R7", "no connection can be accepted: " + why),
                2 * Visits.MOST);
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | UnsupportedOperationException e) {
            log.warn("the control socket {} keeps the permissions that it has: {}", path, e.getMessage());
        }
    }

    public Path path() {
        return path;
    }

    public void close() {
        channel.close().awaitUninterruptibly();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.warn("cannot remove the control socket {}: {}", path, e.getMessage());
        }
    }

    /** One conversation. */
    private static final class Clerk extends ChannelInboundHandlerAdapter {
        private final Desk desk;
        private final Visits visits;
        private final StringBuilder line = new StringBuilder();
        private boolean asked;

        Clerk(Desk desk, Visits visits) {
            this.desk = desk;
            this.visits = visits;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                while (bytes.isReadable() && !asked) {
                    char letter = (char) (bytes.readByte() & 0xFF);
                    if (letter == '\n') {
                        asked = true;
                        visits.asked(context.channel());
                        answer(context, line.toString());
                    } else if (line.length() < LINE_MAX) {
                        line.append(letter);
                    } else {
                        asked = true;
                        say(context, "no", List.of("the question is longer than " + LINE_MAX + " letters"));
                    }
                }
            } finally {
                bytes.release();
            }
        }

        private void answer(ChannelHandlerContext context, String latin) {
            String question = new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            CompletableFuture<Answer> answer;
            try {
                answer = desk.ask(List.of(question.split("\t", -1)));
            } catch (WrongInput wrong) {
                say(context, "no", List.of(wrong.words()));
                return;
            }
            answer.whenComplete((said, failure) -> {
                if (failure == null) {
                    say(context, said.inOrder() ? OK : NOT_IN_ORDER, said.lines());
                } else {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    say(context, "no", List.of(cause instanceof WrongInput wrong ? wrong.words() : cause.toString()));
                }
            });
        }

        private void say(ChannelHandlerContext context, String how, List<String> lines) {
            String text = how + "\n" + String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
            context.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
                    .addListener(_ -> context.close());
            visits.answered(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
