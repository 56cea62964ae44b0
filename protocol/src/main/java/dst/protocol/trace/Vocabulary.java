package dst.protocol.trace;

import dst.nbd.port.LendingControl;
import dst.nbd.port.NbdClientControl;
import dst.nbd.port.NbdServerControl;
import dst.protocol.BlockPort;
import dst.protocol.ClientControl;
import dst.protocol.Control;
import dst.protocol.DiskPort;
import dst.protocol.DiskRequest;
import dst.protocol.DiskResult;
import dst.protocol.DurablePort;
import dst.protocol.LinkPort;
import dst.protocol.Operation;
import dst.protocol.Outcome;
import dst.protocol.ServerControl;
import dst.protocol.WholeBlocksControl;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types that a trace may speak of: whoever reads one makes nothing else of its bytes. */
public final class Vocabulary {
    /** All of this program. */
    public static final Vocabulary PRESENT = new Vocabulary(List.of(
            LinkPort.class,
            BlockPort.class,
            DiskPort.class,
            DurablePort.class,
            Control.class,
            ClientControl.class,
            ServerControl.class,
            WholeBlocksControl.class,
            NbdServerControl.class,
            NbdClientControl.class,
            LendingControl.class,
            WorldEvent.class,
            Operation.class,
            Outcome.class,
            DiskRequest.class,
            DiskResult.class));

    private final Map<String, Class<?>> types = new LinkedHashMap<>();

    /** @param families every record that stands within one of them */
    public Vocabulary(List<Class<?>> families) {
        for (Class<?> family : families) {
            for (Class<?> member : family.getClasses()) {
                if (member.isRecord() && types.put(Shape.name(member), member) != null) {
                    throw new IllegalArgumentException("two types have the name " + Shape.name(member));
                }
            }
        }
    }

    /** The same, and what lies in other families. */
    public Vocabulary with(List<Class<?>> more) {
        Vocabulary both = new Vocabulary(more);
        both.types.putAll(types);
        return both;
    }

    /** Everything in it. */
    Collection<Class<?>> types() {
        return types.values();
    }

    @Nullable Shape named(String name) {
        Class<?> type = types.get(name);
        return type == null ? null : Shape.of(type);
    }
}
