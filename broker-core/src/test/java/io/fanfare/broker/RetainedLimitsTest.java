package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Last values: their limits, their end, and what is refused. */
class RetainedLimitsTest extends RetainedBrokerTest {

    @Test
    @DisplayName("a value ends with its ttl")
    void aValueExpires() {
        connect().sends("SEND\ndestination:/topic/a\nretain:set\nttl:1\n\nold^@");
        theWallClockMoves();
        Client bob = subscribe("/topic/a", "");
        bob.next("a RECEIPT");
        bob.gotNothing();
        pass(Duration.ofSeconds(2));
        bob.isLost();
        assertThat(broker.memoryBytes()).as("at most the topic").isLessThan(1_000);
    }

    @Test
    @DisplayName("what comes while values are on their way is bounded: beyond it the connection is too slow")
    void whatComesMeanwhileIsBounded() {
        brokerWith(
                BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(200_000)).build());
        Client alice = connect();
        String body = "x".repeat(1_000);
        for (int i = 0; i < 300; i++) {
            alice.feeds(set("/topic/a", "k" + i, body));
        }
        settle();
        Client slow = connect();
        slow.stopsReading();
        slow.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        for (int i = 0; i < 300; i++) {
            alice.sends("SEND\ndestination:/topic/a\n\n" + body + "^@");
        }
        slow.reads();
        slow.takeAll();
        slow.wasClosed(CloseCode.OVERLOAD);
    }

    @Test
    @DisplayName(
            "too many values, too long a key: an ERROR that names limit and option, and the topic keeps its values")
    void limits() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.maxRetainedKeys(2).maxRetainedKeyBytes(3))
                .build());
        connect().sends(set("/topic/a", "abc", "1"), set("/topic/b", "b", "2"), set("/topic/b", "b", "3"));
        Client eve = connect();
        eve.sends(set("/topic/a", "c", "4"));
        eve.gotError(
                CloseCode.OVERLOAD,
                "too many retained values",
                "the broker has 2 retained values, its limit is 2 (max_retained_keys)");
        eve = connect();
        eve.sends(set("/topic/b", "abcd", "5"));
        eve.gotError(
                CloseCode.PROTOCOL_ERROR,
                "retain key too long",
                "the key of the retained value has 4 B, its limit is 3 (max_retained_key_bytes)");
        Client bob = subscribe("/topic/#", "");
        bob.next("a RECEIPT");
        assertThat(bob.takeBodies()).containsExactly("1", "3");
    }

    @Test
    @DisplayName("values beyond max_retained_bytes are refused")
    void bytesAreLimited() {
        brokerWith(
                BrokerOptions.builder().topics(t -> t.maxRetainedBytes(2_000)).build());
        Client alice = connect();
        alice.sends(set("/topic/a", "a", "x".repeat(1_000)));
        alice.sends(set("/topic/a", "a", "x".repeat(1_100)));
        alice.isOpen();
        alice.sends(set("/topic/a", "b", "x".repeat(1_000)));
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_bytes");
    }

    @Test
    @DisplayName("a COMMIT whose values have no room publishes nothing")
    void aCommitWithoutRoomPublishesNothing() {
        brokerWith(BrokerOptions.builder().topics(t -> t.maxRetainedKeys(1)).build());
        Client bob = subscribe("/topic/a", "");
        bob.next("a RECEIPT");
        connect().sends(set("/topic/a", "a", "1"));
        assertThat(bob.takeBodies()).containsExactly("1");
        Client alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@", "SEND\ndestination:/topic/a\ntransaction:t\n\nplain^@");
        alice.sends("SEND\ndestination:/topic/a\nretain:set\nretain-key:b\ntransaction:t\n\n2^@");
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        bob.gotNothing();
    }

    @Test
    @DisplayName("a value that is refused, alone or in a COMMIT, does not begin a topic that keeps: no seq, no epoch")
    void aRefusedValueLeavesTheTopicAsItIs() {
        brokerWith(BrokerOptions.builder().topics(t -> t.maxRetainedKeys(1)).build());
        Client bob = subscribe("/topic/a", "");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        connect().sends(set("/topic/full", "", "v"));
        Client eve = connect();
        eve.sends(set("/topic/a", "", "1"));
        eve.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        eve = connect();
        eve.sends("BEGIN\ntransaction:t\n\n^@", "SEND\ndestination:/topic/a\nretain:set\ntransaction:t\n\n2^@");
        eve.sends("COMMIT\ntransaction:t\n\n^@");
        eve.gotError(CloseCode.OVERLOAD, "too many retained values", "max_retained_keys");
        assertThat(broker.keptTopicCount()).isOne();
        connect().sends("SEND\ndestination:/topic/a\n\nplain^@");
        Received plain = bob.next("the plain message");
        assertThat(plain.text()).isEqualTo("plain");
        assertThat(plain.has("seq")).isFalse();
        assertThat(plain.has("epoch")).isFalse();
    }

    @Test
    @DisplayName("headers that make no sense are refused with a sentence")
    void badInput() {
        refused("SEND\ndestination:/topic/a\nretain:yes\n\n^@", "invalid retain", "retain is set or remove, not 'yes'");
        refused("SEND\ndestination:/queue/a\nretain:set\n\n^@", "invalid retain", "a queue keeps every message");
        refused("SEND\ndestination:/temp-topic/a\nretain:set\n\n^@", "invalid retain", "a temporary topic keeps none");
        refused(
                "SUBSCRIBE\nid:0\ndestination:/topic/a\nretained:maybe\n\n^@",
                "invalid retained",
                "true, false or only");
        refused("SUBSCRIBE\nid:0\ndestination:/queue/a\nretained:true\n\n^@", "invalid subscription", "for topics");
        refused(
                "SUBSCRIBE\nid:0\ndestination:/topic/a\nack:client\nretained:true\n\n^@",
                "invalid subscription",
                "ack:auto");
    }

    private void refused(String frame, String message, String inBody) {
        Client eve = connect();
        eve.sends(frame);
        eve.gotError(CloseCode.PROTOCOL_ERROR, message, inBody);
    }

    @Test
    @DisplayName("rules are read again: values of a rule that has gone are let go of, others stay")
    void rulesChange() {
        topics(TopicRule.of("/topic/a").retainLast());
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\n\nv^@", set("/topic/b", "", "w"));
        broker.topicRules(List.of());
        pass(Duration.ofSeconds(2));
        Client bob = subscribe("/topic/#", "");
        bob.next("a RECEIPT");
        assertThat(bob.takeBodies()).containsExactly("w");
    }

    @Test
    @DisplayName("a topic that keeps a value needs no subscriber; one that keeps nothing goes after a minute")
    void howLongATopicStays() {
        Client alice = connect();
        alice.sends(set("/topic/a", "", "v"));
        pass(Duration.ofMinutes(3));
        assertThat(broker.topicCount()).isEqualTo(1);
        alice.sends("SEND\ndestination:/topic/a\nretain:remove\n\n^@");
        assertThat(broker.topicCount()).isEqualTo(1);
        pass(Duration.ofSeconds(65));
        assertThat(broker.topicCount()).isZero();
        assertThat(broker.keptTopicCount()).isZero();
    }
}
