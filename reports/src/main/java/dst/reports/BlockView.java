package dst.reports;

import dst.protocol.Words;
import dst.reports.Moment.Sort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What blocks should hold, may hold and did hold, as their submitters know it: from what was submitted and answered until a moment.
 * Of a read only the first block's content is known here; of the media each block's.
 */
final class BlockView {
    private static final int BLOCKS_MAX = 16;
    private static final int DEFAULT_BLOCK = 512;
    private static final String NOTHING = "zeros";
    private static final Pattern CHANGE = Pattern.compile("operation (\\d+) submitted: (write|zero|trim)");
    private static final Pattern OUTCOME = Pattern.compile("operation (\\d+) (done|refused|unknown)");
    private static final Pattern HOLDS = Pattern.compile("first block: (operation \\d+|zeros)");

    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private final Map<Long, Moment> open = new LinkedHashMap<>();

    /** One block, in words. */
    record Row(long offset, String should, String may, String read, String media) {}

    private static final class Block {
        String should = NOTHING + " (never written)";
        final Set<String> may = new LinkedHashSet<>();
        String read = "";
        String media = "";
    }

    private BlockView() {}

    /** Of the blocks from there to there, at that time; the media are those at the very end. */
    static List<Row> of(List<Moment> moments, long from, long to, long until) {
        int size = moments.stream()
                .filter(BlockView::isMedia)
                .mapToInt(moment -> (int) moment.length())
                .findFirst()
                .orElse(DEFAULT_BLOCK);
        BlockView view = new BlockView();
        long first = from - from % size;
        for (long at = first; at < to && view.blocks.size() < BLOCKS_MAX; at += size) {
            view.blocks.put(at, new Block());
        }
        for (Moment moment : moments) {
            if (isMedia(moment)) {
                view.media(moment);
            } else if (moment.at() <= until) {
                view.take(moment, size);
            }
        }
        List<Row> rows = new ArrayList<>();
        view.blocks.forEach((offset, block) ->
                rows.add(new Row(offset, block.should, String.join(", or ", block.may), block.read, block.media)));
        return rows;
    }

    private static boolean isMedia(Moment moment) {
        return moment.sort() == Sort.DISK && moment.words().startsWith("in the end at ");
    }

    private void media(Moment moment) {
        Block block = blocks.get(moment.offset());
        Matcher holds = HOLDS.matcher(moment.words());
        if (block != null && holds.find()) {
            block.media = holds.group(1);
        }
    }

    private void take(Moment moment, int size) {
        if (moment.sort() == Sort.SUBMITTED && CHANGE.matcher(moment.words()).find()) {
            open.put(moment.tag(), moment);
            each(moment, size, block -> block.may.add(content(moment)));
        } else if (moment.sort() == Sort.OUTCOME) {
            settled(moment, size);
        } else if (moment.sort() == Sort.DISK && moment.words().startsWith("read at ")) {
            read(moment, "at the disk");
        }
    }

    private void read(Moment moment, String by) {
        Block block = blocks.get(moment.offset());
        Matcher holds = HOLDS.matcher(moment.words());
        if (block != null && holds.find()) {
            block.read = holds.group(1) + ", read " + by + " at " + Words.seconds(moment.at());
        }
    }

    private void settled(Moment moment, int size) {
        Matcher outcome = OUTCOME.matcher(moment.words());
        if (!outcome.find()) {
            return;
        }
        Moment change = open.remove(moment.tag());
        if (change == null) {
            read(moment, "by operation " + moment.tag());
            return;
        }
        String content = content(change);
        switch (outcome.group(2)) {
            case "done" ->
                each(change, size, block -> {
                    block.should = content + ", done at " + Words.seconds(moment.at());
                    block.may.remove(content);
                });
            case "refused" -> each(change, size, block -> block.may.remove(content));
            default -> {}
        }
    }

    private static String content(Moment change) {
        Matcher kind = CHANGE.matcher(change.words());
        String what = kind.find() ? kind.group(2) : "";
        return switch (what) {
            case "zero" -> NOTHING + " of operation " + change.tag();
            case "trim" -> NOTHING + " or an earlier content, by trim " + change.tag();
            default -> "operation " + change.tag();
        };
    }

    private void each(Moment change, int size, java.util.function.Consumer<Block> use) {
        blocks.subMap(change.offset() - size + 1, change.offset() + change.length())
                .forEach((offset, block) -> {
                    if (offset >= change.offset()) {
                        use.accept(block);
                    }
                });
    }
}
