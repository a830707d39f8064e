package io.fanfare.nats.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.internal.connect.Subjects;
import io.fanfare.testing.Await;
import io.nats.client.Connection.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutgoingTest {

    private final FakeNats nats = new FakeNats();
    private final Outgoing outgoing = new Outgoing(new Subjects("test", "n001"), 7);

    @AfterEach
    void close() {
        outgoing.close(Duration.ofSeconds(10));
    }

    @Test
    void whatWaitsIsCountedUntilItIsPublished() {
        outgoing.forward(ByteBuffer.allocate(100));
        outgoing.forward(ByteBuffer.allocate(200));
        assertThat(outgoing.bytes()).isEqualTo(300);
        outgoing.start(nats.connection);
        outgoing.begin();
        Await.until("published", () -> outgoing.bytes() == 0);
        assertThat(nats.numbers()).startsWith(1L);
    }

    @Test
    void withoutAServerAPublisherNeitherWaitsNorIsToldThatOthersHaveIt() {
        outgoing.begin();
        outgoing.forward(ByteBuffer.allocate(100));
        assertThat(outgoing.flushed().join()).isFalse();
        assertThat(outgoing.bytes()).isZero();
        nats.status = Status.RECONNECTING;
        outgoing.start(nats.connection);
        assertThat(outgoing.flushed().join()).isFalse();
        nats.status = Status.CONNECTED;
        outgoing.wake();
        Await.until("published", () -> nats.numbers().contains(1L));
    }

    @Test
    void aPauseIsFollowedByAMark() {
        outgoing.start(nats.connection);
        outgoing.begin();
        outgoing.forward(ByteBuffer.allocate(100));
        Await.until("marked", () -> nats.numbers().contains(-1L));
        assertThat(nats.numbers()).containsSubsequence(1L, -1L);
    }

    @Test
    void aRequestWithoutAServerFails() {
        outgoing.begin();
        assertThat(outgoing.request("subject", new byte[10])).failsWithin(Await.DEADLINE);
        assertThat(outgoing.bytes()).isZero();
    }

    @Test
    void whatWasTakenBeforeTheEndIsPublished() {
        outgoing.start(nats.connection);
        outgoing.begin();
        outgoing.forward(ByteBuffer.allocate(100));
        outgoing.close(Duration.ofSeconds(10));
        assertThat(nats.numbers()).contains(1L);
        assertThat(outgoing.flushed().join()).isFalse();
    }
}
