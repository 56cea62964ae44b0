package dst.realnode.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkNewsTest {
    private final List<String> said = new ArrayList<>();

    private void sees(int wanted, int... living) {
        LinkNews news = new LinkNews(wanted, said::add);
        long now = 0;
        for (int count : living) {
            now += 1_000_000_000L;
            news.see(count, now);
        }
    }

    @Test
    void theFirstGrantIsNoNews() {
        sees(1, 0, 1, 1);
        assertEquals(List.of(), said);
    }

    @Test
    void theOnlyLinkIsSaidToBeGoneAndBack() {
        sees(1, 1, 0, 0, 1);
        assertEquals(
                List.of(
                        "no link is left: whoever uses the device waits until the server is reached again",
                        "the link is back after 2.00 s"),
                said);
    }

    @Test
    void nobodyIsSaidToWaitForALinkOfADeviceThatEnds() {
        LinkNews news = new LinkNews(1, said::add);
        news.see(1, 1);
        news.leave();
        news.see(0, 2);
        assertEquals(List.of(), said);
        assertEquals(0, news.living());
    }

    @Test
    void ofSeveralLinksEachThatIsBackIsSaid() {
        sees(3, 1, 3, 2, 1, 2, 3);
        assertEquals(List.of("a link is back: 2 of 3", "all 3 links are back after 3.00 s"), said);
    }
}
