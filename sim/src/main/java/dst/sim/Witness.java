package dst.sim;

import dst.protocol.Rule;
import java.util.function.BiConsumer;

/** A machine with users of its own beside those of the plan: what one of them sees and nobody may see is found at once. */
public interface Witness {
    /** Where that goes: the rule, and a sentence. */
    void tells(BiConsumer<Rule, String> finding);
}
