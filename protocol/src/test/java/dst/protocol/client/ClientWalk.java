package dst.protocol.client;

import dst.protocol.BootCause;
import dst.protocol.ClientControl;
import dst.protocol.Device;
import dst.protocol.LinkPort;
import dst.protocol.Machine;
import dst.protocol.Operation;
import dst.protocol.Permission;
import dst.protocol.Prng;
import dst.protocol.Problem;
import dst.protocol.wire.Direction;
import dst.protocol.wire.Drawn;
import dst.protocol.wire.Encoder;
import dst.protocol.wire.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One input after the other into a client: most such as honest servers and submitters give, some as wrong ones do. */
final class ClientWalk {
    private final LoneClient lone;
    private final Prng prng;
    private final Drawn drawn;
    private final int links;
    private final Set<Long> opened = new TreeSet<>();
    private long tag;

    ClientWalk(LoneClient lone, int links, long seed) {
        this.lone = lone;
        this.links = links;
        this.prng = new Prng(seed);
        this.drawn = new Drawn(seed, lone.pages);
    }

    long submitted() {
        return tag;
    }

    void step() {
        int slot = below(links);
        if (lone.connected(slot)) {
            lone.on(slot);
        }
        int kind = below(100);
        if (kind < 40) {
            submit();
        } else if (kind < 75) {
            answer();
        } else if (kind < 85) {
            link();
        } else if (kind < 93) {
            time();
        } else if (kind < 96) {
            lone.sent();
        } else if (isOpen()) {
            rare(below(100));
        }
    }

    private void submit() {
        long offset = 512L * below(8);
        int length = 512 * (1 + below(3));
        if (below(60) == 0) {
            offset = prng.next();
        }
        lone.submit(
                ++tag,
                switch (below(9)) {
                    case 0, 1, 2 -> new Operation.Read(offset, length);
                    case 3, 4, 5 -> new Operation.Write(offset, lone.bytes(length, (int) tag), below(4) == 0);
                    case 6 -> new Operation.Zero(offset, length, below(4) == 0);
                    case 7 -> new Operation.Trim(offset, length);
                    default -> new Operation.Flush();
                });
    }

    /** Of what was asked on this link, something: mostly well. */
    private void answer() {
        List<Message.Request> requests = lone.requests();
        if (requests.isEmpty()) {
            return;
        }
        Message.Request request = requests.get(Math.max(0, requests.size() - 1 - below(12)));
        switch (below(40)) {
            case 0 -> lone.answer(request, Problem.IO_ERROR);
            case 1 -> lone.answer(request, Problem.OUT_OF_RANGE);
            case 2 -> lone.answer(request, Problem.STALE);
            case 3 ->
                lone.say(new Message.Answer(
                        request.id(), Problem.NONE, 1, LoneClient.boot(77), 1, 1, lone.bytes(below(600), 1)));
            case 4 ->
                lone.say(new Message.Answer(
                        request.id(), Problem.NONE, 1, lone.boot, below(9), below(9), lone.bytes(below(3) * 512, 1)));
            default -> lone.answerHonestly(request);
        }
    }

    private void link() {
        if (isOpen()) {
            if (below(3) == 0) {
                lone.step(new LinkPort.Closed(lone.link, "reset"));
            }
            return;
        }
        opened.add(lone.link);
        if (below(2 * links) == 0) {
            lone.renew();
            lone.cause = below(6) == 0 ? BootCause.FLUSH_FAILED : BootCause.STARTED;
        }
        lone.step(new LinkPort.Opened(lone.link));
        lone.say(new Message.Preamble(1, below(20) == 0 ? 0 : 1));
        if (below(10) == 0) {
            lone.say(new Message.Refuse(Problem.NOT_READY, "not yet"));
        }
        lone.occupied = below(10) == 0;
        lone.welcome();
        Message.Attached attached = new Message.Attached(lone.agreement(), LoneClient.HOLDER, lone.boot, below(2) == 0);
        if (below(12) == 0) {
            attached = new Message.Attached(lone.agreement(), LoneClient.HOLDER, LoneClient.boot(55), false);
        }
        lone.say(attached);
    }

    private boolean isOpen() {
        return opened.contains(lone.link);
    }

    /** From now on the server is honest: all links are lost, and come back in its next boot; what was asked is answered. */
    void becomeHonest() {
        lone.cause = BootCause.STARTED;
        lone.device(LoneClient.DEVICE);
        lone.occupied = false;
        lone.renew();
        Set<Long> honest = new TreeSet<>();
        for (int slot = 0; slot < links && lone.connected(slot); slot++) {
            lone.on(slot).step(new LinkPort.Closed(lone.link, "reset"));
        }
        for (int i = 0; i < 40 && lone.outcomes.size() < tag; i++) {
            if (lone.client.nextDeadline() != Machine.NEVER) {
                lone.now = Math.max(lone.now, lone.client.nextDeadline());
            }
            lone.fire();
            for (int slot = 0; slot < links && lone.connected(slot); slot++) {
                if (opened.add(lone.on(slot).link)) {
                    lone.attach();
                    honest.add(lone.link);
                }
                if (honest.contains(lone.link)) {
                    lone.answerAll();
                }
            }
        }
    }

    private void time() {
        long due = lone.client.nextDeadline();
        lone.now += prng.below(LoneClient.SECOND / 4);
        if (due != Machine.NEVER && below(2) == 0) {
            lone.now = Math.max(lone.now, due);
        }
        lone.fire();
    }

    private void rare(int kind) {
        switch (kind) {
            case 0 -> lone.say(new Message.Goodbye(true, below(20), lone.boot, "removed"));
            case 1 -> lone.say(new Message.Refuse(drawnProblem(), "no"));
            case 2 -> lone.step(new ClientControl.Detach(below(2) == 0 ? Machine.NEVER : below(1 << 30)));
            case 3 ->
                lone.device(new Device(
                        LoneClient.DEVICE.identity(),
                        LoneClient.SIZE,
                        below(4) == 0 ? 1024 : 512,
                        below(4) == 0 ? Permission.READ : Permission.BOTH));
            case 4, 5, 6, 7, 8, 9 -> garbage();
            case 10 -> lone.welcome();
            default -> lone.say(new Message.Ping(1));
        }
    }

    private Problem drawnProblem() {
        return Problem.values()[below(Problem.values().length)];
    }

    private void garbage() {
        ByteBuf bytes = new Encoder(lone.pages).encode(drawn.message(Direction.TO_CLIENT));
        byte[] array = ByteBufUtil.getBytes(bytes);
        bytes.release();
        if (below(2) == 0) {
            array[below(array.length)] ^= (byte) (1 << below(8));
        }
        for (int at = 0; at < array.length; at += 512) {
            lone.raw(java.util.Arrays.copyOfRange(array, at, Math.min(array.length, at + 512)));
        }
    }

    private int below(int bound) {
        return (int) prng.below(bound);
    }
}
