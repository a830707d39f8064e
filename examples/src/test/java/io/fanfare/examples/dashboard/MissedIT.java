package io.fanfare.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fanfare.examples.web.PageServer;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Relay;
import io.fanfare.testing.browser.Browser;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two pages of one broker; the network of one of them is cut for a while. */
@Timeout(600)
class MissedIT {

    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final long NOON = 1_763_722_800_000L;

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private FanfareServer server;
    private Relay network;
    private PageServer near;
    private PageServer far;
    private volatile boolean isCut;

    /** Held for reading by what carries bytes, for writing by a test that lets nothing through. */
    private final ReadWriteLock traffic = new ReentrantReadWriteLock();

    private int published;

    @BeforeEach
    void open() {
        server = FanfareServer.builder()
                .port(0)
                .tcpPort(-1)
                .broker(Dashboard.broker(Duration.ofSeconds(1)))
                .start();
        network = Relay.to(
                server.webSocketPort(),
                (client, broker) -> {
                    if (isCut) {
                        throw new IOException("cut");
                    }
                    carry(client, broker);
                },
                this::carry);
        URI broker = server.webSocketUri();
        near = Pages.of(broker);
        far = Pages.of(URI.create("ws://127.0.0.1:" + network.port() + broker.getPath()));
    }

    private void carry(Socket from, Socket to) throws IOException {
        byte[] bytes = new byte[4096];
        for (int length = 0; length >= 0; length = from.getInputStream().read(bytes)) {
            traffic.readLock().lock();
            try {
                to.getOutputStream().write(bytes, 0, length);
            } finally {
                traffic.readLock().unlock();
            }
        }
    }

    @AfterEach
    void close() {
        near.close();
        far.close();
        network.close();
        server.close();
    }

    @Test
    void theTableOfAPageThatWasOfflineFor5SecondsIsThatOfOneThatWasNot() {
        publish(10);
        Page there = BROWSER.newPage();
        Page gone = BROWSER.another(there);
        open(there, near, "processes.html");
        open(gone, far, "processes.html");
        // as a snapshot, before anything else comes
        assertThat(gone.locator("#snapshot")).hasAttribute("data-value", "10");

        int before = published;
        isOffline(gone, AWAY, () -> publish(3));
        assertThat(published - before).isGreaterThan(10);
        backAgain(gone);
        assertThat(verdict(gone)).hasAttribute("data-kind", "recovered");
        assertThat(verdict(gone)).hasAttribute("data-missed", String.valueOf(published - before));

        publishLast();
        sameTables(gone, there);
    }

    @Test
    void aGapIsSaidAndTheTableIsRightAllTheSame() {
        server.broker()
                .topicRules(List.of(TopicRule.of("/topic/processes")
                        .retainByKey("pid")
                        .history(15)
                        .withPresence()));
        publish(10);
        Page there = BROWSER.newPage();
        Page gone = BROWSER.another(there);
        open(there, near, "processes.html");
        open(gone, far, "processes.html");

        isOffline(gone, Duration.ZERO, () -> {});
        // more than the history has
        publish(20);
        remove(3);
        backAgain(gone);
        assertThat(verdict(gone)).hasAttribute("data-kind", "gap");
        assertThat(verdict(gone)).containsText("there is a gap");

        publishLast();
        sameTables(gone, there);
        assertThat(gone.locator("#rows tr")).hasCount(10);
    }

    @Test
    void theChartHasNoGapWhereThePageWasOffline() {
        Page there = BROWSER.newPage();
        Page gone = BROWSER.another(there);
        open(there, near, "");
        open(gone, far, "");
        cpu(5);
        assertThat(gone.locator("#count")).hasAttribute("data-value", "5");

        isOffline(gone, Duration.ZERO, () -> {});
        cpu(5);
        backAgain(gone);
        assertThat(verdict(gone)).hasAttribute("data-missed", String.valueOf(published - 5));
        for (Page page : new Page[] {there, gone}) {
            assertThat(page.locator("#count")).hasAttribute("data-value", String.valueOf(published));
            assertThat(page.locator("#cpu-now")).hasAttribute("data-time", String.valueOf(time(published - 1)));
        }
    }

    @Test
    void aBrokerThatStopsWithoutAWordIsNoticedAndMadeGood() {
        Page page = BROWSER.newPage();
        open(page, far, "");
        traffic.writeLock().lock();
        try {
            cpu(5);
            assertThat(state(page)).hasAttribute("data-value", "reconnecting");
            cpu(4);
        } finally {
            traffic.writeLock().unlock();
        }
        backAgain(page);
        assertThat(verdict(page)).hasAttribute("data-missed", "9");
        assertThat(page.locator("#count")).hasAttribute("data-value", "9");
    }

    @Test
    void aPageGoesOfflineAndOnlineAsTheUserWants() {
        Page page = BROWSER.newPage();
        open(page, near, "processes.html");
        page.locator("#pause").press("Enter");
        assertThat(state(page)).hasAttribute("data-value", "offline");
        publish(7);
        page.locator("#pause").press("Enter");
        assertThat(state(page)).hasAttribute("data-value", "connected");
        assertThat(verdict(page)).hasAttribute("data-missed", "7");
        assertThat(page.locator("#rows tr")).hasCount(7);
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "missed.png")));
        page.locator("#verdict-close").press("Enter");
        assertThat(verdict(page)).isHidden();
        assertThat(page.locator("#pause")).isFocused();
        assertThat(BROWSER.problems()).isEmpty();
    }

    private static void open(Page page, PageServer pages, String name) {
        page.navigate(pages.uri() + name);
        assertThat(state(page)).hasAttribute("data-value", "connected");
    }

    /** Cuts the page's network, and publishes for some time, if any. */
    private void isOffline(Page page, Duration time, Runnable publish) {
        isCut = true;
        network.resets();
        assertThat(state(page)).hasAttribute("data-value", "reconnecting");
        Await.throughout(time, "the page is away", () -> {
            publish.run();
            return "reconnecting".equals(state(page).getAttribute("data-value"));
        });
    }

    private void backAgain(Page page) {
        isCut = false;
        assertThat(state(page)).hasAttribute("data-value", "connected");
        assertThat(verdict(page)).isVisible();
        assertThat(verdict(page)).containsText(Pattern.compile("Back after [0-9.]+ s"));
    }

    private static void sameTables(Page one, Page other) {
        for (Page page : new Page[] {one, other}) {
            assertThat(page.locator("#rows tr[data-key='1'] th")).hasText("the last");
        }
        // as they are sorted by default, by CPU
        assertThat(one.locator("#rows").innerText())
                .isEqualTo(other.locator("#rows").innerText());
    }

    /** Sends rows of ten processes in turn, and takes one away now and then. */
    private void publish(int messages) {
        for (int i = 0; i < messages; i++) {
            int pid = 1 + published % 10;
            if (published % 17 == 16) {
                remove(pid);
            } else {
                row(pid, "p" + pid);
            }
        }
    }

    private void publishLast() {
        for (int pid = 10; pid >= 1; pid--) {
            row(pid, pid == 1 ? "the last" : "p" + pid);
        }
    }

    private void row(int pid, String name) {
        String json =
                "{\"pid\":%d,\"name\":\"%s\",\"state\":\"sleeping\",\"threads\":3,\"cpu\":%d,\"cpuSeconds\":1,\"memory\":4096}"
                        .formatted(pid, name, published % 97);
        server.broker().publish("/topic/processes", Headers.of("pid", String.valueOf(pid)), json.getBytes(UTF_8));
        published++;
    }

    private void remove(int pid) {
        Headers headers = Headers.of("pid", String.valueOf(pid), "retain", "remove");
        server.broker().publish("/topic/processes", headers, new byte[0]);
        published++;
    }

    private void cpu(int messages) {
        for (int i = 0; i < messages; i++) {
            String json = "{\"time\":%d,\"total\":40,\"user\":8,\"system\":4,\"waiting\":0.5,\"cores\":[],\"load\":[]}"
                    .formatted(time(published));
            server.broker().publish("/topic/host.cpu", Headers.EMPTY, json.getBytes(UTF_8));
            published++;
        }
    }

    private static long time(int message) {
        return NOON + message * 1000L;
    }

    private static Locator state(Page page) {
        return page.locator("#state");
    }

    private static Locator verdict(Page page) {
        return page.locator("#verdict");
    }
}
