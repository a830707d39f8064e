package io.fanfare.nats.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.nats.options.NatsAccess;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.SelfSigned;
import io.nats.client.Connection;
import io.nats.client.NKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsIT {

    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final ConnectionEvents recorder = new ConnectionEvents() {
        @Override
        public void reconnected(Purpose purpose) {
            events.add("reconnected " + purpose);
        }

        @Override
        public void disconnected(Purpose purpose) {
            events.add("disconnected " + purpose);
        }
    };

    @TempDir
    private Path directory;

    @Test
    void theLiveConnectionDoesNotHearItselfAndTheOtherDoes() throws Exception {
        try (NatsServers nats = NatsServers.one(directory);
                Connections connections = open(nats.urls())) {
            AtomicInteger live = heard(connections.live());
            AtomicInteger kept = heard(connections.kept());
            connections.live().publish("a", new byte[1]);
            connections.live().flush(Await.DEADLINE);
            Await.until("heard", () -> kept.get() == 1);
            connections.kept().publish("a", new byte[1]);
            Await.until("heard", () -> kept.get() == 2 && live.get() == 1);
        }
        assertThat(events).as("closed on purpose").isEmpty();
    }

    private static AtomicInteger heard(Connection connection) throws Exception {
        AtomicInteger count = new AtomicInteger();
        connection.createDispatcher(message -> count.incrementAndGet()).subscribe("a");
        connection.flush(Await.DEADLINE);
        return count;
    }

    @Test
    void aFrozenServerIsLeftForAnotherOne() throws Exception {
        try (NatsServers nats = NatsServers.three(directory);
                Connections connections = open(nats.urls())) {
            int frozen = nats.at(connections.live().getConnectedUrl());
            nats.freeze(frozen);
            Await.until("another server", () -> events.contains("reconnected LIVE"));
            assertThat(nats.at(connections.live().getConnectedUrl())).isNotEqualTo(frozen);
            nats.thaw(frozen);
        }
    }

    @Test
    void aConnectionThatIsNotMadeAgainTellsOfItsEndThoughAnotherServerWasTriedInVainBefore() throws Exception {
        try (NatsServers nats = NatsServers.one(directory)) {
            NatsOptions options = options(List.of("nats://127.0.0.1:1", nats.url(0)));
            AtomicInteger ended = new AtomicInteger();
            // some try one server first, some the other
            for (int i = 0; i < 10; i++) {
                Connections.once(options, "n001", ended::incrementAndGet);
            }
            assertThat(ended).hasValue(0);
            nats.kill(0);
            Await.until("all have told", () -> ended.get() == 10);
        }
    }

    @Test
    void withoutAServerItIsTriedAgainUntilThereIsOne() throws Exception {
        try (NatsServers nats = NatsServers.one(directory)) {
            nats.kill(0);
            AtomicInteger attempts = new AtomicInteger();
            CompletableFuture<Connections> opened = CompletableFuture.supplyAsync(() -> {
                try {
                    return Connections.open(
                            options(nats.urls()), "n001", recorder, () -> attempts.incrementAndGet() > 0);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until("a second attempt", () -> attempts.get() > 1);
            assertThat(opened).isNotDone();
            nats.restart(0);
            opened.get().close();
        }
    }

    @Test
    void anAttemptThatIsToldToGiveUpEnds() {
        assertThatThrownBy(
                        () -> Connections.open(options(List.of("nats://127.0.0.1:1")), "n001", recorder, () -> false))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void aServerThatIsKilledAndComesBackIsFoundAgain() throws Exception {
        try (NatsServers nats = NatsServers.one(directory);
                Connections connections = open(nats.urls())) {
            AtomicInteger live = heard(connections.live());
            nats.kill(0);
            Await.until("told", () -> events.contains("disconnected LIVE") && events.contains("disconnected KEPT"));
            nats.restart(0);
            Await.until("told", () -> events.contains("reconnected LIVE") && events.contains("reconnected KEPT"));
            connections.live().flush(Await.DEADLINE);
            connections.kept().publish("a", new byte[1]);
            Await.until("subscribed again", () -> live.get() == 1);
        }
    }

    @Test
    void aServerWithTlsAndAUserIsConnectedTo() throws Exception {
        SelfSigned server = SelfSigned.ec(directory, "server");
        String tls = "tls { cert_file: \"" + server.certificateFile() + "\", key_file: \"" + server.keyFile() + "\" }\n"
                + "authorization { user: node, password: secret }\n";
        try (NatsServers nats = NatsServers.start(directory, 1, false, tls)) {
            String url = "tls://node:secret@127.0.0.1:" + nats.port(0);
            NatsAccess access = NatsAccess.OPEN.withAuthorities(server.certificateFile());
            try (Connections connections =
                    open(NatsOptions.builder(url).access(access).build())) {
                assertThat(connections.live().getServerInfo().isTLSRequired()).isTrue();
            }
        }
    }

    @Test
    void credentialsLogIn() throws Exception {
        NKey user = NKey.createUser(null);
        String users = "authorization { users: [ { nkey: " + new String(user.getPublicKey()) + " } ] }\n";
        try (NatsServers nats = NatsServers.start(directory, 1, false, users)) {
            Path file = Files.writeString(
                    directory.resolve("node.creds"),
                    "-----BEGIN NATS USER JWT-----\nnone\n------END NATS USER JWT------\n\n"
                            + "-----BEGIN USER NKEY SEED-----\n" + new String(user.getSeed())
                            + "\n------END USER NKEY SEED------\n");
            NatsAccess access = NatsAccess.OPEN.withCredentials(file);
            try (Connections connections =
                    open(NatsOptions.builder(nats.url(0)).access(access).build())) {
                assertThat(connections.live().getStatus()).isEqualTo(Connection.Status.CONNECTED);
            }
        }
    }

    @Test
    void aFileThatIsNoCertificateIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), "nothing");
        NatsOptions options = NatsOptions.builder("nats://127.0.0.1:1")
                .access(NatsAccess.OPEN.withAuthorities(file))
                .build();
        assertThatThrownBy(() -> open(options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("there is no certificate in it");
    }

    private Connections open(List<String> urls) throws IOException, InterruptedException {
        return open(options(urls));
    }

    private Connections open(NatsOptions options) throws IOException, InterruptedException {
        return Connections.open(options, "n001", recorder, () -> true);
    }

    private static NatsOptions options(List<String> urls) {
        return NatsOptions.builder().servers(urls).build();
    }
}
