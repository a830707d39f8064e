package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.broker.Broker;
import io.fanfare.frame.Headers;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Reads a configuration file again that changes while the broker runs; the test makes each look by hand. */
class ReloadTest {

    private static final String A = "permissions: [{allow: all, to: /topic/a}]\n";
    private static final String B = "permissions: [{allow: all, to: /topic/b}]\n";

    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Reload.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Path file;
    private Broker broker;
    private Reload reload;

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    /** Starts a broker with this configuration. */
    private void started(String yaml, Map<String, String> environment) throws IOException {
        file = folder.resolve("fanfare.yaml");
        write(yaml);
        Configuration configuration = new Configuration();
        configuration.readFile(file);
        configuration.readEnvironment(environment);
        broker = new Broker(configuration.server().options().broker());
        reload = new Reload(file, environment, configuration);
        look(2);
        assertThat(logged()).isEmpty();
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            reload.look(broker);
        }
    }

    private List<String> logged() {
        return lines.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    private boolean isAllowed(String destination) {
        Authorizer authorizer = broker.options().auth().authorizer();
        return authorizer.allows(Principal.of("alice"), Action.SEND, destination);
    }

    @Test
    void otherPermissionsCountAtTheSecondLook() throws IOException {
        started(A, Map.of());
        write(B);
        look(1);
        assertThat(isAllowed("/topic/a")).isTrue();
        look(3);
        assertThat(isAllowed("/topic/a")).isFalse();
        assertThat(isAllowed("/topic/b")).isTrue();
        assertThat(logged()).containsExactly("INFO read again file=" + file + " permissions=1");
    }

    @Test
    void otherTopicsCountAtTheSecondLook() throws IOException {
        started(A, Map.of());
        broker.publish("/topic/t", Headers.EMPTY, new byte[1]);
        assertThat(broker.keptTopicCount()).isZero();
        write(A + "topics: [{match: /topic/t, retain: last}]\n");
        look(2);
        assertThat(logged()).containsExactly("INFO read again file=" + file + " topics=1");
        broker.publish("/topic/t", Headers.EMPTY, new byte[1]);
        assertThat(broker.keptTopicCount()).isEqualTo(1);
    }

    @Test
    void halfAFileDoesNotCount() throws IOException {
        started(A + "limits.max_headers: 5\n", Map.of());
        write("permissions: [{allow: all, to: '#'}]\n");
        look(1);
        write("permissions: [{allow: all, to: '#'}, {deny: all, to: /topic/a}]\nlimits.max_headers: 5\n");
        look(2);
        assertThat(isAllowed("/topic/a")).isFalse();
        assertThat(logged()).containsExactly("INFO read again file=" + file + " permissions=2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permissions: [{allow: all, too: /topic/b}]|1:28: unknown key 'permissions[0].too'; a rule has allow or"
                        + " deny, to, users, roles and claims",
                "permissions: [{allow: all, to: /b}]|1:15: permissions[0] is no rule: invalid destination in a rule: /b:"
                        + " it must begin with /topic/, /queue/ or /user/, or be # for everything",
                "permissions: [{allow: all, to: /topic/b}|1:41: not YAML: expected ',' or ']', but got <stream end>",
                "limits.max_haeders: 5|1:1: unknown key 'limits.max_haeders'; did you mean limits.max_headers?",
            })
    @DisplayName("case 87: a file that is bad when it is read again changes nothing and is told with its place, once")
    void aBadFileChangesNothing(String mistake, String sentence) throws IOException {
        started(A, Map.of());
        write(mistake);
        look(4);
        assertThat(isAllowed("/topic/a")).isTrue();
        assertThat(logged())
                .containsExactly("WARN not read again, what was in it before still counts: " + file + ":" + sentence);
        write(B);
        look(2);
        assertThat(isAllowed("/topic/a")).isFalse();
    }

    @Test
    void aFileThatIsGoneChangesNothing() throws IOException {
        started(A, Map.of());
        Files.delete(file);
        look(3);
        write(A);
        look(3);
        assertThat(isAllowed("/topic/a")).isTrue();
        assertThat(logged())
                .containsExactly("WARN not read again, what was in it before still counts: " + file + ": no such file");
    }

    @Test
    void whatElseHasChangedNeedsARestart() throws IOException {
        started(A + "limits: {max_headers: 5}\n", Map.of());
        write(B + "limits: {max_headers: 5, max_transactions: 3}\nlisten.port: 0\n");
        look(3);
        assertThat(isAllowed("/topic/b")).isTrue();
        assertThat(broker.options().limits().maxTransactions()).isEqualTo(16);
        assertThat(logged())
                .containsExactly(
                        "INFO read again file=" + file + " permissions=1",
                        "WARN file=" + file + " needs a restart: limits.max_transactions, listen.port");
    }

    @Test
    void whatTheEnvironmentSaysHasNotChanged() throws IOException {
        started(A, Map.of("FANFARE_LIMITS_MAX_HEADERS", "7"));
        write(A + "limits.max_headers: 5\n");
        look(2);
        assertThat(logged()).isEmpty();
    }

    @Test
    void theLastRuleGoesByARestartOnly() throws IOException {
        started(A, Map.of());
        write("");
        look(2);
        assertThat(isAllowed("/topic/b")).isFalse();
        assertThat(logged()).containsExactly("WARN file=" + file + " needs a restart: permissions");
    }

    @Test
    void soDoesTheFirstOneCome() throws IOException {
        started("", Map.of());
        write(A);
        look(2);
        assertThat(isAllowed("/topic/b")).isTrue();
        assertThat(logged()).containsExactly("WARN file=" + file + " needs a restart: permissions");
    }
}
