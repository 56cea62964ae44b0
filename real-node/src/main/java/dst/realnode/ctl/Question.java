package dst.realnode.ctl;

import dst.realnode.WrongInput;
import dst.realnode.guard.ForeignText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Asks a running node something and waits for the answer. */
final class Question {
    private Question() {}

    /** The lines of the answer; fails with {@link WrongInput} and the node's own words if it says no. */
    static List<String> ask(Path socket, List<String> words) {
        if (!Files.exists(socket)) {
            throw new WrongInput("there is no socket " + socket
                    + ": does the node run? Say where it listens with --control, as it was started");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer question = ByteBuffer.wrap((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
            while (question.hasRemaining()) {
                channel.write(question);
            }
            return lines(socket, readAll(channel));
        } catch (IOException e) {
            throw new WrongInput("cannot ask the node at " + socket + ": " + e.getMessage()
                    + "; if no node runs, the socket is left over and can be removed");
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(8192);
        while (channel.read(piece) >= 0) {
            answer.write(piece.array(), 0, piece.position());
            piece.clear();
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static List<String> lines(Path socket, String answer) {
        List<String> lines = answer.lines().toList();
        if (lines.isEmpty()) {
            throw new WrongInput("the node at " + socket + " went away before it had answered");
        }
        List<String> said = lines.subList(1, lines.size());
        if (!lines.getFirst().equals("ok")) {
            throw new WrongInput(said.stream().map(ForeignText::harmless).collect(Collectors.joining("\n")));
        }
        return said.stream().map(ForeignText::harmless).toList();
    }
}
