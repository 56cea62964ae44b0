package dst.scenarios.planting;

import java.util.List;

/**
 * Another program of the same protocol, as edits of both sides' classes: what an older one does not do yet, or a newer one does
 * besides.
 *
 * @param doc what is different, in words
 */
public record Version(String id, String doc, List<Edit> edits) {
    public Version {
        edits = List.copyOf(edits);
    }
}
