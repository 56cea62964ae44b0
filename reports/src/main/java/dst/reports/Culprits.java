package dst.reports;

import dst.protocol.Finding;
import dst.protocol.Side;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The faults that no protocol can survive, and what each of them did: they explain a broken promise when no rule was broken. */
final class Culprits {
    private static final Map<String, String> DISK = disk();

    private Culprits() {}

    private static Map<String, String> disk() {
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("lying-flush", "said that a flush or a durable write had ended well and did nothing");
        faults.put("lost-write", "said that a write had ended well and dropped it");
        faults.put("misdirect", "put a write one block too far");
        faults.put("bit-rot", "let a block rot");
        faults.put("replace-disk", "was replaced by another one");
        return Collections.unmodifiableMap(faults);
    }

    /** The blame for a promise that is broken while nobody was seen breaking a rule. */
    static Blame of(Finding promise, Map<String, Long> struck) {
        for (Map.Entry<String, String> fault : DISK.entrySet()) {
            if (struck.getOrDefault(fault.getKey(), 0L) > 0) {
                String sentence = promise.sentence() + " The disk " + fault.getValue() + ".";
                return new Blame(
                        promise.rule(),
                        Side.DISK,
                        promise.at(),
                        sentence,
                        Optional.empty(),
                        Optional.of(fault.getKey()));
            }
        }
        return new Blame(
                promise.rule(), Side.RULES, promise.at(), promise.sentence(), Optional.empty(), Optional.empty());
    }
}
