package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HeapMeter;
import java.lang.ref.WeakReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that waits takes the memory of a message, and keeps nothing of the connection that sent it. */
class MessageMemoryTest extends BrokerTest {

    /** More than operators are shown. */
    private static final int REMEMBERED_ENDS = 1_000;

    private static final int PUBLISHERS = 5_000;

    private Client consumer;

    /** Has all that is sent to {@code /queue/a} or {@code /topic/a} wait. */
    private void wait(String destination) {
        consumer = connect();
        if (destination.startsWith("/topic")) {
            consumer.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\noverflow:drop-oldest\n\n^@");
            consumer.stopsReading();
            consumer.sends("SEND\ndestination:" + destination + "\n\nfills the socket^@");
        }
    }

    private WeakReference<Object> publisherThatLeaves(String destination) {
        BareClient alice = new BareClient(broker, loop);
        alice.sends("SEND\ndestination:" + destination + "\n\nsomething to do^@".replace("^@", "\0"));
        alice.sends("DISCONNECT\n\n\0");
        return new WeakReference<>(alice.session());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/queue/a", "/topic/a"})
    void aMessageThatWaitsDoesNotKeepItsPublishersSession(String destination) {
        wait(destination);
        WeakReference<Object> session = publisherThatLeaves(destination);
        assertThat(broker.sessionCount()).as("the consumer alone").isEqualTo(1);
        assertThat(broker.memoryBytes()).as("the message waits").isPositive();
        assertThat(HeapMeter.isFreed(session)).as("the session has gone").isTrue();
        takeAll(destination);
    }

    /** Scripts that connect, send one message and leave. */
    @ParameterizedTest
    @ValueSource(strings = {"/queue/a", "/topic/a"})
    void messagesOfPublishersThatHaveLeftAreCountedAsWhatTheyTake(String destination) {
        wait(destination);
        // operators see the last ends of connections: a list that does not grow any more
        IntStream.range(0, REMEMBERED_ENDS).forEach(i -> publisherThatLeaves(destination));
        long before = HeapMeter.usedBytes();
        long countedBefore = broker.memoryBytes();
        IntStream.range(0, PUBLISHERS).forEach(i -> publisherThatLeaves(destination));
        long heap = HeapMeter.usedBytes() - before;
        assertThat(broker.memoryBytes() - countedBefore)
                .as("bytes counted, of %,d in the heap", heap)
                .isBetween(heap / 2, 2 * heap);
        takeAll(destination);
    }

    @Test
    void queuesOfOneMessageAreCounted() {
        BareClient alice = new BareClient(broker, loop);
        MemoryAccount.assertCounted(
                broker,
                () -> IntStream.range(0, 2_000)
                        .forEach(i -> alice.sends("SEND\ndestination:/queue/a" + i + "\n\nsomething to do\0")));
        alice.isLost();
        broker.operations().clear();
        assertThat(broker.memoryBytes()).isZero();
    }

    private void takeAll(String destination) {
        consumer.reads();
        consumer.sends("SUBSCRIBE\nid:1\ndestination:" + destination + "\n\n^@");
        assertThat(consumer.takeAll()).isNotEmpty();
    }
}
