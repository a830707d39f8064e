package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
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

    @Test
    @DisplayName("values that have expired and wait for a sweep keep no other from its place")
    void whatHasExpiredMakesRoom() {
        room(3);
        alice.sends(set(1, "ttl:1"), set(2, "ttl:1"), set(3, "ttl:1"));
        theWallClockMoves();
        alice.sends(set(4, "receipt:r"));
        alice.got("RECEIPT\nreceipt-id:r\nmatched:0\ndelivered:0\nqueued:0\ndropped:0\n\n^@");
    }

    @Test
    @DisplayName("a message with ttl:0 needs no room, as it is kept by no topic")
    void ttlZeroNeedsNoRoom() {
        room(0);
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/r.a\n\n^@");
        alice.sends("SEND\ndestination:/topic/r.a\nttl:0\n\nnow^@");
        assertThat(bob.takeBodies()).containsExactly("now");
        alice.sends("SEND\ndestination:/topic/r.a\n\nkept^@");
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
    }

    @Test
    @DisplayName(
            "messages with a delay take their place at SEND: one too many is refused, and none comes later all the same")
    void delayedValuesTakeTheirPlaceAtSend() {
        room(2);
        alice.sends(set(1, "delay:1000"), set(2, "delay:1000"));
        alice.isOpen();
        Client carol = connect();
        carol.sends(set(3, "delay:1000"));
        carol.gotError(CloseCode.OVERLOAD, "too many retained values", "the broker has 2 retained values");
        pass(Duration.ofMillis(1_200));
        alice.sends(set(1, "receipt:r"));
        alice.got("RECEIPT\nreceipt-id:r\nmatched:0\ndelivered:0\nqueued:0\ndropped:0\n\n^@");
    }

    @Test
    @DisplayName(
            "a COMMIT whose values together have no room is refused as a whole; one that fits, or that writes a key often, is not")
    void aCommitIsCountedAsAWhole() {
        room(2);
        alice.sends("BEGIN\ntransaction:t\n\n^@");
        alice.sends(
                set(1, "transaction:t"),
                set(1, "transaction:t"),
                set(2, "transaction:t"),
                "COMMIT\ntransaction:t\n\n^@");
        alice.isOpen();
        broker.operations().clearTopic("/topic/a");
        alice.sends("BEGIN\ntransaction:u\n\n^@");
        alice.sends(set(1, "transaction:u"), set(2, "transaction:u"), set(3, "transaction:u"));
        alice.sends("COMMIT\ntransaction:u\n\n^@");
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\nseq:3\nepoch:*\nretained:0\n\n^@");
        bob.sends(set(1, ""), set(2, ""));
        assertThat(bob.takeBodies())
                .as("room that was claimed has been given back")
                .hasSize(2);
    }

    @Test
    @DisplayName(
            "values that an operator or another rule took away keep no other from its place, and are gone with the next sweep")
    void whatWasTakenAwayMakesRoom() {
        room(300);
        IntStream.range(0, 300)
                .forEach(key ->
                        alice.feeds("SEND\ndestination:/topic/r." + key % 2 + "\nretain-key:" + key + "\n\nv^@"));
        settle();
        broker.operations().clearTopic("/topic/r.0");
        broker.topicRules(List.of(TopicRule.of("/topic/r.#").retainByKey("k")));
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/r.#\n\n^@");
        bob.gotNothing();
        alice.sends("SEND\ndestination:/topic/r.0\nk:a\n\nnew^@", "SEND\ndestination:/topic/r.1\nk:a\n\nnew^@");
        alice.isOpen();
        assertThat(bob.takeBodies()).containsExactly("new", "new");
        pass(Duration.ofMillis(1_100));
        bob.isLost();
        assertThat(broker.memoryBytes()).as("two topics and two values").isLessThan(3_000);
    }

    @Test
    @DisplayName("topics that keep a client's values without a subscriber count as its destinations, until they go")
    void keptTopicsCountAsTheirSendersDestinations() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxDestinationsPerConnection(2))
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/h.*").history(5))))
                .build());
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nretain:set\n\n1^@", "SEND\ndestination:/topic/h.b\n\n2^@");
        alice.sends("SEND\ndestination:/topic/a\nretain:set\n\n3^@", "SEND\ndestination:/topic/c\n\nnot kept^@");
        alice.isOpen();
        alice.sends("SEND\ndestination:/topic/c\nretain:set\n\n4^@");
        alice.gotError(CloseCode.POLICY, "too many destinations", "max_destinations_per_connection");
        assertThat(broker.keptTopicCount()).isEqualTo(2);
        assertThat(broker.topicCount()).as("the refused one is not there").isEqualTo(2);
    }

    @Test
    @DisplayName("a topic that has gone counts no more")
    void whatHasGoneCountsNoMore() {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxDestinationsPerConnection(1))
                .build());
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nretain:set\n\n1^@", "SEND\ndestination:/topic/a\nretain:remove\n\n^@");
        pass(Duration.ofSeconds(65));
        alice.sends("SEND\ndestination:/topic/b\nretain:set\n\n2^@");
        alice.isOpen();
    }
}
