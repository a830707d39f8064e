package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The limits of last values hold in whatever way values come, and values that are over take no room. */
class RetentionRoomTest extends BrokerTest {

    private Client alice;

    private void room(int keys) {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.maxRetainedKeys(keys)
                        .rules(List.of(TopicRule.of("/topic/r.#").retainLast())))
                .build());
        alice = connect();
    }

    private static String set(int key, String headers) {
        return "SEND\ndestination:/topic/a\nretain:set\nretain-key:" + key + "\n" + headers + "\n\nv^@";
    }

    @Test
    @DisplayName("of many values that have expired all are gone with the next sweep, however many one topic has")
    void manyThatHaveExpiredGoAtOnce() {
        room(10_000);
        for (int key = 0; key < 1_000; key++) {
            alice.feeds(set(key, "ttl:1"));
        }
        settle();
        theWallClockMoves();
        pass(Duration.ofMillis(1_100));
        assertThat(broker.memoryBytes()).as("the topic alone").isBetween(1L, 1_000L);
        assertThat(broker.keptTopicCount()).as("it stays, for its epoch").isOne();
    }
}
