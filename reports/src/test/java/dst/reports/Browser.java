package dst.reports;

import dst.protocol.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real browser without a screen, steered by its own protocol; it tells of every error that a page makes. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
    private static final Pattern ID = Pattern.compile("\\{\"id\":(\\d+),");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([A-Za-z0-9+/=]*)\"");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([A-Za-z0-9+/=]*)\"");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    static Optional<Path> find() {
        return NAMES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    Browser(Path program, Path profile) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
            if (System.nanoTime() > end || !process.isAlive()) {
                process.destroyForcibly();
                throw new IOException("the browser does not begin");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        String where = "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list";
        String pages = http.send(
                        HttpRequest.newBuilder(URI.create(where)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher page = Pattern.compile("\"webSocketDebuggerUrl\":\\s*\"(ws://[^\"]*/page/[^\"]*)\"")
                .matcher(pages);
        if (!page.find()) {
            throw new IOException("the browser has no page: " + pages);
        }
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page.group(1)), new Listener())
                .join();
        call("Runtime.enable", "");
        call("Log.enable", "");
        call("Page.enable", "");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                heard(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void heard(String message) {
        Matcher id = ID.matcher(message);
        if (id.lookingAt()) {
            CompletableFuture<String> waiting = answers.remove(Long.parseLong(id.group(1)));
            if (waiting != null) {
                waiting.complete(message);
            }
        } else if (message.contains("\"Runtime.exceptionThrown\"")
                || (message.contains("\"Log.entryAdded\"") && message.contains("\"level\":\"error\""))
                || (message.contains("\"Runtime.consoleAPICalled\"") && message.contains("\"type\":\"error\""))) {
            errors.add(message);
        }
    }

    private String call(String method, String parameters) {
        long id = ids.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + parameters + "}}", true);
        return answer.orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join();
    }

    /** Shows the page in a window of that size, and waits until it is drawn. */
    void open(Path page, int width, int height) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                "\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":false");
        call("Page.navigate", "\"url\":" + Json.of(page.toUri().toString()));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (!run("location.protocol + document.readyState + (document.documentElement || {dataset: {}}).dataset.ready")
                .equals("file:completeyes")) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the page is not ready; " + errors);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** What an expression in the page comes to, as text. */
    String run(String expression) {
        String encoded = "btoa(unescape(encodeURIComponent(String(" + expression + "))))";
        String answer = call("Runtime.evaluate", "\"returnByValue\":true,\"expression\":" + Json.of(encoded));
        Matcher value = VALUE.matcher(answer);
        if (!value.find()) {
            throw new AssertionError(expression + ": " + answer);
        }
        return new String(Base64.getDecoder().decode(value.group(1)), StandardCharsets.UTF_8);
    }

    /** A key, as somebody at the keyboard would press it. */
    void press(String key) {
        run("document.dispatchEvent(new KeyboardEvent('keydown', {key: " + Json.of(key) + ", bubbles: true}))");
    }

    /** A click in the middle of what the selector finds first. */
    void click(String selector) {
        String point = run("(() => { const e = document.querySelector(" + Json.of(selector)
                + "); e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
                + " return (b.x + b.width / 2) + ',' + (b.y + b.height / 2); })()");
        String[] at = point.split(",");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    "\"type\":\"" + type + "\",\"x\":" + at[0] + ",\"y\":" + at[1]
                            + ",\"button\":\"left\",\"clickCount\":1");
        }
    }

    byte[] picture() {
        Matcher data = DATA.matcher(call("Page.captureScreenshot", "\"format\":\"png\""));
        if (!data.find()) {
            throw new AssertionError("no picture");
        }
        return Base64.getDecoder().decode(data.group(1));
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        http.shutdownNow();
    }
}
