package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.DurableTerms;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims of two nodes, one of which reads late, when later records have taken the place of some. */
class DurableClaimsIT {

    private static final DurableKey KEY = new DurableKey("bob", "c", "d");
    private static final DurableTerms TERMS = new DurableTerms(List.of("/topic/a"), "", false);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<Connection> connections = new ArrayList<>();
    private NatsServers nats;
    private DurableStream stream;
    private Node late;
    private Node other;

    private final class Node {

        private final DurableWriter writer;
        private final DurableClaims claims;
        private final StreamReader reader;
        private Connection reading;

        Node(String name) throws Exception {
            writer = new DurableWriter(name + "-", Duration.ofMinutes(5), () -> {});
            claims = new DurableClaims(name, node -> false, writer, new Alone(), thread);
            reader = new StreamReader(stream, new DurableReader(stream, claims, writer.appends()));
            reads();
            writer.connect(stream, connection());
        }

        void reads() throws Exception {
            reading = connection();
            reader.open(reading, reading.createDispatcher());
        }

        void readsNoMore() throws InterruptedException {
            reading.close();
        }

        DurableHold claims(CompletableFuture<?> taken) {
            return claims.claim(KEY, TERMS, upTo(0), new DurableRegistry.Claimant("", by -> taken.complete(null)));
        }

        void hasRead(long sequence) {
            Await.until("read", () -> reader.last() == sequence);
        }
    }

    /** Nothing has been sent to the topics. */
    private static final class Alone implements DurableClaims.Engine {

        @Override
        public long end(String epoch) {
            return 0;
        }

        @Override
        public void forget(long sequence) {}
    }

    @BeforeEach
    void twoNodes(@TempDir Path directory) throws Exception {
        nats = NatsServers.withJetStream(directory, 1);
        stream = new DurableStream(NatsOptions.builder(nats.url(0)).build(), Duration.ofDays(1));
        stream.open(connection().jetStreamManagement());
        late = new Node("late");
        other = new Node("other");
    }

    @AfterEach
    void stop() throws Exception {
        for (Connection each : connections) {
            each.close();
        }
        thread.shutdown();
        nats.close();
    }

    private Connection connection() throws Exception {
        Connection connection = Nats.connect(nats.url(0));
        connections.add(connection);
        return connection;
    }

    private static DurableProgress upTo(long number) {
        return new DurableProgress("e", number, List.of());
    }

    private static <T> T have(CompletableFuture<T> future) throws Exception {
        return future.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aClaimGoesOnBehindWhatTheHolderBeforeHasSavedThoughItsLastWordHasTakenThePlaceOfThat() throws Exception {
        CompletableFuture<?> taken = new CompletableFuture<>();
        DurableHold before = other.claims(taken);
        have(before.ready);
        have(before.save(upTo(5)).toCompletableFuture());
        late.hasRead(3);
        late.readsNoMore();
        have(before.save(upTo(9)).toCompletableFuture());
        DurableHold hold = late.claims(new CompletableFuture<>());
        have(taken);
        before.leave(upTo(9), 0);
        other.hasRead(6);
        late.reads();
        assertThat(have(hold.ready).progress()).isEqualTo(upTo(9));
    }

    @Test
    void aSaveBehindAClaimIsRefusedThoughAnotherClaimHasTakenThePlaceOfThat() throws Exception {
        DurableHold before = late.claims(new CompletableFuture<>());
        have(before.ready);
        have(before.save(upTo(5)).toCompletableFuture());
        other.hasRead(3);
        late.readsNoMore();
        have(other.claims(new CompletableFuture<>()).ready);
        CompletableFuture<Void> saved = before.save(upTo(9)).toCompletableFuture();
        other.hasRead(6);
        other.claims(new CompletableFuture<>());
        other.hasRead(7);
        late.reads();
        assertThatThrownBy(() -> have(saved))
                .rootCause()
                .hasMessageContaining("another connection has the durable subscription now");
    }
}
