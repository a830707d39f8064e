package io.fanfare.nats.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection.Status;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private final FakeNats nats = new FakeNats();
    private final Batches batches = new Batches("subject", 7);

    private void add(int bytes) {
        ByteBuffer record = ByteBuffer.allocate(bytes);
        if (!batches.hasRoomFor(record)) {
            batches.send();
        }
        batches.add(record);
    }

    @Test
    void recordsThatFitAreOneBatch() {
        batches.connected(nats.connection);
        int half = (Outgoing.BATCH_BYTES - Envelope.BYTES) / 2;
        add(half);
        add(half);
        assertThat(batches.send()).isEqualTo(2L * half);
        assertThat(nats.published)
                .singleElement()
                .satisfies(each -> assertThat(each).hasSize(Outgoing.BATCH_BYTES));
        add(half);
        add(half + 1);
        batches.send();
        assertThat(nats.numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLargeRecordIsABatchOfItsOwn() {
        batches.connected(nats.connection);
        add(10);
        add(200_000);
        add(10);
        batches.send();
        assertThat(nats.published)
                .extracting(each -> each.length - Envelope.BYTES)
                .containsExactly(10, 200_000, 10);
    }

    @Test
    void aBatchIsNoLargerThanTheServerTakes() {
        nats.maxPayload = 1_000;
        batches.connected(nats.connection);
        add(600);
        add(600);
        batches.send();
        assertThat(nats.numbers()).containsExactly(1L, 2L);
    }

    @Test
    void nothingIsSentOfNothing() {
        batches.connected(nats.connection);
        assertThat(batches.send()).isZero();
        assertThat(nats.published).isEmpty();
    }

    @Test
    void aMarkTellsTheNumberOfTheLastBatch() {
        batches.connected(nats.connection);
        add(10);
        batches.send();
        batches.mark();
        assertThat(nats.numbers()).containsExactly(1L, -1L);
    }

    @Test
    void withoutAServerBatchesAreHeldAndSentInTheirOrderLater() {
        add(10);
        batches.send();
        batches.connected(nats.connection);
        nats.status = Status.RECONNECTING;
        add(10);
        assertThat(batches.send()).as("of the publishers' view they are gone").isEqualTo(10);
        batches.mark();
        assertThat(nats.published).isEmpty();
        nats.status = Status.CONNECTED;
        add(10);
        batches.send();
        batches.mark();
        assertThat(nats.numbers()).containsExactly(1L, 2L, 3L, -3L);
    }

    @Test
    void asManyBytesAreHeldAsTheLimitSaysAndWithOneMoreTheOldestAreLetGo() {
        batches.connected(nats.connection);
        nats.status = Status.RECONNECTING;
        int batch = Batches.MAX_HELD_BYTES / 16;
        for (int i = 0; i < 16; i++) {
            add(batch - Envelope.BYTES);
            batches.send();
        }
        add(1);
        batches.send();
        nats.status = Status.CONNECTED;
        batches.sendHeld();
        assertThat(nats.numbers()).hasSize(16).startsWith(2L).endsWith(17L);
    }
}
