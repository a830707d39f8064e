package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.status.Page;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.Selection;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of queues. */
class QueueInspectionTest extends BrokerTest {

    private static final Selection<QueueStatus> ALL_QUEUES =
            new Selection<>(each -> true, Comparator.comparing(QueueStatus::destination), 0, 100);

    private void publish(String destination, String body, String... headers) {
        broker.publish(destination, Headers.of(headers), body.getBytes(UTF_8));
        settle();
    }

    private QueueStatus queue(String destination) {
        return broker.inspection().queue(destination).orElseThrow();
    }

    @Test
    void aQueueTellsReadyUnacknowledgedAndDelayedMessagesApart() {
        publish("/queue/a", "1");
        publish("/queue/a", "2", "priority", "9");
        publish("/queue/a", "3", "delay", "60000");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\nprefetch-count:1\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\npriority:9\nack:*\n\n2^@");

        QueueStatus shown = queue("/queue/a");
        assertThat(shown.depth()).isEqualTo(1);
        assertThat(shown.unacknowledged()).isEqualTo(1);
        assertThat(shown.delayed()).isEqualTo(1);
        assertThat(shown.redelivering()).isZero();
        assertThat(shown.consumers()).isEqualTo(1);
        assertThat(shown.messagesIn()).isEqualTo(2);
        assertThat(shown.messagesOut()).isEqualTo(1);
        assertThat(shown.bytes()).isBetween(3L * 192, broker.memoryBytes());
        pass(Duration.ofMinutes(2));
        assertThat(queue("/queue/a").delayed()).isZero();
        assertThat(queue("/queue/a").depth()).isEqualTo(2);
    }

    @Test
    void aMessageThatWaitsForItsRedeliveryIsCountedApart() {
        publish("/queue/a", "1");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\n\n^@");
        String ack = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\nack:*\n\n1^@")
                .header("ack");
        bob.sends("NACK\nid:" + ack + "\nredelivery-delay:1000\n\n^@");
        assertThat(queue("/queue/a").redelivering()).isEqualTo(1);
        assertThat(queue("/queue/a").unacknowledged()).isZero();
        assertThat(queue("/queue/a").depth()).isZero();
        pass(Duration.ofSeconds(2));
        assertThat(queue("/queue/a").redelivering()).isZero();
        assertThat(queue("/queue/a").unacknowledged()).isEqualTo(1);
    }

    @Test
    void aQueueDoesNotCountWhatHasBecomeADeadLetter() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxDeliveries(1)).build());
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n^@");
        publish("/queue/a", "1");
        bob.sends("NACK\nid:" + bob.next("1").header("ack") + "\n\n^@");
        QueueStatus shown = queue("/queue/a");
        assertThat(shown.depth() + shown.unacknowledged() + shown.delayed()).isZero();
        assertThat(shown.bytes()).isZero();
        broker.operations().purge("/queue/DLQ.a");
    }

    @Test
    void theOldestMessageIsLookedForInAllPriorities() {
        long before = System.currentTimeMillis();
        publish("/queue/a", "old", "priority", "0");
        long between = System.currentTimeMillis();
        publish("/queue/a", "new", "priority", "9");
        assertThat(queue("/queue/a").oldest()).isBetween(before, between);
        broker.operations().purge("/queue/a");
        assertThat(broker.inspection().queue("/queue/a")).isEmpty();
    }

    @Test
    void queuesAreListedInOrder() {
        publish("/queue/b", "1");
        publish("/queue/a", "1");
        Page<QueueStatus> page = broker.inspection().queues(ALL_QUEUES);
        assertThat(page.items()).extracting(QueueStatus::destination).containsExactly("/queue/a", "/queue/b");
        assertThat(page.total()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "/topic/orders", "/queue/a,/queue/b", "/queue/a.*", "/queue/", ""})
    void whatNamesNoQueueIsRefused(String text) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> broker.inspection().queue(text));
    }
}
