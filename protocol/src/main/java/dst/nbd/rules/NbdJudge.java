package dst.nbd.rules;

import dst.nbd.port.NbdServerControl;
import dst.protocol.Finding;
import dst.protocol.Rule;
import dst.protocol.Sentence;
import dst.protocol.Sentence.Crossing;
import dst.protocol.Side;
import dst.protocol.Signal;
import dst.protocol.trace.Layer;
import dst.protocol.trace.Tap;
import dst.protocol.trace.WorldEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges each NBD server that it sees, by what that one had received and heard before it sent: each request is answered once (G5), and
 * not before all of it is done (T4); a READ gives what the device gave (R5); nothing is asked of the device that its export does not
 * permit (R6), and no more is under way than was granted (R7). In doubt it acquits.
 */
public final class NbdJudge implements Tap {
    private final Side side;
    private final Map<Layer, Conversation> conversations = new LinkedHashMap<>();
    private final Map<String, Finding> findings = new LinkedHashMap<>();
    private long values;
    private long time;

    /** Whose part an NBD server is. */
    public NbdJudge(Side side) {
        this.side = side;
    }

    @Override
    public void saw(long now, Layer layer, Object value) {
        values++;
        if (layer.is(NbdServerControl.KIND) && value instanceof Signal signal) {
            time = now;
            heard(layer, signal);
        } else if (!conversations.isEmpty() && value instanceof WorldEvent event) {
            happened(layer.node(), event);
        }
    }

    private void heard(Layer layer, Signal signal) {
        if (signal instanceof NbdServerControl.Accepted) {
            conversations.put(layer, new Conversation((rule, words) -> found(layer, rule, words)));
        }
        Conversation conversation = conversations.get(layer);
        if (conversation != null && conversation.saw(signal)) {
            conversations.remove(layer);
        }
    }

    /** Every connection of a process ends with it. */
    private void happened(String node, WorldEvent event) {
        boolean lifeEnds = event instanceof WorldEvent.ProcessStarted
                || event instanceof WorldEvent.ProcessCrashed
                || event instanceof WorldEvent.ProcessEnded
                || event instanceof WorldEvent.PowerCut;
        if (lifeEnds) {
            conversations.keySet().removeIf(layer -> layer.node().equals(node));
        }
    }

    private void found(Layer layer, Rule rule, Object... words) {
        Sentence said = Sentence.of("the NBD server of the ", new Sentence.Name(layer.node()), " ")
                .and(words);
        findings.putIfAbsent(
                layer.node() + " " + rule.name(), new Finding(rule, side, time, said, new Crossing(values, 0)));
    }

    /** The first finding of each rule at each node. */
    public List<Finding> findings() {
        return new ArrayList<>(findings.values());
    }
}
