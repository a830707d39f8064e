package io.fanfare.examples.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.fanfare.examples.web.PageServer;
import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.browser.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The table of processes, with rows that the test sends. */
@Timeout(600)
class TablePageIT {

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private FanfareServer server;
    private PageServer pages;
    private Page page;

    @BeforeEach
    void open() {
        server = FanfareServer.builder()
                .port(0)
                .tcpPort(-1)
                .broker(Dashboard.broker(Duration.ofSeconds(1)))
                .start();
        pages = Pages.of(server.webSocketUri());
        row(7, "<i>java</i>", 12.5);
        row(8, "sshd", 0);
        row(9, "bash", 3);
        page = BROWSER.newPage();
        page.navigate(pages.uri() + "processes.html");
        assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
    }

    @AfterEach
    void close() {
        assertThat(BROWSER.problems()).isEmpty();
        pages.close();
        server.close();
    }

    @Test
    void theRowsAreThereWhenThePageOpens() {
        assertThat(names()).hasText(new String[] {"<i>java</i>", "bash", "sshd"});
        assertThat(page.locator("#rows i")).hasCount(0);
        assertThat(page.locator("#snapshot")).hasText("3");
        assertThat(page.locator("#changes")).hasText("0");
        assertThat(page.locator("#rows-now")).hasText("3");
    }

    @Test
    void aChangeComesAsAPatchOfTheMembersThatHaveChanged() {
        row(8, "sshd", 50);
        assertThat(names()).hasText(new String[] {"sshd", "<i>java</i>", "bash"});
        assertThat(page.locator("#patches")).hasText("1");
        assertThat(page.locator("#patch")).containsText("pid 8");
        assertThat(page.locator("#patch")).containsText("\"cpu\": 50");
        assertThat(page.locator("#patch")).not().containsText("sshd");
        assertThat(page.locator("[data-key='8'] td").nth(1)).hasText("sleeping");
    }

    @Test
    void aProcessThatEndsLeavesTheTable() {
        server.broker().publish("/topic/processes", Headers.of("pid", "7", "retain", "remove"), new byte[0]);
        assertThat(names()).hasText(new String[] {"bash", "sshd"});
        assertThat(page.locator("#removals")).hasText("1");
    }

    @Test
    void pagesThatWatchAreListedWhileTheyDo() {
        Locator watching = page.locator("#watching li span:first-child");
        assertThat(watching).hasText(new String[] {"this page"});
        Page second = BROWSER.another(page);
        second.navigate(pages.uri() + "processes.html");
        assertThat(watching)
                .hasText(new Pattern[] {Pattern.compile("this page"), Pattern.compile("another page, .{4}")});
        assertThat(second.locator("#watching-now")).hasText("2");
        assertThat(second.locator("#watching li.this")).hasCount(1);
        second.locator("#pause").click();
        assertThat(watching).hasText(new String[] {"this page"});
        second.locator("#pause").click();
        assertThat(watching).hasCount(2);
        assertThat(second.locator("#watching li.this")).hasCount(1);
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "watching.png")));
        second.close();
        assertThat(watching).hasText(new String[] {"this page"});
    }

    @Test
    void columnsSortByKeyboard() {
        Locator name = page.locator("[data-column='name']");
        name.focus();
        page.keyboard().press("Enter");
        assertThat(names()).hasText(new String[] {"<i>java</i>", "bash", "sshd"});
        assertThat(page.locator("th[aria-sort='ascending']")).hasText("Process");
        page.keyboard().press("Enter");
        assertThat(names()).hasText(new String[] {"sshd", "bash", "<i>java</i>"});
        assertThat(page.locator("th[aria-sort='descending']")).hasText("Process");
    }

    @Test
    void theFilterKeepsNamesAndNumbers() {
        page.locator("#filter").fill("SH");
        assertThat(names()).hasText(new String[] {"bash", "sshd"});
        assertThat(page.locator("#filter-note")).hasText("2 of 3");
        page.locator("#filter").fill("7");
        assertThat(names()).hasText("<i>java</i>");
        // a row that is not shown changes, and is right when it is shown again
        row(9, "zsh", 99);
        assertThat(page.locator("#changes")).hasText("1");
        page.locator("#filter").fill("");
        assertThat(names()).hasText(new String[] {"zsh", "<i>java</i>", "sshd"});
    }

    @Test
    void aPhoneNeedsNoScrollingSideways() {
        page.setViewportSize(390, 800);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.locator("body")).hasCSS("background-color", "rgb(13, 17, 23)");
        for (String name : new String[] {"processes.html", "rates.html"}) {
            page.navigate(pages.uri() + name);
            assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
            Browser.needsNoScrollingSideways(page);
        }
    }

    private Locator names() {
        return page.locator("#rows th");
    }

    private void row(int pid, String name, double cpu) {
        String json =
                "{\"pid\":%d,\"name\":\"%s\",\"state\":\"sleeping\",\"threads\":3,\"cpu\":%s,\"cpuSeconds\":1,\"memory\":4096}"
                        .formatted(pid, name, cpu);
        server.broker().publish("/topic/processes", Headers.of("pid", String.valueOf(pid)), json.getBytes(UTF_8));
    }
}
