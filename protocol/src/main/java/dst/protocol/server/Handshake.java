package dst.protocol.server;

import dst.protocol.Agreement;
import dst.protocol.ClientPolicy;
import dst.protocol.Device;
import dst.protocol.Holder;
import dst.protocol.Permission;
import dst.protocol.Problem;
import dst.protocol.Terms;
import dst.protocol.Unique;
import dst.protocol.wire.Message;
import dst.protocol.wire.Wire;

/** From the first bytes of a link to its grant (H1 to H6). */
final class Handshake {
    private final Exports exports;
    private final ServerOutbox outbox;

    Handshake(Exports exports, ServerOutbox outbox) {
        this.exports = exports;
        this.outbox = outbox;
    }

    void opened(ServerLink link) {
        outbox.send(link, new Message.Preamble(Wire.VERSION_MIN, Wire.VERSION_MAX));
    }

    /** H1: the highest version that both know. */
    void preamble(ServerLink link, Message.Preamble preamble) {
        int version = Math.min(preamble.versionMax(), Wire.VERSION_MAX);
        if (version < Math.max(preamble.versionMin(), Wire.VERSION_MIN)) {
            outbox.refuse(
                    link,
                    Problem.VERSION,
                    "this side speaks " + Wire.VERSION_MIN + " to " + Wire.VERSION_MAX + ", the peer "
                            + preamble.versionMin() + " to " + preamble.versionMax());
            return;
        }
        link.phase = new ServerLink.Phase.Greeting(version);
    }

    void hello(ServerLink link, ServerLink.Phase.Greeting greeting, Message.Hello hello, long now) {
        if (hello.token().equals(Unique.NONE)) {
            outbox.accuse(link, "H5", Problem.MALFORMED, "a client without a token");
            return;
        }
        ExportState export = exports.find(hello.export());
        if (export == null) {
            outbox.refuse(link, exports.problemOfMissing(hello.export()), "there is no export " + hello.export());
            return;
        }
        if (hello.slot() >= ClientPolicy.LINKS_MAX) {
            // R7: what bounds the links of one attachment.
            outbox.refuse(
                    link, Problem.LIMIT, "an attachment has " + ClientPolicy.LINKS_MAX + " slots for links at most");
            return;
        }
        if (refused(link, export, hello)) {
            return;
        }
        Device device = export.deviceFor(link.principal);
        Terms terms = export.export.terms().agreeWith(hello.offer());
        if (!terms.agreed()) {
            outbox.refuse(link, Problem.DISAGREED, "no common " + (terms.checksums() == 0 ? "checksum" : "cipher"));
            return;
        }
        if (terms.largestTransfer() < device.blockSize()) {
            outbox.refuse(link, Problem.DISAGREED, "the largest transfer is smaller than a block");
            return;
        }
        Agreement agreement = new Agreement(greeting.version(), terms, device);
        boolean occupied = export.isOccupiedFor(hello.token());
        link.phase = new ServerLink.Phase.Proposed(export, hello, agreement, occupied);
        link.keepalive.start(now, terms.keepaliveMillis());
        outbox.send(
                link,
                new Message.Welcome(
                        agreement,
                        export.store.boot,
                        export.store.cause,
                        export.current().epoch(),
                        occupied));
    }

    private boolean refused(ServerLink link, ExportState export, Message.Hello hello) {
        Problem problem = problemOf(export, hello);
        if (problem == Problem.NONE && export.permissionOf(link.principal) == Permission.NONE) {
            String whom = export.admitsNobody() ? "nobody" : "no " + link.principal;
            outbox.refuse(link, Problem.ADMITS_NOBODY, "export " + hello.export() + " admits " + whom);
            return true;
        }
        if (problem == Problem.OTHER_DEVICE) {
            outbox.refuse(
                    link,
                    problem,
                    "export " + hello.export() + " is "
                            + export.export.device().identity() + ", and the client knows " + hello.known()
                            + ": the state beside the disk was deleted, given up or exchanged, or another disk is in its place");
        } else if (problem != Problem.NONE) {
            outbox.refuse(link, problem, "export " + hello.export());
        }
        return problem != Problem.NONE;
    }

    private Problem problemOf(ExportState export, Message.Hello hello) {
        if (export.removing()) {
            return Problem.REMOVED;
        }
        if (exports.isLeaving()) {
            return Problem.GOES_AWAY; // L6
        }
        if (export.store.failed()) {
            return Problem.DISK_FAILED;
        }
        if (!export.store.ready()) {
            return Problem.NOT_READY; // H4
        }
        if (export.takeover != null && !export.takeover.token().equals(hello.token())) {
            return Problem.NOT_READY; // H5: until it is durable nobody is told that it was replaced.
        }
        if (export.recording != null) {
            return Problem.NOT_READY;
        }
        // Before anything that an epoch of another device's could be taken for.
        if (isOtherDevice(export, hello)) {
            return Problem.OTHER_DEVICE;
        }
        // Who held a shared export when it was not shared, and was not replaced, reads on.
        boolean holdsAnother =
                !hello.held().equals(Holder.NOBODY) && !hello.held().equals(export.holder);
        return holdsAnother ? Problem.REPLACED : Problem.NONE;
    }

    private static boolean isOtherDevice(ExportState export, Message.Hello hello) {
        return !hello.known().equals(Unique.NONE)
                && !hello.known().equals(export.export.device().identity());
    }

    /** H3: the echo; H5: the holder joins, a reader shares, anybody else ends the epoch that it names. */
    void attach(ServerLink link, ServerLink.Phase.Proposed proposed, Message.Attach attach) {
        ExportState export = proposed.export();
        Message.Hello hello = proposed.hello();
        Agreement agreement = proposed.agreement();
        if (refused(link, export, hello)) {
            return;
        }
        boolean holds = hello.token().equals(export.current().token());
        if (!attach.agreement().equals(agreement)) {
            outbox.refuse(link, Problem.DISAGREED, "the echo differs from what was proposed");
        } else if (holds && export.takeover == null) {
            exports.epochs.join(export, link, hello, agreement);
        } else if ((attach.joins() && !export.shared())
                || attach.epoch() != export.current().epoch()) {
            outbox.refuse(
                    link, Problem.EPOCH_NOT_CURRENT, "epoch " + export.current().epoch() + " is current");
        } else if (export.shared()) {
            exports.epochs.share(export, link, hello, agreement);
        } else if (export.isOccupiedFor(hello.token()) && !proposed.occupied()) {
            // H5: who is not to take it from anybody has to hear of whoever has come back since.
            outbox.refuse(link, Problem.NOT_READY, "somebody else is there by now");
        } else {
            exports.epochs.take(export, link, hello, agreement);
        }
    }
}
