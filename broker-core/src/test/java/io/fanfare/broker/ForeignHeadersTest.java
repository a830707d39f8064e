package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of other brokers: honoured, refused, or without an effect that a client could see. */
class ForeignHeadersTest extends BrokerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AMQ_SCHEDULED_REPEAT:3",
                "AMQ_SCHEDULED_PERIOD:1000",
                "AMQ_SCHEDULED_CRON:0 * * * *",
                "AMQ_SCHEDULER_ACTION:BROWSE",
                "_AMQ_LVQ_NAME:key",
                "x-message-ttl:1000",
                "x-expires:1000",
                "x-max-length:10",
                "x-max-length-bytes:10",
                "x-overflow:drop-head",
                "x-delivery-limit:3",
                "x-dead-letter-exchange:dlx",
                "x-dead-letter-routing-key:k",
                "x-dead-letter-strategy:at-least-once",
                "x-max-age:1D",
                "x-stream-max-segment-size-bytes:1000",
                "x-stream-filter-size-bytes:16",
                "x-queue-type:stream",
                "destination-type:MULTICAST",
                "routing-type:MULTICAST",
                "auto-delete:true"
            })
    @DisplayName("a SEND that asks for what other brokers do, and this one does not, is an ERROR that names the header")
    void aSendThatAsksForMoreIsAnError(String header) {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n" + header + "\nreceipt:r\n\nhi^@");
        alice.gotError(
                CloseCode.PROTOCOL_ERROR, "unsupported header", header.substring(0, header.indexOf(':')), "supported");
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/topic/a, x-queue-name:q",
        "/topic/a, x-stream-filter:f",
        "/topic/a, x-stream-match-unfiltered:true",
        "/topic/a, consumer-window-size:1024",
        "/topic/a, transformation:jms-map-json",
        "/topic/a, activemq.whatever:1",
        "/topic/a, auto-delete:false",
        "/topic/a, subscription-type:ANYCAST",
        "/queue/a, auto-delete:true",
        "/queue/a, destination-type:MULTICAST",
        "/queue/a, x-queue-type:stream",
        "/queue/a, subscription-type:MULTICAST",
        "/topic/a, destination-type:ANYCAST",
        "/topic/a, x-message-ttl:1000",
        "/queue/a, x-expires:1000",
        "/queue/a, x-max-length:10",
        "/queue/a, x-max-length-bytes:10",
        "/queue/a, x-overflow:drop-head",
        "/queue/a, x-dead-letter-exchange:dlx",
        "/queue/a, x-dead-letter-routing-key:k",
        "/queue/a, x-dead-letter-strategy:at-least-once",
        "/queue/a, x-delivery-limit:3",
        "/queue/a, x-max-age:1D",
        "/queue/a, x-stream-max-segment-size-bytes:1000",
        "/queue/a, x-stream-filter-size-bytes:16",
    })
    @DisplayName(
            "a SUBSCRIBE that asks for what other brokers do, and this one does not, is an ERROR that names the header")
    void aSubscribeThatAsksForMoreIsAnError(String destination, String header) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n" + header + "\n\n^@");
        bob.gotError(
                CloseCode.PROTOCOL_ERROR, "unsupported header", header.substring(0, header.indexOf(':')), "supported");
        assertThat(broker.topicCount() + broker.queueCount()).isZero();
    }

    @Test
    void whatIsIgnoredIsReadAllTheSame() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nactivemq.dispatchAsync:maybe\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid activemq.dispatchAsync", "true or false");
    }

    @Test
    void whatChangesNothingThatAClientCanSeeIsIgnored() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nactivemq.dispatchAsync:false\nactivemq.retroactive:false\n"
                + "x-queue-type:quorum\nauto-delete:false\nx-max-priority:5\ndurable:true\npersistent:true\n"
                + "subscription-type:ANYCAST\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\nauto-delete:true\ndestination-type:MULTICAST\n\n^@");
        bob.sends("SEND\ndestination:/queue/a\npersistent:true\ndestination-type:ANYCAST\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\npersistent:true\ndestination-type:ANYCAST\n\nhi^@");
        bob.sends("SEND\ndestination:/topic/a\ndestination-type:my own\n\nhi^@");
        bob.got("MESSAGE\nsubscription:1\ndestination:/topic/a\ndestination-type:my own\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-queue-type:classic",
                "x-queue-type:quorum",
                "x-queue-mode:lazy",
                "x-queue-version:2",
                "x-queue-leader-locator:balanced",
                "x-queue-master-locator:min-masters",
                "x-initial-cluster-size:3",
                "x-quorum-initial-group-size:3",
                "x-max-in-memory-length:10",
                "x-cancel-on-ha-failover:true",
                "x-max-priority:5",
                "durable:false",
                "persistent:false",
                "routing-type:ANYCAST"
            })
    void howAQueueIsKeptChangesNothing(String header) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n" + header + "\n\n^@");
        bob.sends("SEND\ndestination:/queue/a\n" + header + "\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n" + header + "\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amq-msg-type:text",
                "transformation:jms-map-json",
                "JMSXGroupSeq:1",
                "correlation-id:1",
                "type:t",
                "app-id:a",
                "amqp-message-id:m",
                "content-encoding:gzip"
            })
    void whatIsForTheReceiverReachesIt(String header) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SEND\ndestination:/topic/a\n" + header + "\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n" + header + "\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "activemq.subscriptionName",
                "activemq.subcriptionName",
                "durable-subscription-name",
                "durable-subscriber-name"
            })
    void aDurableSubscriptionHasTheNameThatOtherBrokersRead(String header) {
        var bob = Clients.connectWith(this, "client-id:c");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n" + header + ":news\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        bob.sends("UNSUBSCRIBE\nid:0\n" + header + ":news\n\n^@");
        assertThat(broker.durableSubscriptionCount()).isZero();
    }

    @Test
    void aDurableSubscriptionAsRabbitsClientsWriteIt() {
        var bob = Clients.connectWith(this, "client-id:c");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\ndurable:true\nauto-delete:false\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("UNSUBSCRIBE\nid:0\ndurable:true\n\n^@");
    }

    @Test
    void connectedAnswersARequestId() {
        var bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nrequest-id:7\n\n^@");
        bob.got("CONNECTED\nversion:1.2\nresponse-id:7\n\n^@");
    }

    @Test
    void aMessageIsScheduledForATime() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        bob.sends("SEND\ndestination:/topic/a\nAMQ_SCHEDULED_TIME:" + (System.currentTimeMillis() + 60_000)
                + "\n\nlater^@SEND\ndestination:/topic/a\nAMQ_SCHEDULED_TIME:1000\n\nnow^@");
        assertThat(bob.takeBodies()).containsExactly("now");
        pass(Duration.ofSeconds(61));
        assertThat(bob.takeBodies()).containsExactly("later");
    }

    @Test
    void aSingleActiveConsumerIsAnExclusiveOne() {
        var bob = connect();
        var carol = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nx-single-active-consumer:true\n\n^@");
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nx-single-active-consumer:true\n\n^@");
        carol.sends("SEND\ndestination:/queue/a\n\n1^@SEND\ndestination:/queue/a\n\n2^@");
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        carol.gotNothing();
    }

    @Test
    @DisplayName("an ACK frame is spoken of as one")
    void anAckFrameIsSpokenOfAsOne() {
        var bob = connect("1.1");
        bob.sends("ACK\nsubscription:0\n\n^@");
        assertThat(bob.gotError(CloseCode.PROTOCOL_ERROR, "missing message-id").text())
                .startsWith("an ACK frame needs the header message-id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delay", "AMQ_SCHEDULED_DELAY", "x-delay"})
    void aTimeAndADelayContradictEachOther(String delay) {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nAMQ_SCHEDULED_TIME:1\n" + delay + ":1\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid delay", "AMQ_SCHEDULED_TIME");
    }
}
