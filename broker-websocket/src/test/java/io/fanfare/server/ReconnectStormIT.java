package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.auth.UsersFile;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.RawTcp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients come at once, each with a password. {@code -Dfanfare.storm=2000} has as many as the promise is about, and
 * the output says how long it took.
 */
class ReconnectStormIT {

    private static final int CLIENTS = Integer.getInteger("fanfare.storm", 100);

    /** Far more than it takes, also where fifteen other processes want each core; what it does take is measured, not asserted. */
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    @TempDir
    Path folder;

    private final List<RawTcp> clients = new ArrayList<>();
    private UsersFile users;
    private FanfareServer server;
    private RawTcp before;
    private long slowest;

    @BeforeEach
    void start() throws IOException {
        // one hash for all: the names are different, and so each is checked for itself
        String hash = UsersFile.line("x", "secret", List.of()).substring(2);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < CLIENTS; i++) {
            lines.append("user").append(i).append(':').append(hash).append('\n');
        }
        Path file = Files.createFile(
                folder.resolve("users"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        users = UsersFile.open(Files.writeString(file, lines));
        server = FanfareServer.builder()
                .port(0)
                .broker(BrokerOptions.builder()
                        .auth(a -> a.authenticator(users))
                        .build())
                .start();
        before = connect("user0");
        before.gotStart("CONNECTED\n");
        before.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:1\n\n^@").gotStart("RECEIPT\n");
    }

    @AfterEach
    void stop() {
        before.close();
        clients.forEach(RawTcp::close);
        server.close();
        users.close();
    }

    @Test
    @DisplayName("case 74: many different users who come at once are all let in, and who was in before goes on")
    void manyUsersAreLetInWhileOthersGoOn() {
        report("different users", storm(i -> "user" + i));
        clients.forEach(RawTcp::close);
        clients.clear();
        report("the same again", storm(i -> "user" + i));
        report("slowest message of who was in before", slowest);
    }

    @Test
    @DisplayName("case 74: many clients of a few users who come at once are all let in")
    void manyClientsOfAFewUsersAreLetIn() {
        report("three users", storm(i -> "user" + i % 3));
    }

    /** All say CONNECT before any is answered; who is told to come again later does. Gives the time until all are in. */
    private long storm(IntFunction<String> name) {
        long begin = System.nanoTime();
        Deque<String> outside = new ArrayDeque<>();
        for (int i = 0; i < CLIENTS; i++) {
            outside.add(name.apply(i));
        }
        while (!outside.isEmpty()) {
            List<String> names = List.copyOf(outside);
            outside.clear();
            List<RawTcp> round = new ArrayList<>();
            names.forEach(each -> round.add(connect(each)));
            for (int i = 0; i < round.size(); i++) {
                String answer = round.get(i).frame();
                goOn();
                if (answer.startsWith("CONNECTED\n")) {
                    clients.add(round.get(i));
                } else {
                    assertThat(answer).containsAnyOf("authentication unavailable", "login timeout");
                    round.get(i).close();
                    outside.add(names.get(i));
                }
            }
            assertThat(System.nanoTime() - begin).isLessThan(DEADLINE.toNanos());
        }
        assertThat(clients).hasSize(CLIENTS);
        return System.nanoTime() - begin;
    }

    private RawTcp connect(String name) {
        RawTcp client = RawTcp.connect(server.tcpPort());
        client.deadline(DEADLINE);
        return client.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + name + "\npasscode:secret\n\n^@");
    }

    /** Whoever was in before sends to itself, and has it back. */
    private void goOn() {
        long sent = System.nanoTime();
        before.sends("SEND\ndestination:/topic/a\n\nhi^@").gotStart("MESSAGE\n");
        slowest = Math.max(slowest, System.nanoTime() - sent);
    }

    private static void report(String what, long nanos) {
        System.out.printf(
                "%d clients, %s: %d ms%n",
                CLIENTS, what, Duration.ofNanos(nanos).toMillis());
    }
}
