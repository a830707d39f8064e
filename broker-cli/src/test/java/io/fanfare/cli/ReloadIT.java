package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.auth.UsersFile;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes files while {@code fanfare serve -c FILE} runs. */
class ReloadIT {

    private static final String PUBLISH = "permissions:\n  - {allow: publish, to: ['/topic/#']}\n";
    private static final String BOTH = PUBLISH + "  - {allow: subscribe, to: [/topic/a, /topic/b]}\n";
    private static final String ONE = PUBLISH + "  - {allow: subscribe, to: [/topic/b]}\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("fanfare.yaml");
    }

    /** A STOMP client over TCP, with soft errors. */
    private static StompSocket connect(Fanfare serve) {
        int port = Integer.parseInt(ready(serve).group(2));
        StompSocket client = StompSocket.over(RawTcp.connect(port));
        client.sends("CONNECT\naccept-version:1.2\nlogin:alice\nsoft-errors:true\n\n^@");
        assertThat(client.next().command()).isEqualTo("CONNECTED");
        return client;
    }

    /** Publishes to a topic that the client has subscribed to, with the topic's name as id. */
    private static void getsItsOwn(StompSocket client, String name) {
        client.sends("SEND\ndestination:/topic/" + name + "\n\nhi^@");
        assertThat(client.gotMessage("hi").header("subscription")).isEqualTo(name);
    }

    private Fanfare serve() {
        return Fanfare.run("serve", "-c", file.toString(), "--port=0", "--stomp-port=0", "--admin-port=-1");
    }

    private static Matcher ready(Fanfare serve) {
        return serve.printed("ready ws=(ws://127\\.0\\.0\\.1:\\d+/ws) tcp=127\\.0\\.0\\.1:(\\d+) admin=off");
    }

    @Test
    @DisplayName(
            "who may not any more loses the subscription and gets nothing more, without a restart (CVE-2026-57218)")
    void aPermissionThatIsTakenAwayEndsItsSubscription() throws IOException {
        Files.writeString(file, BOTH);
        try (Fanfare serve = serve();
                StompSocket alice = connect(serve)) {
            alice.subscribes("id:a\ndestination:/topic/a");
            alice.subscribes("id:b\ndestination:/topic/b");
            getsItsOwn(alice, "a");

            Files.writeString(file, ONE);
            Received withdrawn = alice.next();
            assertThat(withdrawn.header("error-code")).isEqualTo("permission-withdrawn");
            assertThat(withdrawn.header("error-subscription")).isEqualTo("a");
            assertThat(withdrawn.text()).contains("'/topic/a'");
            alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
            getsItsOwn(alice, "b");
            serve.complained(".* INFO +Reload read again file=\\S+fanfare\\.yaml permissions=2");

            Files.writeString(file, BOTH);
            Await.until("a is allowed again", () -> {
                alice.sends("SUBSCRIBE\nid:a\ndestination:/topic/a\nreceipt:again\n\n^@");
                return alice.next().command().equals("RECEIPT");
            });
        }
    }

    @Test
    @DisplayName("case 87: a file that is bad when it is read again changes nothing; other keys need a restart")
    void aBadFileChangesNothing() throws IOException {
        Files.writeString(file, BOTH);
        try (Fanfare serve = serve();
                StompSocket alice = connect(serve)) {
            alice.subscribes("id:a\ndestination:/topic/a");

            Files.writeString(file, ONE + "  - {allow: subscribe, two: /topic/c}\n");
            String place = Pattern.quote(file + ":4:24: unknown key 'permissions[2].two'; a rule has ");
            serve.complained(".* WARN +Reload not read again, what was in it before still counts: " + place + ".*");
            getsItsOwn(alice, "a");

            Files.writeString(file, BOTH + "limits:\n  max_headers: 5\n");
            serve.complained(".* WARN +Reload file=\\S+fanfare\\.yaml needs a restart: limits\\.max_headers");
            getsItsOwn(alice, "a");
        }
    }

    @Test
    void whoIsNewInTheUsersFileIsLetIn() throws IOException {
        Path users = Files.writeString(folder.resolve("users"), UsersFile.line("alice", "horse", List.of()) + "\n");
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "auth:\n  users_file: users\n");
        try (Fanfare serve = serve()) {
            URI url = URI.create(ready(serve).group(1));
            assertThat(isLetIn(url, "alice")).isTrue();
            assertThat(isLetIn(url, "bob")).isFalse();
            Files.writeString(users, UsersFile.line("bob", "horse", List.of()) + "\n");
            Await.until("bob is let in", () -> isLetIn(url, "bob"));
            assertThat(isLetIn(url, "alice")).isFalse();
        }
    }

    private static boolean isLetIn(URI url, String name) {
        try (StompClient client = StompClient.builder(url)
                .login(name, "horse")
                .connectTimeout(Await.DEADLINE)
                .connect()) {
            return client.isOpen();
        } catch (StompException e) {
            assertThat(e).hasMessageContaining("authentication failed");
            return false;
        }
    }
}
