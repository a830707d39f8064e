package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of docs/coming-from.md about headers and selectors: what clients of other brokers write, and what it means here. */
class ComingFromHeadersTest extends BrokerTest {

    private static String subscribe(String id, String destination, String lines) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n" + lines + "\n^@";
    }

    private static String send(String destination, String lines, String body) {
        return "SEND\ndestination:" + destination + "\n" + lines + "\n" + body + "^@";
    }

    @ParameterizedTest
    @CsvSource({
        "'', 100",
        "prefetch-count:0, 150",
        "activemq.prefetchSize:0, 150",
        "prefetch-count:1, 1",
        "activemq.prefetchSize:1, 1"
    })
    @DisplayName("without a prefetch 100 messages are under way, with 0 there is no small limit")
    void prefetch(String header, int delivered) {
        var bob = connect();
        bob.sends(subscribe("0", "/queue/a", "ack:client-individual\n" + (header.isEmpty() ? "" : header + "\n")));
        var alice = connect();
        IntStream.range(0, 150).forEach(i -> alice.sends(send("/queue/a", "", "" + i)));
        assertThat(bob.takeAll()).hasSize(delivered);
    }

    @Test
    @DisplayName(
            "a first delivery has no redelivered:false, and no priority, expires or persistent of the broker's own")
    void aFirstDeliveryHasOnlyTheSendersHeaders() {
        var bob = connect();
        bob.sends(subscribe("0", "/queue/a", ""));
        connect().sends(send("/queue/a", "colour:red\n", "hi"));
        var message = bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\ncolour:red\n\nhi^@");
        assertThat(message.headers())
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .contains("message-id", "timestamp", "content-length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "content-length:2\n"})
    @DisplayName("content-length does not decide about text or bytes: the body arrives as it was, with its length")
    void contentLengthIsNoType(String header) {
        var bob = connect();
        bob.sends(subscribe("0", "/topic/a", ""));
        connect().sends(send("/topic/a", header, "hi"));
        var message = bob.next("a MESSAGE");
        assertThat(message.text()).isEqualTo("hi");
        assertThat(message.header("content-length")).isEqualTo("2");
    }

    @Test
    @DisplayName("JMSXGroupSeq:-1 does not end a message group")
    void aGroupIsNotEndedByItsSequence() {
        var bob = connect();
        var carol = connect();
        bob.sends(subscribe("0", "/queue/a", ""));
        carol.sends(subscribe("0", "/queue/a", ""));
        var alice = connect();
        alice.sends(
                send("/queue/a", "JMSXGroupID:g\n", "1"), send("/queue/a", "JMSXGroupID:g\nJMSXGroupSeq:-1\n", "2"));
        alice.sends(send("/queue/a", "JMSXGroupID:g\n", "3"));
        assertThat(bob.takeBodies()).containsExactly("1", "2", "3");
        carol.gotNothing();
    }

    @Test
    @DisplayName("a group goes to its consumer, which a later one of higher priority does not change")
    void aHigherPriorityDoesNotTakeAGroup() {
        var bob = connect();
        bob.sends(subscribe("0", "/queue/a", ""));
        var alice = connect();
        alice.sends(send("/queue/a", "JMSXGroupID:g\n", "1"));
        var carol = connect();
        carol.sends(subscribe("0", "/queue/a", "x-priority:9\n"));
        alice.sends(send("/queue/a", "JMSXGroupID:g\n", "2"), send("/queue/a", "", "3"));
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        assertThat(carol.takeBodies()).containsExactly("3");
    }

    @Test
    @DisplayName("a selector compares a header that is written as a number with numbers, without a prefix")
    void aSelectorComparesNumbers() {
        var bob = connect();
        bob.sends(subscribe("0", "/topic/a", "selector:age > 18\n"));
        connect().sends(send("/topic/a", "age:9\n", "no"), send("/topic/a", "age:20\n", "yes"));
        assertThat(bob.takeBodies()).containsExactly("yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "convert_string_expressions:age > 18",
                "hyphenated_props:content-type = 'x'",
                "content-type = 'x'",
                "XPATH '//price'",
                "XQUERY '//price'"
            })
    void aSelectorOfAnotherGrammarIsAnError(String selector) {
        var bob = connect();
        bob.sends(subscribe("0", "/topic/a", "selector:" + selector + "\n"));
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid selector");
    }

    @Test
    @DisplayName("AMQPriority is a header's name like others; JMSPriority is the priority")
    void onlyJmsNamesMeanOtherHeaders() {
        var bob = connect();
        bob.sends(subscribe("amq", "/topic/a", "selector:AMQPriority > 4\n"));
        bob.sends(subscribe("jms", "/topic/a", "selector:JMSPriority > 4\n"));
        connect().sends(send("/topic/a", "priority:9\n", "urgent"), send("/topic/a", "priority:1\n", "idle"));
        bob.got("MESSAGE\nsubscription:jms\ndestination:/topic/a\npriority:9\n\nurgent^@");
        bob.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"priority:10", "priority:255"})
    void aPriorityOverNineIsAnError(String header) {
        var alice = connect();
        alice.sends(send("/queue/a", header + "\n", "hi"));
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid priority");
    }
}
