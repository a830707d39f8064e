package io.fanfare.examples.cluster;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import io.fanfare.testing.browser.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs {@code examples/cluster/run} with a browser, and kills what it has started. */
@Timeout(600)
class ClusterIT {

    private static final List<String> PARTS =
            List.of("page", "haproxy", "node1", "node2", "node3", "nats1", "nats2", "nats3");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SESSION = Pattern.compile("^CONNECTED\n(?:.*\n)*?session:(\\w{4})");

    /** Beyond the test's end: what was killed stays away. */
    private static final int RESTART_SECONDS = 3600;

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private Page page;
    private Program run;

    /** The node of the page's newest connection. */
    private volatile String node = "none";

    @BeforeEach
    void start() {
        Needs.natsServer();
        Needs.haproxy();
        page = BROWSER.newPage();
        run = Program.start(List.of(
                "env", "SKIP_BUILD=true", "./run", "--base-port=0", "--interval=250", "--restart=" + RESTART_SECONDS));
    }

    @AfterEach
    void end() {
        if (run != null) {
            run.terminate();
            run.exitCode();
        }
    }

    @Test
    void thePageGoesOnWhenItsNodeIsKilledAndThenANatsServer() {
        // the last line that is printed first
        String url = run.printed("Page: (\\S+) .*").group(1);
        page.onWebSocket(socket -> socket.onFrameReceived(frame -> {
            Matcher connected = SESSION.matcher(frame.text() == null ? "" : frame.text());
            if (connected.find()) {
                node = connected.group(1);
            }
        }));
        page.navigate(url);
        assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
        goesOn();

        String before = node;
        kill(partOf(before));
        assertThat(page.locator("#verdict")).hasAttribute("data-kind", "recovered");
        assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
        assertThat(node).isNotEqualTo(before);
        goesOn();

        kill("nats2");
        goesOn();
        assertThat(page.locator("#state")).hasAttribute("data-value", "connected");
        assertThat(page.locator("#verdict")).hasAttribute("data-kind", "recovered");
        Browser.picture(page, "cluster");
        endsAll();
    }

    /** Ends the script, as Ctrl-C does: it leaves nothing behind. */
    private void endsAll() {
        List<ProcessHandle> left =
                PARTS.stream().map(this::process).flatMap(Optional::stream).toList();
        assertThat(left).hasSizeGreaterThanOrEqualTo(PARTS.size() - 2);
        run.terminate();
        run.exitCode();
        Await.until("all parts have ended", () -> left.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Every topic gets further messages. */
    private void goesOn() {
        for (String topic : List.of("cpu", "memory", "network", "processes")) {
            Locator element = page.locator("#" + topic + "-now");
            for (int i = 0; i < 2; i++) {
                assertThat(element).not().hasAttribute("data-time", element.getAttribute("data-time"));
            }
        }
    }

    /** The part that is the node with this id. */
    private String partOf(String id) {
        for (String part : List.of("node1", "node2", "node3")) {
            for (JsonNode each : overview(row(part).group(3)).path("nodes")) {
                if (each.path("self").asBoolean() && each.path("id").asText().equals(id)) {
                    return part;
                }
            }
        }
        throw new AssertionError("no node is " + id);
    }

    private static JsonNode overview(String console) {
        try (InputStream answer =
                URI.create(console + "api/v1/overview").toURL().openStream()) {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void kill(String part) {
        ProcessHandle process = process(part).orElseThrow();
        process.destroyForcibly();
        Await.until(part + " has ended", () -> !process.isAlive());
    }

    /** Empty once it has ended. */
    private Optional<ProcessHandle> process(String part) {
        return ProcessHandle.of(Long.parseLong(row(part).group(1)));
    }

    /** A part's row of the table: its process, its URL, its console. */
    private Matcher row(String part) {
        return run.printed(part + " +(\\d+) +(\\S+) +(\\S+)");
    }
}
