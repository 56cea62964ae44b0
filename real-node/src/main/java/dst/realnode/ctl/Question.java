package dst.realnode.ctl;

import dst.realnode.WrongInput;
import dst.realnode.guard.ForeignText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Asks a running node something and waits for the answer. */
final class Question {
    /** The bits of a file's mode that say what it is, and what they are of a socket. */
    private static final int FILE_TYPE = 0170000;

    private static final int SOCKET = 0140000;

    private Question() {}

    /** The answer; fails with {@link WrongInput} and the node's own words if it says no. */
    static Answer ask(Path socket, List<String> words) {
        words.forEach(Question::checkLetters);
        if (!Files.exists(socket)) {
            throw new WrongInput("there is no socket " + socket
                    + ": does the node run? Say where it listens with --control, as it was started");
        }
        if (!isSocket(socket)) {
            throw new WrongInput(
                    socket + " is no socket, so no node listens there: --control names the socket that the node"
                            + " was started with, and not a disk or a folder");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer question = ByteBuffer.wrap((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
            while (question.hasRemaining()) {
                channel.write(question);
            }
            return answer(socket, readAll(channel));
        } catch (ConnectException e) {
            throw new WrongInput("nobody listens at " + socket
                    + ": the node has ended, or was killed and left the socket over; one that starts takes it again");
        } catch (IOException e) {
            throw new WrongInput("cannot ask the node at " + socket + ": " + e.getMessage());
        }
    }

    /** A line break would end the question, a tab the word: something else would be asked than what was written. */
    private static void checkLetters(String word) {
        if (word.chars().anyMatch(Character::isISOControl)) {
            String shown = word.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}]", "?");
            throw new WrongInput(
                    "'" + shown + "' has a line break, a tab or another control character in it, and no name,"
                            + " rule or number has: nothing was asked");
        }
    }

    /** Said before anything is tried, since the system calls a file that is no socket a refused connection. */
    private static boolean isSocket(Path path) {
        try {
            return (((Number) Files.getAttribute(path, "unix:mode")).intValue() & FILE_TYPE) == SOCKET;
        } catch (IOException | UnsupportedOperationException _) {
            return true; // The connect will tell.
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

    private static Answer answer(Path socket, String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty()) {
            throw new WrongInput("the node at " + socket + " went away before it had answered");
        }
        List<String> said = lines.stream().skip(1).map(ForeignText::harmless).toList();
        return switch (lines.getFirst()) {
            case Control.OK -> new Answer(true, said);
            case Control.NOT_IN_ORDER -> new Answer(false, said);
            default -> throw new WrongInput(String.join("\n", said));
        };
    }
}
