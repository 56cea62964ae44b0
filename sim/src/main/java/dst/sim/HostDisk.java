package dst.sim;

import dst.protocol.Boot;
import dst.protocol.BootCause;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DurablePort;
import dst.protocol.Export;
import dst.protocol.Holder;
import dst.protocol.Unique;
import dst.protocol.fault.Fault;
import dst.protocol.fault.FaultKind;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A disk that a host has, and what is durable beside it (the boot counter, the holders). It is handed over only when nothing of an
 * earlier process can still reach it (H4).
 */
final class HostDisk {
    final Storage storage;
    final StateDirectory state;
    private final Host host;

    /** What its host's machine calls it. */
    private final int number;

    private final DiskUse use;
    private final ArrayDeque<Recording> recordings = new ArrayDeque<>();
    private long recorded;

    HostDisk(Host host, int number, Storage storage) {
        this.host = host;
        this.number = number;
        this.storage = storage;
        this.use = storage.use((ticket, result) -> host.give(new DiskPort.Ended(number, ticket, result)));
        this.state = new StateDirectory(
                host.scene.plan.faults().stream().anyMatch(fault -> fault.strike() instanceof Fault.Strike.OlderState));
    }

    /** A number that nobody else draws: of a host's first disk by the purpose alone. */
    private long drawn(String purpose, long nth) {
        return host.drawn(number == 0 ? purpose : purpose + " " + storage.plan.name(), nth);
    }

    /** Whether that is exported of it. */
    boolean exports(String name) {
        return storage.exported.find(name) >= 0;
    }

    /** As its host's machine knows it. */
    Export export(int place) {
        Export export = storage.exported.exports().get(place);
        return new Export(export.name(), number, export.start(), export.device(), export.terms(), export.shared());
    }

    /** It becomes this process's own, once no operation of an earlier one runs (H4); then that goes on. */
    void open(Runnable then) {
        use.whenIdle(() -> {
            if (state.keep()) {
                goBack();
            }
            if (storage.open(use, host.pages())) {
                state.renew();
            }
            host.give(new DiskPort.Opened(number, nextBoot(), BootCause.STARTED));
            // Opening may have been the end of the process: its successor opens for itself.
            if (host.isUp()) {
                then.run();
            }
        });
    }

    private void goBack() {
        FaultKind kind = FaultKind.OLDER_STATE;
        if (state.goBack(drawn("older state", 0))) {
            host.scene.struck(kind, "an earlier holder and boot counter at the start of the " + host.name);
        } else {
            host.scene.missed(kind);
        }
    }

    private Boot nextBoot() {
        host.scene.counts.count(Counts.Item.BOOTS);
        long counter = state.nextBoot();
        return new Boot(counter, new Unique(drawn("boot", counter), drawn("nonce", counter)));
    }

    void start(DiskRequest request) {
        use.submit(request);
        switch (request) {
            case DiskRequest.Write _, DiskRequest.Zero _, DiskRequest.Trim _ ->
                host.faults().diskWriteSubmitted();
            case DiskRequest.Read _, DiskRequest.Flush _, DiskRequest.Forget _ -> {}
        }
    }

    void drawBoot() {
        record("", null);
    }

    void keep(String export, Holder next) {
        record(export, next);
    }

    private void record(String export, @Nullable Holder next) {
        Recording recording = new Recording(export, next, drawn("record", ++recorded));
        recordings.add(recording);
        Plan.DiskPlan plan = storage.plan;
        long nanos = Draw.between(
                recording.luck, plan.flushNanosMin(), Math.max(plan.flushNanosMin(), plan.flushNanosMax()));
        host.scene.clock.schedule(recording, host.scene.now() + nanos);
        host.faults().recordAsked();
    }

    /** The process is gone. */
    void gone(boolean powerLost) {
        while (!recordings.isEmpty()) {
            Recording recording = recordings.remove();
            host.scene.clock.cancel(recording);
            // What was being made durable is there or not.
            if (Draw.chance(recording.luck, 1, 2)) {
                recording.keep();
            }
        }
        if (powerLost) {
            storage.disk().powerCut();
            use.close();
        } else {
            use.orphan();
        }
    }

    /** Something beside the disk is being made durable: an export's holder, or the next boot's counter. */
    private final class Recording extends Event {
        private final String export;
        private final @Nullable Holder holder;
        private final long luck;

        Recording(String export, @Nullable Holder holder, long luck) {
            this.export = export;
            this.holder = holder;
            this.luck = luck;
        }

        void keep() {
            Holder next = holder;
            if (next != null) {
                state.hold(export, next);
            }
        }

        @Override
        void happen() {
            recordings.remove(this);
            Holder next = holder;
            if (next == null) {
                host.give(new DurablePort.BootDrawn(number, nextBoot()));
            } else {
                countGrant(state.holder(export), next);
                keep();
                host.give(new DurablePort.Kept(export, next));
            }
        }

        private void countGrant(Holder before, Holder next) {
            if (!next.token().equals(Unique.NONE) && next.epoch() != before.epoch()) {
                host.scene.counts.count(Counts.Item.EPOCHS);
                if (!before.token().equals(Unique.NONE)) {
                    host.scene.counts.count(Counts.Item.TAKEOVERS);
                    host.scene.stood(Standing.TAKEOVER, "an export has another holder");
                }
            }
        }
    }
}
