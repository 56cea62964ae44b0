package dst.reports;

import dst.protocol.Kind;
import dst.protocol.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What blocks should hold, may hold and did hold, as their submitters know it: from what was submitted and answered until a moment.
 * Of a read only the first block's content is known here; of the media each block's.
 */
final class BlockView {
    private static final int BLOCKS_MAX = 16;
    private static final int DEFAULT_BLOCK = 512;
    private static final String NOTHING = "zeros";

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
                .filter(moment -> moment.event() instanceof Event.MediaHold)
                .mapToInt(moment -> (int) moment.range().length())
                .findFirst()
                .orElse(DEFAULT_BLOCK);
        BlockView view = new BlockView();
        long first = from - from % size;
        for (long at = first; at < to && view.blocks.size() < BLOCKS_MAX; at += size) {
            view.blocks.put(at, new Block());
        }
        for (Moment moment : moments) {
            if (moment.event() instanceof Event.MediaHold(Content held)) {
                view.media(moment, held);
            } else if (moment.at() <= until) {
                view.take(moment, size);
            }
        }
        List<Row> rows = new ArrayList<>();
        view.blocks.forEach((offset, block) ->
                rows.add(new Row(offset, block.should, String.join(", or ", block.may), block.read, block.media)));
        return rows;
    }

    private void media(Moment moment, Content held) {
        Block block = blocks.get(moment.range().offset());
        if (block != null && held.shown()) {
            block.media = held.words();
        }
    }

    private void take(Moment moment, int size) {
        switch (moment.event()) {
            case Event.Submitted submitted
            when submitted.its().changes() -> {
                open.put(moment.tag(), moment);
                each(moment, size, block -> block.may.add(content(moment)));
            }
            case Event.Settled settled -> settled(moment, settled, size);
            case Event.DiskEnded ended
            when ended.kind().equals(Optional.of(Kind.READ)) -> read(moment, ended.content(), "at the disk");
            default -> {}
        }
    }

    private void read(Moment moment, Content content, String by) {
        Block block = blocks.get(moment.range().offset());
        if (block != null && content.shown()) {
            block.read = content.words() + ", read " + by + " at " + Words.seconds(moment.at());
        }
    }

    private void settled(Moment moment, Event.Settled settled, int size) {
        Moment change = open.remove(moment.tag());
        if (change == null) {
            read(moment, settled.content(), "by operation " + moment.tag());
            return;
        }
        String content = content(change);
        switch (settled.how()) {
            case DONE ->
                each(change, size, block -> {
                    block.should = content + ", done at " + Words.seconds(moment.at());
                    block.may.remove(content);
                });
            case REFUSED -> each(change, size, block -> block.may.remove(content));
            case UNKNOWN -> {}
        }
    }

    private static String content(Moment change) {
        return switch (change.event().kind().orElse(Kind.WRITE)) {
            case ZERO -> NOTHING + " of operation " + change.tag();
            case TRIM -> NOTHING + " or an earlier content, by trim " + change.tag();
            case READ, WRITE, FLUSH -> "operation " + change.tag();
        };
    }

    private void each(Moment change, int size, java.util.function.Consumer<Block> use) {
        blocks.subMap(change.range().offset() - size + 1, change.range().end()).forEach((offset, block) -> {
            if (offset >= change.range().offset()) {
                use.accept(block);
            }
        });
    }
}
