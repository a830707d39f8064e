package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.TopicRule;
import io.fanfare.status.LastValue;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What operators see of the last values of a topic. */
class LastValuesTest extends BrokerTest {

    private static final long NO_LIMIT = Long.MAX_VALUE;

    @BeforeEach
    void topicsKeepValues() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/v").retainByKey("k"))))
                .build());
        // topics are swept by loops, which come with clients
        connect();
    }

    private void publish(int from, int to) {
        for (int i = from; i <= to; i++) {
            broker.publish("/topic/v", Headers.of("k", "k" + i), ("v" + i).getBytes(UTF_8));
        }
    }

    private List<LastValue> look(long after, int most, long maxBytes) {
        return broker.inspection().lastValues("/topic/v", after, most, maxBytes).orElseThrow();
    }

    private static String[] keys(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "k" + i).toArray(String[]::new);
    }

    @Test
    @DisplayName("values come with their keys, in the order in which they came, and stay")
    void inOrder() {
        publish(1, 3);
        publish(1, 1);
        LastValue first = look(0, 10, NO_LIMIT).get(0);
        assertThat(look(0, 10, NO_LIMIT)).extracting(LastValue::key).containsExactly("k2", "k3", "k1");
        assertThat(first.sequence()).isEqualTo(2);
        assertThat(first.headers().get("destination")).isEqualTo("/topic/v");
        assertThat(new String(first.body(), UTF_8)).isEqualTo("v2");
        assertThat(first.timestamp()).isPositive();
    }

    @Test
    @DisplayName("as many as are wanted come, and the next behind the last of them, over parts of 256")
    void paged() {
        publish(1, 600);
        assertThat(look(0, 600, NO_LIMIT)).extracting(LastValue::key).containsExactly(keys(1, 600));
        assertThat(look(0, 256, NO_LIMIT)).extracting(LastValue::key).containsExactly(keys(1, 256));
        assertThat(look(256, 257, NO_LIMIT)).extracting(LastValue::key).containsExactly(keys(257, 513));
        assertThat(look(600, 10, NO_LIMIT)).isEmpty();
    }

    @Test
    @DisplayName("bodies have a limit in bytes together; the first comes however large it is")
    void bytes() {
        publish(1, 3);
        assertThat(look(0, 10, 4)).extracting(LastValue::key).containsExactly("k1", "k2");
        assertThat(look(0, 10, 5)).extracting(LastValue::key).containsExactly("k1", "k2");
        assertThat(look(0, 10, 6)).hasSize(3);
        assertThat(look(2, 10, 1)).extracting(LastValue::key).containsExactly("k3");
    }

    @Test
    @DisplayName("a value that has expired is not shown")
    void expired() {
        publish(1, 1);
        broker.publish("/topic/v", Headers.of("k", "short", "ttl", "1"), new byte[0]);
        theWallClockMoves();
        assertThat(look(0, 10, NO_LIMIT)).extracting(LastValue::key).containsExactly("k1");
    }

    @Test
    @DisplayName("a topic that is not there has none, a queue is refused")
    void others() {
        assertThat(broker.inspection().lastValues("/topic/none", 0, 10, NO_LIMIT))
                .isEmpty();
        assertThatThrownBy(() -> broker.inspection().lastValues("/queue/a", 0, 10, NO_LIMIT))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("/topic/NAME");
        connect().sends("SUBSCRIBE\nid:0\ndestination:/topic/plain\n\n^@");
        assertThat(broker.inspection().lastValues("/topic/plain", 0, 10, NO_LIMIT))
                .contains(List.of());
    }
}
