package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A driver that is a page in Chromium: orders are script calls, events come back as requests to the page's web server. */
final class PageDriver extends Driver {

    private static final Map<String, String> CONTENT_TYPES =
            Map.of("html", "text/html", "js", "text/javascript", "mjs", "text/javascript");

    private final Path root;
    private final HttpServer web;

    /** The one thread that may use Playwright. */
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private Playwright playwright;
    private Page page;

    private PageDriver(Path root) throws IOException {
        this.root = root;
        this.web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", this::serveFile);
        web.createContext("/events", this::takeEvent);
    }

    /** Opens browser.html of this directory, which is also where its scripts come from. */
    static PageDriver open(Path directory) {
        try {
            PageDriver driver = new PageDriver(directory);
            driver.web.start();
            driver.inThread(driver::openPage);
            return driver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void openPage() {
        playwright = Chromium.playwright();
        page = Chromium.newPage(playwright);
        page.navigate("http://127.0.0.1:" + web.getAddress().getPort() + "/browser.html");
        page.waitForFunction("() => window.tell");
    }

    private void serveFile(HttpExchange exchange) throws IOException {
        Path file = root.resolve(exchange.getRequestURI().getPath().substring(1));
        String name = file.getFileName().toString();
        if (!Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            byte[] content = Files.readAllBytes(file);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            CONTENT_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"));
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
        exchange.close();
    }

    private void takeEvent(HttpExchange exchange) throws IOException {
        heard(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @Override
    void tell(String order) {
        inThread(() -> page.evaluate("order => window.tell(order)", order));
    }

    private void inThread(Runnable task) {
        try {
            thread.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        if (playwright != null) {
            inThread(playwright::close);
        }
        thread.shutdownNow();
        web.stop(0);
    }
}
