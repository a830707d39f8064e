package io.fanfare.admin.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.fanfare.admin.AdminApi;
import io.fanfare.admin.ApiServer;
import io.fanfare.security.OriginPolicy;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.FreePorts;
import io.fanfare.testing.browser.Browser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The console with a broker that is new, away, out of reach, or asks for a login. */
@Timeout(600)
class ConsoleStatesIT {

    private static final String TOKEN = "correct-horse-battery";

    @RegisterExtension
    static final Browser BROWSER = ConsoleBrowser.create();

    private Page page;

    @BeforeEach
    void newPage() {
        page = BROWSER.newPage();
    }

    private void open(ApiServer server, String address) {
        page.navigate("http://127.0.0.1:" + server.port() + "/#/" + address);
    }

    @Test
    void emptyPagesSayWhatToDo() {
        Map<String, String> texts = Map.of(
                "connections", "“Try it” in this console",
                "topics", "A topic comes with its first subscriber.",
                "queues", "A queue comes with its first message or consumer.",
                "subscriptions", "A client SUBSCRIBEs to a topic or a queue",
                "events", "What happens from now on is listed here by itself.",
                "queues/%2Fqueue%2Fa", "Publish one above.");
        try (ApiServer server = new ApiServer()) {
            for (Map.Entry<String, String> each : texts.entrySet()) {
                open(server, each.getKey());
                page.reload();
                // the page is a client itself while it is live
                if (!each.getKey().equals("connections")) {
                    assertThat(page.locator("main")).containsText(each.getValue());
                }
            }
            assertThat(BROWSER.problems()).isEmpty();
        }
    }

    private ApiServer withToken(Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), TOKEN + "\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        return new ApiServer(options -> options.admin(a -> a.tokensFile(Optional.of(tokens))));
    }

    @Test
    void aLoginIsAskedForAndKeptInTheTabAlone(@TempDir Path folder) throws Exception {
        try (ApiServer server = withToken(folder)) {
            open(server, "queues");
            assertThat(page.getByLabel("Token")).isFocused();
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                assertThat(Axe.barriers(page)).as("%s login", scheme).isEmpty();
            }
            page.getByLabel("Token").fill("wrong");
            page.keyboard().press("Enter");
            assertThat(page.locator(".alert")).hasText("The broker does not take this login.");
            page.getByLabel("Token").fill(TOKEN);
            page.keyboard().press("Enter");
            assertThat(page.locator("h1")).hasText("Queues");
            assertThat(page.locator("#state")).hasText("live");

            page.reload();
            assertThat(page.locator("h1")).hasText("Queues");
            assertThat(page.context().cookies()).isEmpty();
            assertThat(page.evaluate("localStorage.length")).isEqualTo(0);
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log out"))
                    .click();
            assertThat(page.getByLabel("Token")).isVisible();
            assertThat(page.evaluate("sessionStorage.length")).isEqualTo(0);
        }
    }

    @Test
    void thePageOfTheAdminListenerMayConnectWhateverTheOrigins() {
        try (ApiServer server =
                new ApiServer(options -> options.origins(new OriginPolicy(List.of("https://app.example"))))) {
            open(server, "overview");
            assertThat(page.locator("#state")).hasText("live");
            assertThat(BROWSER.problems()).isEmpty();
        }
    }

    @Test
    void whereTheWebSocketIsOutOfReachTheApiIsAsked() {
        try (ApiServer server = new ApiServer()) {
            page.routeWebSocket(url -> true, webSocket -> webSocket.close());
            open(server, "overview");
            assertThat(page.locator("#state")).hasText("polled");
            assertThat(page.locator("[data-chart=connections] .now span")).hasText("0");
        }
    }

    @Test
    void thePageComesBackWhenTheBrokerDoes() {
        FanfareServer server = start(FreePorts.next(), FreePorts.next());
        try {
            URI admin = server.adminUri().orElseThrow();
            page.navigate(admin + "/#/overview");
            assertThat(page.locator("#state")).hasText("live");
            server.close();
            assertThat(page.locator("#state")).hasText("no answer");
            server = start(server.webSocketPort(), admin.getPort());
            assertThat(page.locator("#state")).hasText("live");
        } finally {
            server.close();
        }
    }

    private static FanfareServer start(int port, int adminPort) {
        return FanfareServer.builder()
                .port(port)
                .tcpPort(-1)
                .admin(a -> a.port(adminPort))
                .http(new AdminApi())
                .start();
    }
}
