package dst.protocol.model;

import java.util.function.Supplier;

/** All that can happen next. Each step is what one part does at once: client, server with disk, or fate. */
final class Steps {
    private final Rules rules;
    private final boolean forgetting;
    private final ClientSteps clients;
    private final ServerSteps server;
    private final FaultSteps faults;

    /** Where the steps go; a state that was handed over is not touched again. */
    interface Sink {
        void step(State next, Supplier<String> words);
    }

    Steps(Rules rules, Bounds bounds, boolean forgetting) {
        this.rules = rules;
        this.forgetting = forgetting;
        Progress progress = new Progress(rules);
        clients = new ClientSteps(rules, bounds);
        server = new ServerSteps(rules, progress);
        faults = new FaultSteps(rules, progress);
    }

    void from(State state, Sink sink) {
        Sink tidy = (next, words) -> {
            Promises.check(next);
            if (next.broken == null) {
                Forgetting.forget(next, rules, forgetting);
            }
            sink.step(next, words);
        };
        if (faults.restarts(state)) {
            // Nothing that anybody else does is in the way of a restart or waits for it, so that it may as well come
            // first.
            faults.restart(state, tidy);
            return;
        }
        clients.from(state, tidy);
        server.from(state, tidy);
        faults.from(state, tidy);
    }
}
