package dst.reports;

import dst.protocol.Rules;
import dst.protocol.wire.Message;
import java.util.List;

/** What a report tells of a message that is neither a request nor an answer: a few words, and the rules that it is about. */
record Gist(String words, List<Rules> rules) {
    private Gist(String words, Rules... rules) {
        this(words, List.of(rules));
    }

    static Gist of(Message message) {
        return switch (message) {
            case Message.Preamble it -> new Gist("preamble: versions " + it.versionMin() + " to " + it.versionMax());
            case Message.Ping _ -> new Gist("asks for a sign of life", Rules.L1);
            case Message.Pong _ -> new Gist("gives a sign of life", Rules.L1);
            case Message.Hello it ->
                new Gist(
                        "hello: export " + it.export() + ", generation " + it.generation()
                                + (it.held().epoch() == 0
                                        ? ""
                                        : ", holds epoch " + it.held().epoch()),
                        Rules.H2,
                        Rules.H5);
            case Message.Welcome it ->
                new Gist(
                        "welcome: " + it.boot() + Phrases.note(it.cause().words()) + ", epoch " + it.epoch(),
                        Rules.H3,
                        Rules.H4);
            case Message.Refuse it ->
                new Gist(
                        "refuse: " + Phrases.reason(it.problem(), it.text())
                                + (it.commit() == 0 ? "" : ", commit " + it.commit()),
                        Rules.R6,
                        Rules.L6);
            case Message.Attach it ->
                new Gist("attach: " + (it.joins() ? "joins" : "ends") + " epoch " + it.epoch(), Rules.H3, Rules.H5);
            case Message.Attached it ->
                new Gist(
                        "attached: epoch " + it.holder().epoch() + ", " + it.boot()
                                + (it.owed() ? ", a replay may be missing" : ""),
                        Rules.H5);
            case Message.Request _, Message.Answer _ -> new Gist(message.toString());
            case Message.Replayed it ->
                new Gist("replayed: all that was retained is written again in " + it.boot(), Rules.D3);
            case Message.Goodbye it ->
                new Gist("goodbye" + (it.clean() ? ", clean" : ", not clean") + Phrases.note(it.text()), Rules.L5);
        };
    }
}
