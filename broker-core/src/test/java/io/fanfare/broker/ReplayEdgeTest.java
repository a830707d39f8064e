package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.options.TopicRule;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What changes around a replay while it goes on: nothing comes twice, and nothing is missing without a word. */
class ReplayEdgeTest extends BrokerTest {

    private static final int MANY = 500;

    private Client alice;

    @BeforeEach
    void smallOutboxes() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(200_000))
                .topics(t -> t.rules(List.of(rule().history(MANY)))
                        .mergePatch((before, after) -> new Beginnings().diff(before, after)))
                .build());
        alice = connect();
    }

    private static TopicRule rule() {
        return TopicRule.of("/topic/h.#").retainByKey("k");
    }

    private static String send(String key, String body) {
        return "SEND\ndestination:/topic/h.a\nk:" + key + "\n\n" + body + "^@";
    }

    @Test
    @DisplayName("a topic that is named and matched, and begins to keep something before the replay, comes once")
    void aNamedTopicThatAPatternMatchesComesOnce() {
        alice.sends("SEND\ndestination:/topic/h.b\nk:1\n\nb^@");
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/h.a,/topic/h.*\n\n^@" + send("1", "a"));
        settle();
        assertThat(bob.takeBodies()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @DisplayName("with retained:true a wildcard that matched nothing kept gets what is kept meanwhile once")
    void aWildcardOfNothingKeptGetsItOnce() {
        Client bob = connect();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/h.*\nretained:true\n\n^@" + send("1", "a"));
        settle();
        assertThat(bob.takeBodies()).containsOnlyOnce("a");
    }
}
