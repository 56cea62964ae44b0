package dst.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dst.protocol.Control;
import dst.protocol.Finding;
import dst.protocol.Kind;
import dst.protocol.Problem;
import dst.protocol.Range;
import dst.protocol.Rules;
import dst.protocol.Sentence;
import dst.protocol.Side;
import dst.protocol.Tools;
import dst.protocol.trace.WorldEvent;
import dst.reports.check.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run: what stands on it, and what a real browser does with it. */
class PageTest {
    private static final String MARKUP = "<img src=x onerror=alert(1)>";

    @TempDir
    Path folder;

    private static final Way CLIENT = Way.at("client");
    private static final Way SERVER = Way.at("server");
    private static final Way ASKING = new Way("client", "server");
    private static final Way ANSWERING = new Way("server", "client");

    private static Moment moment(long at, Way way, Event event, long tag) {
        return new Moment(at, way, event, tag == 0 ? Moment.NOWHERE : new Range(4096, 512), tag);
    }

    private static Event submitted(Kind kind) {
        return new Event.Submitted(kind, false);
    }

    private static Event done() {
        return new Event.Settled(Event.How.DONE, Problem.NONE, "", Content.HIDDEN);
    }

    /** A write that was answered before it was done, with so much else before it. */
    private static Report report(int before, String scenario) {
        List<Moment> moments = new ArrayList<>();
        Event starts = new Event.Crossed(new WorldEvent.ProcessStarted());
        moments.add(moment(0, SERVER, starts, 0));
        moments.add(moment(0, CLIENT, starts, 0));
        for (int i = 0; i < before; i++) {
            long at = 1_000_000L + i * 10_000L;
            moments.add(moment(at, CLIENT, submitted(Kind.READ), i + 100L));
            moments.add(moment(at + 5_000, CLIENT, done(), i + 100L));
        }
        long last = moments.getLast().at();
        Event.Said request = new Event.Request(1, Kind.WRITE, Event.Copy.FIRST, false, List.of());
        Event.Said answer = new Event.Answer(1, Optional.of(Kind.WRITE), Problem.NONE, 1, 0, Content.HIDDEN);
        Event.DiskStep step = new Event.DiskStep(1, Optional.of(Kind.WRITE), false, 1);
        moments.add(moment(last + 10_000, CLIENT, submitted(Kind.WRITE), 7));
        moments.add(moment(last + 10_000, ASKING, new Event.Sent(request, 0), 7));
        moments.add(moment(last + 60_000, ASKING, new Event.Arrived(request, -1), 7));
        moments.add(moment(last + 60_000, new Way("server", Way.DISK), new Event.DiskStarted(step, Content.HIDDEN), 7));
        moments.add(moment(last + 61_000, ANSWERING, new Event.Sent(answer, -1), 7));
        moments.add(moment(
                last + 70_000,
                new Way(Way.DISK, "server"),
                new Event.DiskEnded(step, Problem.NONE, 512, Content.HIDDEN),
                7));
        moments.add(moment(
                last + 90_000, Way.WORLD, new Event.Struck("power-cut", "server", Moment.NOWHERE, last + 190_000), 0));
        moments.add(moment(last + 90_000, SERVER, new Event.Crossed(new WorldEvent.PowerCut()), 0));
        moments.add(moment(last + 190_000, SERVER, starts, 0));
        moments.add(moment(last + 190_000, SERVER, new Event.Crossed(new Control.Noted(MARKUP)), 0));
        Finding finding = new Finding(
                Rules.D1,
                Side.SERVER,
                last + 61_000,
                Sentence.of(
                        "the server answered ",
                        new Sentence.Transaction(1, 0, Kind.WRITE, new Range(4096, 512)),
                        " as done, but the disk had not ended it"));
        Judgement judgement = Judgement.of(
                new Judgement.Found(
                        List.of(finding), new History(List.of()).check(), List.of(), Map.of("power-cut", 1L)),
                Optional.empty());
        return new Report(
                scenario,
                judgement,
                moments,
                List.of("client", "server"),
                Map.of("seed", "17"),
                Map.of("operations", 1L),
                Optional.of(Sentence.of("without the fault ", new Sentence.Fault("cut"), " the same plan holds")),
                Optional.of("{:scenario \"" + scenario + "\"}"),
                "dst replay store/x/17");
    }

    @Test
    void verdictRuleSideSentenceAndCommandComeFirst() {
        String page = Page.of(report(0, "x"));
        int head = page.indexOf("<header>");
        int end = page.indexOf("</header>");
        String first = page.substring(head, end);
        for (String word : List.of(
                "BROKEN",
                "D1 is broken by the server",
                Rules.D1.words(),
                "The server answered write 1 (offset 4096, 512 bytes) as done",
                "Without the fault cut the same plan holds.",
                "dst replay store/x/17",
                "seed 17")) {
            assertTrue(first.contains(word), () -> "'" + word + "' is not in " + first);
        }
        assertFalse(page.contains("{{"), "every part is filled in");
    }

    @Test
    void markupIsText() {
        String page = Page.of(report(0, MARKUP));
        assertFalse(page.contains(MARKUP));
        assertTrue(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    }

    @Test
    void nothingComesFromElsewhere() {
        String page = Page.of(report(10, "x"));
        assertFalse(page.contains("http:"));
        assertFalse(page.contains("https:"));
        assertFalse(page.contains("@import"));
    }

    @Test
    void longRunIsShownInPartAndSaysSo() {
        String page = Page.of(report(100_000, "x"));
        int length = page.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(length < 2 << 20, length + " bytes");
        assertTrue(page.contains("Of 200,012 moments"), "it says how many there are");
        assertTrue(page.contains("answer write 1: done"), "the violation is there");
        assertFalse(Page.of(report(100, "x")).contains("are shown one by one"), "a short one is all there");
    }

    @Test
    void browserShowsItAndMovesAboutInIt() throws IOException, InterruptedException {
        Optional<Path> program = Browser.find();
        assertTrue(program.isPresent() || System.getenv("DST_CI") == null, "there is no chromium");
        Tools.require(program.isPresent(), "chromium is not installed on this machine");
        Path page = folder.resolve("report.html");
        Files.writeString(page, Page.of(report(3_000, MARKUP)));
        try (Browser browser = new Browser(program.get(), folder.resolve("profile"))) {
            browser.open(page, 1280, 900);
            assertTrue(browser.run("document.querySelector('h1').innerText").contains("D1 is broken by the server"));
            assertTrue(
                    browser.run("document.getElementById('detail').innerText").contains("broke D1"), "it begins there");
            double height =
                    Double.parseDouble(browser.run("document.querySelector('.again').getBoundingClientRect().bottom"));
            assertTrue(height < 900, "the command is on the first screen, at " + height);
            assertEquals("1", browser.run("document.querySelectorAll('.story li.guilty').length"));
            assertFalse("0".equals(browser.run("document.querySelectorAll('#timeline .arrow').length")));
            assertEquals(
                    "7", browser.run("document.querySelector('#timeline .tag').textContent"), "its operation is named");

            assertEquals(
                    "1", browser.run("document.querySelectorAll('#timeline .arrow.lost').length"), "the answer alone");

            browser.click(".story li");
            assertTrue(browser.run("document.getElementById('detail').innerText")
                    .contains(browser.run("document.querySelector('.story li .at').textContent")));
            browser.click("[data-do=all]");
            String whole = browser.run("document.querySelectorAll('#timeline .op').length");
            assertEquals("1", browser.run("document.querySelectorAll('#timeline .band').length"), "while it lasts");
            assertEquals("1", browser.run("document.querySelectorAll('#timeline .cache').length"), "what is unflushed");
            browser.click("[data-do=culprit]");
            assertFalse(whole.equals(browser.run("document.querySelectorAll('#timeline .op').length")));
            browser.click("#timeline .tip");
            assertTrue(
                    browser.run("document.getElementById('detail').innerText").contains("write 1"));
            browser.run("document.querySelector('#timeline .tip').dispatchEvent("
                    + "new MouseEvent('mousemove', { bubbles: true, clientX: 300, clientY: 300 }))");
            assertTrue(
                    browser.run("document.getElementById('hint').innerText").contains("write 1"), "beside the pointer");
            browser.press("n");
            browser.press("0");
            browser.press("+");

            browser.click("#operation");
            browser.run("(() => { const e = document.getElementById('operation'); e.value = '7';"
                    + " e.dispatchEvent(new Event('input')); })()");
            assertEquals("6", browser.run("document.querySelectorAll('#moments tbody tr').length"));
            browser.run("(() => { const e = document.getElementById('operation'); e.value = '';"
                    + " e.dispatchEvent(new Event('input')); const h = document.getElementById('host'); h.value = 'disk';"
                    + " h.dispatchEvent(new Event('change')); })()");
            assertEquals("2", browser.run("document.querySelectorAll('#moments tbody tr').length"));
            assertEquals("0", browser.run("document.querySelectorAll('img').length"), "markup is text");

            browser.open(page, 390, 800);
            assertEquals(
                    "true",
                    browser.run("document.documentElement.scrollWidth <= 390"),
                    "nothing is wider than a small window");
            assertEquals(List.of(), browser.errors());
        }
    }

    @Test
    void pageOfAMillionMomentsOpensAtOnce() throws IOException, InterruptedException {
        Tools.require(Browser.find().isPresent(), "chromium is not installed on this machine");
        Path page = folder.resolve("report.html");
        Files.writeString(page, Page.of(report(500_000, "x")));
        try (Browser browser = new Browser(Browser.find().get(), folder.resolve("profile"))) {
            browser.open(page, 1280, 900);
            double millis = Double.parseDouble(browser.run("performance.getEntriesByType('navigation')[0].duration"));
            System.out.printf("a page of a million moments: %,d bytes, open in %.0f ms%n", Files.size(page), millis);
            assertTrue(millis < 3_000, millis + " ms");
            assertEquals(List.of(), browser.errors());
        }
    }

    @Test
    void browserThatIsWatchedTellsOfErrors() throws IOException, InterruptedException {
        Tools.require(Browser.find().isPresent(), "chromium is not installed on this machine");
        Path page = folder.resolve("report.html");
        String broken = Page.of(report(1, "x"))
                .replace("list();\n", "list(); setTimeout(() => { throw new Error('planted'); });\n");
        Files.writeString(page, broken);
        try (Browser browser = new Browser(Browser.find().get(), folder.resolve("profile"))) {
            browser.open(page, 800, 600);
            browser.run("new Promise((done) => setTimeout(done, 50))");
            assertTrue(
                    browser.errors().toString().contains("planted"),
                    browser.errors().toString());
        }
    }
}
