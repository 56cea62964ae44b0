package dst.protocol.server;

import dst.protocol.BootCause;
import dst.protocol.Closing;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Holder;
import dst.protocol.LinkPort;
import dst.protocol.Problem;
import dst.protocol.ServerControl;
import dst.protocol.Signal;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Where the parts of a server put what is to be done; the host takes it after the step. */
final class ServerOutbox {
    private final Encoder encoder;
    private List<? super Signal> outputs = new ArrayList<>();

    ServerOutbox(ByteBufAllocator pages) {
        encoder = new Encoder(pages);
    }

    void open(List<? super Signal> target) {
        outputs = target;
    }

    void send(ServerLink link, Message message) {
        ByteBuf bytes = encoder.encode(message);
        link.handedOver(bytes.readableBytes());
        outputs.add(new LinkPort.Send(link.number, bytes));
    }

    void refuse(ServerLink link, Problem problem, String text) {
        send(link, new Message.Refuse(problem, text));
        close(link, Closing.of(Closing.Cause.REFUSED, problem.words() + ": " + text));
    }

    /** G8: the peer is told why, the log too, and the link ends. */
    void accuse(ServerLink link, String rule, Problem problem, String text) {
        send(link, new Message.Refuse(problem, rule + ": " + text));
        note("closed the link of " + link.peer + ": it broke " + rule + ": " + text);
        close(link, Closing.peerWrong(rule, text));
    }

    void close(ServerLink link, Closing closing) {
        if (!link.closed) {
            outputs.add(new LinkPort.Close(link.number, closing));
            link.end();
        }
    }

    void reading(ServerLink link, boolean wanted) {
        link.paused = !wanted;
        outputs.add(new LinkPort.Reading(link.number, wanted));
    }

    void start(int disk, DiskRequest request) {
        outputs.add(new DiskPort.Start(disk, request));
    }

    void drawBoot(int disk, BootCause cause) {
        outputs.add(new DurablePort.DrawBoot(disk, cause));
    }

    void persist(String export, Holder holder) {
        outputs.add(new DurablePort.Keep(export, holder));
    }

    /** L6: the peer is told that what it knows here stays, and up to where it is durable. */
    void goesAway(ServerLink link, long commit) {
        if (!link.closed) {
            String text = "come again";
            send(link, new Message.Refuse(Problem.GOES_AWAY, text, commit));
            close(link, Closing.of(Closing.Cause.DONE, Problem.GOES_AWAY.words()));
        }
    }

    void left(boolean clean) {
        outputs.add(new ServerControl.Left(clean));
    }

    void removed(String export, boolean clean) {
        outputs.add(new ServerControl.Removed(export, clean));
    }

    void note(String text) {
        outputs.add(new Control.Noted(text));
    }
}
