package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.status.QueuedMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of a queue that operators look at without taking them. */
class PeekTest extends BrokerTest {

    private void publish(String destination, String body, String... headers) {
        broker.publish(destination, Headers.of(headers), body.getBytes(UTF_8));
        settle();
    }

    @Test
    void peekingTakesNothing() {
        publish("/queue/a", "1", "colour", "red");
        QueuedMessage shown = peek(-1, 10, 1_000).get(0);
        assertThat(new String(shown.body(), UTF_8)).isEqualTo("1");
        assertThat(shown.headers().get("colour")).isEqualTo("red");
        assertThat(shown.priority()).isEqualTo(4);
        assertThat(shown.deliveries()).isZero();
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        bob.got("MESSAGE\nsubscription:0\nmessage-id:" + shown.messageId()
                + "\ndestination:/queue/a\ncolour:red\n\n1^@");
    }

    @Test
    void peekingGoesOnBehindAPosition() {
        for (int i = 0; i < 300; i++) {
            publish("/queue/a", String.valueOf(i));
        }
        List<QueuedMessage> first = peek(-1, 299, 1_000_000);
        assertThat(first).hasSize(299);
        List<QueuedMessage> rest = peek(first.get(298).place(), 299, 1_000_000);
        assertThat(rest).hasSize(1);
        assertThat(new String(rest.get(0).body(), UTF_8)).isEqualTo("299");
        assertThat(broker.operations().purge("/queue/a")).contains(300L);
    }

    @Test
    void peekingStopsBeforeItsLimitOfBytes() {
        publish("/queue/a", "12345");
        publish("/queue/a", "12345");
        assertThat(peek(-1, 10, 10)).hasSize(2);
        assertThat(peek(-1, 10, 9)).hasSize(1);
        assertThat(peek(-1, 10, 1)).as("the first one comes in any case").hasSize(1);
        assertThat(broker.inspection().peek("/queue/b", -1, 10, 10)).isEmpty();
        broker.operations().purge("/queue/a");
    }

    private List<QueuedMessage> peek(long after, int most, long maxBytes) {
        return broker.inspection().peek("/queue/a", after, most, maxBytes).orElseThrow();
    }
}
