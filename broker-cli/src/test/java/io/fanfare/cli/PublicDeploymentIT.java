package io.fanfare.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.SelfSigned;
import io.fanfare.testing.browser.SystemChromium;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the jar with the configuration that docs/security.md shows for a broker on the internet, word for word, and connects
 * pages in Chromium.
 */
class PublicDeploymentIT {

    private static final Path DOCUMENT = Path.of("..", "docs", "security.md");
    private static final String WEB_JAR = "META-INF/resources/webjars/stomp__stompjs/";
    private static final long HOUR_SECONDS = 3_600;

    @TempDir
    private static Path directory;

    private static String secret;
    private static HttpServer web;
    private static Fanfare serve;
    private static String broker;
    private static Playwright playwright;
    private static Browser chromium;

    @BeforeAll
    static void deploy() throws Exception {
        Needs.chromium();
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", PublicDeploymentIT::serveFile);
        web.start();
        files();
        // free ports, and the origin of the test's page instead of https://app.example.com
        serve = Fanfare.run(
                Map.of("FANFARE_LISTEN_ORIGINS", origin("localhost"), "FANFARE_ADMIN_PORT", "0"),
                "serve",
                "-c",
                directory.resolve("fanfare.yaml").toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "0");
        broker = serve.printed("ready ws=(wss://127\\.0\\.0\\.1:\\d+/ws) tcp=off.*")
                .group(1);
        playwright = SystemChromium.playwright();
        PlaywrightAssertions.setDefaultAssertionTimeout(Await.DEADLINE.toMillis());
        chromium = SystemChromium.launch(playwright);
    }

    private static void files() throws IOException {
        Files.writeString(directory.resolve("fanfare.yaml"), configuration());
        SelfSigned certificate = SelfSigned.ec(directory, "broker");
        Files.move(certificate.certificateFile(), directory.resolve("fullchain.pem"));
        Files.move(certificate.keyFile(), directory.resolve("privkey.pem"));
        byte[] random = new byte[64];
        new SecureRandom().nextBytes(random);
        secret = Base64.getEncoder().encodeToString(random);
        Files.writeString(directory.resolve("jwt.secret"), secret);
        for (String file : List.of("privkey.pem", "jwt.secret")) {
            Files.setPosixFilePermissions(directory.resolve(file), PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** The YAML in the document's chapter on a public deployment. */
    private static String configuration() throws IOException {
        String chapter = Files.readString(DOCUMENT).split("## A public deployment\n", 2)[1];
        return chapter.split("```yaml\n", 2)[1].split("```\n", 2)[0];
    }

    private static String origin(String host) {
        return "http://" + host + ":" + web.getAddress().getPort();
    }

    private static void serveFile(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String resource = path.startsWith("/stompjs/")
                ? WEB_JAR + stompJsVersion() + "/esm6/" + path.substring("/stompjs/".length())
                : "public" + path;
        try (InputStream in = PublicDeploymentIT.class.getClassLoader().getResourceAsStream(resource)) {
            byte[] content = in == null ? new byte[0] : in.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(in == null ? 404 : 200, in == null ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
        exchange.close();
    }

    private static String stompJsVersion() throws IOException {
        Properties about = new Properties();
        try (InputStream in = PublicDeploymentIT.class
                .getClassLoader()
                .getResourceAsStream("META-INF/maven/org.webjars.npm/stomp__stompjs/pom.properties")) {
            about.load(in);
        }
        return about.getProperty("version");
    }

    @AfterAll
    static void end() {
        if (playwright != null) {
            playwright.close();
        }
        if (serve != null) {
            serve.close();
        }
        if (web != null) {
            web.stop(0);
        }
    }

    @Test
    void aPageReadsWhatItMayAndIsToldWhatItMayNot() throws Exception {
        Page alice = open("localhost", token("alice", "customer", HOUR_SECONDS));
        assertThat(alice.locator("#state")).hasText("subscribed");

        Page feed = open("localhost", token("feed", "feed", HOUR_SECONDS));
        assertThat(feed.locator("#state")).hasText("subscribed");
        feed.evaluate("() => publish('/topic/prices.acme', '42')");
        assertThat(alice.locator("#prices li")).hasText("42");

        alice.evaluate("() => publish('/topic/prices.acme', '43')");
        assertThat(alice.locator("#refusal")).containsText("$error: not allowed");
        assertThat(alice.locator("#refusal")).containsText("/topic/prices.acme");
        alice.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "public-deployment.png")));

        feed.evaluate("() => publish('/topic/prices.acme', '44')");
        assertThat(alice.locator("#prices li")).hasText(new String[] {"42", "44"});
    }

    @Test
    void aPatternThatTouchesWhatIsDeniedIsRefused() throws Exception {
        Page guest = open("localhost", token("carol", "guest", HOUR_SECONDS));
        assertThat(guest.locator("#refusal")).containsText("not allowed");
        assertThat(guest.locator("#state")).hasText("waiting");
    }

    @Test
    void withoutATokenOrWithAnOldOneNobodyGetsIn() throws Exception {
        for (String token : List.of("", "secret", token("alice", "customer", -HOUR_SECONDS))) {
            Page page = open("localhost", token);
            assertThat(page.locator("#state")).hasText("error: authentication failed");
        }
        assertThat(serve.err()).noneMatch(line -> line.contains(secret));
    }

    @Test
    void aPageOfAnotherOriginDoesNotConnect() throws Exception {
        Page page = open("127.0.0.1", token("alice", "customer", HOUR_SECONDS));
        assertThat(page.locator("#state")).hasText("closed: 1006");
    }

    private static Page open(String host, String token) {
        Page page = chromium.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true))
                .newPage();
        page.navigate(origin(host) + "/page.html?broker=" + URLEncoder.encode(broker, UTF_8) + "&token="
                + URLEncoder.encode(token, UTF_8));
        return page;
    }

    /** A token signed with HS256 (RFC 7515), as the application would make it. */
    private static String token(String user, String role, long seconds) throws GeneralSecurityException {
        String claims = String.format(
                "{\"iss\":\"https://app.example.com\",\"aud\":\"fanfare\",\"sub\":\"%s\",\"roles\":[\"%s\"],\"exp\":%d}",
                user, role, System.currentTimeMillis() / 1_000 + seconds);
        String signed =
                base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
