package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that are true or false. */
class BooleanHeadersTest extends BrokerTest {

    @ParameterizedTest
    @DisplayName("item 106: requeue is read in any case, as stomp.py writes it")
    @ValueSource(strings = {"false", "False", "FALSE"})
    void requeueIsReadInAnyCase(String no) {
        var bob = connect();
        bob.sends("SEND\ndestination:/queue/a\n\nhi^@SUBSCRIBE\nid:0\nack:client\ndestination:/queue/a\n\n^@");
        String ack = bob.next("a message").header("ack");
        bob.sends("NACK\nid:" + ack + "\nrequeue:" + no + "\n\n^@");
        bob.gotNothing();
        bob.sends("SUBSCRIBE\nid:1\ndestination:/queue/DLQ.a\n\n^@");
        bob.got("MESSAGE\nsubscription:1\ndestination:/queue/DLQ.a\nx-death-reason:rejected\n"
                + "x-original-destination:/queue/a\nx-delivery-count:1\n\nhi^@");
    }

    @ParameterizedTest
    @DisplayName("item 119: soft-errors is read in any case")
    @ValueSource(strings = {"True", "TRUE"})
    void softErrorsIsReadInAnyCase(String yes) {
        var bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nsoft-errors:" + yes + "\n\n^@");
        bob.got("CONNECTED\nversion:1.2\nsoft-errors:true\n\n^@");
    }

    @Test
    void aSubscriptionsFlagsAreReadInAnyCase() {
        var bob = Clients.connectWith(this, "client-id:c");
        bob.sends("SUBSCRIBE\nid:0\ndurable:True\nno-local:TRUE\nbrowser:False\nexclusive:FALSE\n"
                + "destination:/topic/a\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:0\ndurable:TRUE\nreceipt:r2\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r2\n\n^@");
    }

    @ParameterizedTest
    @DisplayName("of several names for one thing, one that says true is enough")
    @CsvSource({
        "durable:false, persistent:true",
        "durable:true, persistent:false",
        "durable:FALSE, persistent:TRUE",
        "persistent:false, durable-subscription-name:0"
    })
    void oneNameThatSaysTrueIsEnough(String one, String other) {
        var bob = Clients.connectWith(this, "client-id:c");
        bob.sends("SUBSCRIBE\nid:0\n" + one + "\n" + other + "\ndestination:/topic/a\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        bob.sends("UNSUBSCRIBE\nid:0\n" + one + "\n" + other + "\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exclusive", "activemq.exclusive", "x-single-active-consumer"})
    void anExclusiveConsumersFlagIsReadInAnyCase(String header) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n" + header + ":TRUE\n\n^@");
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        carol.sends("SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        carol.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "FALSE"})
    void whatChangesNothingIsReadInAnyCaseToo(String value) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nauto-delete:TRUE\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\npersistent:" + value + "\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\npersistent:" + value + "\n\nhi^@");
    }

    @Test
    void retainAndRetainedAreReadInAnyCase() {
        var bob = connect();
        bob.sends("SEND\ndestination:/topic/a\nretain:TRUE\n\nhi^@");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nretained:FALSE\n\n^@");
        bob.gotNothing();
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\nactivemq.retroactive:True\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("hi");
        bob.sends("SEND\ndestination:/topic/a\nretain:REMOVE\n\n^@SEND\ndestination:/topic/a\nretain:False\n\n^@");
        bob.takeAll();
        bob.sends("SUBSCRIBE\nid:2\ndestination:/topic/a\nretained:ONLY\nreceipt:r\n\n^@");
        assertThat(bob.next("a RECEIPT").header("retained")).isEqualTo("0");
        bob.takeAll();
    }

    @ParameterizedTest
    @DisplayName("what is neither true nor false is an ERROR that names header and value")
    @CsvSource({
        "'SUBSCRIBE\nid:0\ndestination:/topic/a', no-local, yes",
        "'SUBSCRIBE\nid:0\ndestination:/topic/a', activemq.noLocal, 1",
        "'SUBSCRIBE\nid:0\ndestination:/queue/a', exclusive, on",
        "'SUBSCRIBE\nid:0\ndestination:/queue/a', activemq.exclusive, 0",
        "'SUBSCRIBE\nid:0\ndestination:/queue/a', x-single-active-consumer, y",
        "'SUBSCRIBE\nid:0\ndestination:/queue/a', auto-delete, never",
        "'SUBSCRIBE\nid:0\ndestination:/queue/a', browser, 'true '",
        "'SUBSCRIBE\nid:0\ndestination:/topic/a', persistent, banana",
        "'SUBSCRIBE\nid:0\ndestination:/topic/a\ndurable:true', persistent, banana",
        "'SUBSCRIBE\nid:0\ndestination:/topic/a\nno-local:false', activemq.noLocal, 0",
        "'SEND\ndestination:/topic/a', persistent, banana",
        "'SEND\ndestination:/queue/a\npriority:1', persistent, ''",
        "'SEND\ndestination:/queue/a', auto-delete, no",
        "'SUBSCRIBE\nid:0\ndestination:/topic/a', durable, ''",
        "'UNSUBSCRIBE\nid:0\ndestination:/topic/a', durable, no",
        "'NACK\nid:1', requeue, no"
    })
    void anythingElseIsAnError(String frame, String header, String value) {
        var bob = Clients.connectWith(this, "client-id:c");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@".repeat(frame.startsWith("UNSUBSCRIBE") ? 1 : 0));
        bob.sends(frame + "\n" + header + ":" + value + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid " + header, header, "'" + value + "'", "true or false");
    }

    @Test
    void softErrorsThatAreNeitherAreRefusedBeforeConnected() {
        var bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nsoft-errors:yes\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid soft-errors", "'yes'");
    }
}
