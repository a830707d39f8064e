package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of docs/coming-from.md about destinations, acknowledging and Spring. */
class ComingFromTest extends BrokerTest {

    private static String subscribe(String id, String destination, String lines) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n" + lines + "\n^@";
    }

    private static String send(String destination, String lines, String body) {
        return "SEND\ndestination:" + destination + "\n" + lines + "\n" + body + "^@";
    }

    /** What waits in a queue that no test client consumes. */
    private List<String> waitingIn(String queue) {
        var consumer = connect();
        consumer.sends(subscribe("last", queue, ""));
        return consumer.takeBodies();
    }

    // ---- destinations ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/exchange/amq.topic/a.b",
                "/exchange/logs",
                "/reply-queue/amq.gen-1",
                "/remote-temp-queue/ID:host-1",
                "/remote-temp-topic/ID:host-1",
                "/dsub/news",
                "/room/1",
                "/app/greet",
                "orders",
                "queue/orders",
                "topic/news",
                "jms.queue.orders",
                "queue://orders",
                "topic://news"
            })
    @DisplayName("a destination of another form is an ERROR that lists the forms, in SEND and in SUBSCRIBE")
    void anotherFormIsAnErrorThatListsTheForms(String destination) {
        for (String frame : List.of(send(destination, "", "hi"), subscribe("0", destination, ""))) {
            var bob = connect();
            bob.sends(frame);
            bob.gotError(
                    CloseCode.PROTOCOL_ERROR,
                    "invalid destination",
                    "/topic/, /queue/, /user/, /temp-queue/ or /temp-topic/");
        }
        assertThat(broker.topicCount() + broker.queueCount()).isZero();
    }

    @Test
    void amqQueueIsTheQueueAndIsShownAsOne() {
        var bob = connect();
        bob.sends(subscribe("0", "/amq/queue/a", ""));
        connect().sends(send("/queue/a", "", "1"), send("/amq/queue/a", "", "2"));
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n1^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n2^@");
    }

    @Test
    void aVirtualTopicIsATopicAlone() {
        var bob = connect();
        bob.sends(subscribe("0", "/queue/Consumer.A.VirtualTopic.Orders", ""));
        bob.sends(subscribe("1", "/topic/VirtualTopic.Orders", ""));
        connect().sends(send("/topic/VirtualTopic.Orders", "", "hi"));
        bob.got("MESSAGE\nsubscription:1\ndestination:/topic/VirtualTopic.Orders\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("one SEND to a topic and to a queue for each group of consumers does what a virtual topic does")
    void aCompositeSendDoesWhatAVirtualTopicDoes() {
        var page = connect();
        page.sends(subscribe("0", "/topic/orders", ""));
        var billing = connect();
        billing.sends(subscribe("0", "/queue/orders.billing", ""));
        var alice = connect();
        alice.sends(send("/topic/orders,/queue/orders.billing,/queue/orders.stock", "receipt:r\n", "hi"));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(page.takeBodies()).containsExactly("hi");
        assertThat(billing.takeBodies()).containsExactly("hi");
        assertThat(waitingIn("/queue/orders.stock")).containsExactly("hi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/queue/a?consumer.prefetchSize=1", "/queue/a::b", "/queue/%61"})
    @DisplayName("options, qualified names and escapes in a queue's name are letters of the name")
    void whatOthersReadInAQueuesNameIsPartOfIt(String destination) {
        var bob = connect();
        bob.sends(subscribe("0", destination, ""));
        connect().sends(send("/queue/a", "", "plain"), send(destination, "", "named"));
        assertThat(bob.takeBodies()).containsExactly("named");
        assertThat(waitingIn("/queue/a")).containsExactly("plain");
    }

    @Test
    void anAdvisoryTopicIsATopicLikeOthers() {
        var bob = connect();
        bob.sends(subscribe("0", "/topic/ActiveMQ.Advisory.>", "receipt:r\n"));
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        var alice = connect();
        alice.sends(subscribe("0", "/queue/a", ""), "DISCONNECT\n\n^@");
        bob.gotNothing();
    }

    @Test
    @DisplayName("clients that name different virtual hosts are on one broker")
    void virtualHostsAreOne() {
        var bob = open();
        var alice = open();
        bob.sends("CONNECT\naccept-version:1.2\nhost:/blue\n\n^@", subscribe("0", "/topic/a", ""));
        alice.sends("CONNECT\naccept-version:1.2\nhost:/green\n\n^@", send("/topic/a", "", "hi"));
        assertThat(bob.next("CONNECTED").command()).isEqualTo("CONNECTED");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    // ---- acknowledging --------------------------------------------------------------------------------------------

    @Test
    @DisplayName("an ACK in an open transaction makes no room for another message until COMMIT")
    void anAckInAnOpenTransactionMakesNoRoom() {
        var bob = connect();
        bob.sends(subscribe("0", "/queue/a", "ack:client-individual\nprefetch-count:1\n"));
        connect().sends(send("/queue/a", "", "1"), send("/queue/a", "", "2"));
        String first = bob.next("1").header("ack");
        bob.sends("BEGIN\ntransaction:t\n\n^@ACK\nid:" + first + "\ntransaction:t\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
        bob.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.takeBodies()).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource({"'', /queue/a", "requeue:true, /queue/a", "requeue:false, /queue/DLQ.a"})
    @DisplayName("NACK gives a message back; with requeue:false it is a dead letter")
    void nackGivesBackOrBuries(String header, String queue) {
        var bob = connect();
        bob.sends(subscribe("0", "/queue/a", "ack:client-individual\n"));
        connect().sends(send("/queue/a", "", "hi"));
        bob.sends("NACK\nid:" + bob.next("hi").header("ack") + "\n" + (header.isEmpty() ? "" : header + "\n") + "\n^@");
        bob.takeAll();
        bob.isLost();
        assertThat(waitingIn(queue)).containsExactly("hi");
        assertThat(broker.queueCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("two connections share a queue's messages, and a durable subscription's never")
    void onlyAQueueIsShared() {
        var first = Clients.connectWith(this, "client-id:c");
        var second = Clients.connectWith(this, "client-id:c");
        first.sends(subscribe("q", "/queue/a", ""), subscribe("d", "/topic/a", "durable:true\nauto-delete:false\n"));
        second.sends(subscribe("q", "/queue/a", ""));
        var alice = connect();
        alice.sends(send("/queue/a", "", "1"), send("/queue/a", "", "2"));
        assertThat(first.takeBodies()).containsExactly("1");
        assertThat(second.takeBodies()).containsExactly("2");
        second.sends(subscribe("d", "/topic/a", "durable:true\nauto-delete:false\n"));
        first.gotError(CloseCode.POLICY, "taken over");
        second.sends("UNSUBSCRIBE\nid:d\ndurable:true\n\n^@");
    }

    // ---- Spring ---------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("what Spring sends to a user's queue after its session has gone stays; in a topic it does not")
    void aSessionsQueueOfSpringStaysWhenItsSessionHasGone() {
        var browser = connect();
        browser.sends(subscribe("0", "/queue/notices-user7", ""), subscribe("1", "/topic/notices-user7", ""));
        browser.isLost();
        var application = connect();
        application.sends(send("/queue/notices-user7", "", "late"), send("/topic/notices-user7", "", "late"));
        assertThat(broker.queueCount()).isEqualTo(1);
        assertThat(broker.topicCount()).isZero();
        application.sends(send("/queue/notices-user8", "expiration:0\n", "late"));
        assertThat(broker.queueCount()).isEqualTo(1);
        assertThat(waitingIn("/queue/notices-user7")).containsExactly("late");
    }

    @Test
    @DisplayName("Spring's relay logs in as one user for all browsers, which is the user-id of their messages")
    void allBrowsersOfARelayAreOneUser() {
        var bob = connect();
        bob.sends(subscribe("0", "/topic/a", ""));
        Stream.of("1", "2")
                .forEach(body ->
                        Clients.connectWith(this, "login:relay\npasscode:guest").sends(send("/topic/a", "", body)));
        assertThat(bob.takeAll())
                .extracting((Received each) -> each.header("user-id") + each.text())
                .containsExactly("relay1", "relay2");
    }

    @Test
    @DisplayName("what is sent to a user that is not there stays nowhere")
    void aUsersOwnQueueKeepsNothing() {
        var application = connect();
        application.sends(send("/user/alice/queue/notices", "receipt:r\n", "late"));
        application.got("RECEIPT\nreceipt-id:r\ndropped:1\n\n^@");
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"/topic/prices/*, true", "/topic/prices/**, true", "/topic/pr?ces/a, false", "/topic/{x}/a, false"})
    @DisplayName("of the patterns of Spring's simple broker, * and ** are understood, ? and {x} are letters")
    void patternsOfTheSimpleBroker(String pattern, boolean matches) {
        var bob = connect();
        bob.sends(subscribe("0", pattern, ""));
        connect().sends(send("/topic/prices/a", "", "hi"));
        assertThat(bob.takeBodies()).hasSize(matches ? 1 : 0);
    }

    @Test
    @DisplayName("a SEND that overtakes its BEGIN is an ERROR")
    void aSendThatOvertakesItsBeginIsAnError() {
        var alice = connect();
        alice.sends(send("/topic/a", "transaction:t\n", "hi"), "BEGIN\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "no such transaction", "'t'");
    }
}
