package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.StompVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StompClientTest {

    private static final Headers NONE = Headers.EMPTY;

    private final FakeBroker broker = new FakeBroker();
    private final List<String> received = new ArrayList<>();

    @Test
    void connectOffersVersionsAndHeartBeats() {
        broker.got("CONNECT\naccept-version:1.0,1.1,1.2\nhost:broker\nheart-beat:10000,10000\n\n^@");
        assertThat(broker.connection().isOpen()).isFalse();

        broker.sends("CONNECTED\nversion:1.1\nsession:s1\n\n^@");
        assertThat(broker.connection().version()).isEqualTo(StompVersion.V1_1);
        assertThat(broker.connection().isOpen()).isTrue();
    }

    @Test
    void subprotocolsAreTheOfferedVersionsTheHighestFirst() {
        ConnectSettings options = new ConnectSettings(
                URI.create("ws://h/ws"),
                "h",
                NONE,
                HeartBeat.NONE,
                List.of(StompVersion.V1_0, StompVersion.V1_2, StompVersion.V1_2),
                Duration.ofSeconds(1),
                null,
                e -> {},
                () -> {});
        assertThat(options.subprotocols()).containsExactly("v12.stomp", "v10.stomp");
        assertThat(options.connectHeaders().get("accept-version")).isEqualTo("1.0,1.2");
    }

    @Test
    void connectedWithoutAVersionIsStomp10() {
        assertThat(broker.client("CONNECTED\n\n^@").version()).isEqualTo(StompVersion.V1_0);
    }

    @Test
    void aVersionThatWasNotOfferedEndsTheConnection() {
        FakeBroker only12 = new FakeBroker(HeartBeat.NONE, StompVersion.V1_2);
        only12.sends("CONNECTED\nversion:1.1\n\n^@");
        assertFails(
                only12.connection().connected(),
                "the broker violated STOMP: CONNECTED chose version 1.1, which was not offered");
        assertThat(only12.wasAborted()).isTrue();
    }

    @Test
    void errorInsteadOfConnectedFailsTheConnectWithItsTextAndTheCloseCode() {
        broker.sends("ERROR\nmessage:login failed\n\nunknown user or bad passcode^@");
        broker.closes(1008, "login failed");

        StompException failure = assertFails(
                broker.connection().connected(),
                "the broker closed the connection: login failed: unknown user or bad passcode (1008)");
        assertThat(failure.closeCode()).hasValue(1008);
        assertThat(failure.error()).map(Frame::bodyAsString).hasValue("unknown user or bad passcode");
        // connect() throws it: nobody else is told
        assertThat(broker.errors).isEmpty();
        assertThat(broker.closes).isZero();
    }

    @Test
    void sendIsCompletedByItsReceipt() {
        StompClient client = broker.client();
        CompletableFuture<Frame> first = client.send("/topic/a", "one");
        CompletableFuture<Frame> second = client.send("/topic/a", Headers.of("x", "y"), new byte[] {'2'});
        broker.got("SEND\nreceipt:r1\ndestination:/topic/a\ncontent-length:3\n\none^@");
        broker.got("SEND\nreceipt:r2\ndestination:/topic/a\nx:y\ncontent-length:1\n\n2^@");

        broker.sends("RECEIPT\nreceipt-id:r1\nmatched:7\n\n^@");
        assertThat(first.join().headers().get("matched")).isEqualTo("7");
        assertThat(second).isNotDone();
    }

    @Test
    void sendNowAsksForNoReceipt() {
        StompClient client = broker.client();
        client.sendNow("/topic/a", "hi");
        broker.got("SEND\ndestination:/topic/a\ncontent-length:2\n\nhi^@");
    }

    @Test
    void receiptAndContentLengthOfTheCallerAreReplaced() {
        StompClient client = broker.client();
        Headers headers = Headers.of("receipt", "mine", "content-length", "99", "k", "v");
        client.sendNow("/topic/a", headers, new byte[] {'x'});
        broker.got("SEND\ndestination:/topic/a\nk:v\ncontent-length:1\n\nx^@");
    }

    @Test
    void aBodyThatIsNoTextLeavesAsABinaryMessage() {
        StompClient client = broker.client();
        client.sendNow("/topic/a", NONE, new byte[] {(byte) 0xFF, 0});
        broker.got("binary: SEND\ndestination:/topic/a\ncontent-length:2\n\n\u00FF^@^@");
    }

    @Test
    void messagesReachTheirSubscriptionInTextAndBinary() {
        StompClient client = broker.client();
        Subscription first = client.subscribe("/topic/a", message -> received.add("a " + message.bodyAsString()));
        client.subscribe("/topic/b", Headers.of("selector", "x > 1"), message -> received.add("b"));
        broker.got("SUBSCRIBE\nreceipt:r1\nid:sub-0\ndestination:/topic/a\n\n^@");
        broker.got("SUBSCRIBE\nreceipt:r2\nid:sub-1\ndestination:/topic/b\nselector:x > 1\n\n^@");
        assertThat(first.confirmed()).isNotDone();

        broker.sends("RECEIPT\nreceipt-id:r1\n\n^@");
        assertThat(first.confirmed()).isCompleted();

        broker.sends("MESSAGE\nsubscription:sub-0\nmessage-id:1\ndestination:/topic/a\n\nfirst^@");
        broker.sendsBinary("MESSAGE\nsubscription:sub-1\n\n\0".getBytes(UTF_8));
        broker.sends("MESSAGE\nsubscription:sub-0\n\nse");
        broker.sends("cond^@\n");
        assertThat(received).containsExactly("a first", "b", "a second");
    }

    @Test
    void messagesComeUntilTheReceiptOfUnsubscribe() {
        StompClient client = broker.client();
        Subscription subscription = client.subscribe("/topic/a", message -> received.add(message.bodyAsString()));
        CompletableFuture<Frame> gone = subscription.unsubscribe();
        broker.sends("MESSAGE\nsubscription:sub-0\n\nlast^@");
        broker.sends("RECEIPT\nreceipt-id:r2\n\n^@");
        assertThat(gone).isCompleted();
        broker.sends("MESSAGE\nsubscription:sub-0\n\ntoo late^@");
        assertThat(received).containsExactly("last");
    }

    @Test
    void anIdOfOnesOwnIsKeptAndCannotBeUsedTwice() {
        StompClient client = broker.client();
        Headers durable = Headers.of("id", "mine", "durable", "true");
        client.subscribe("/topic/a", durable, message -> {});
        broker.got("SUBSCRIBE\nreceipt:r1\nid:mine\ndestination:/topic/a\ndurable:true\n\n^@");
        assertThatThrownBy(() -> client.subscribe("/topic/a", durable, message -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a subscription with this id exists: mine");
    }

    @Test
    void ackNamesTheMessageAsTheVersionSays() {
        String message = "MESSAGE\nsubscription:sub-0\nmessage-id:m1\nack:a1\n\n^@";
        assertThat(acked("1.2", message)).isEqualTo("ACK\nid:a1\n\n^@");
        assertThat(acked("1.1", message)).isEqualTo("ACK\nmessage-id:m1\nsubscription:sub-0\n\n^@");
        assertThat(acked("1.0", message)).isEqualTo("ACK\nmessage-id:m1\n\n^@");
    }

    private static String acked(String version, String message) {
        FakeBroker broker = new FakeBroker();
        StompClient client = broker.client("CONNECTED\nversion:" + version + "\n\n^@");
        client.subscribe("/queue/a", Headers.of("ack", "client"), client::ack);
        broker.sends(message);
        return broker.last();
    }

    @Test
    void nackCarriesFurtherHeaders() {
        StompClient client = broker.client();
        client.nack(message("ack", "a1"), Headers.of("transaction", "t1"));
        broker.got("NACK\nid:a1\ntransaction:t1\n\n^@");
    }

    @Test
    void whatNeedsNoAckCannotBeAcked() {
        StompClient client = broker.client();
        assertThatThrownBy(() -> client.ack(message("message-id", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the message has no ack header: its subscription has ack:auto");
    }

    @Test
    void stomp10HasNoNack() {
        StompClient client = broker.client("CONNECTED\n\n^@");
        assertThatThrownBy(() -> client.nack(message("message-id", "1"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void transactionsAskForReceipts() {
        StompClient client = broker.client();
        client.begin("t1");
        client.commit("t1");
        CompletableFuture<Frame> aborted = client.abort("t2");
        broker.got("BEGIN\nreceipt:r1\ntransaction:t1\n\n^@");
        broker.got("COMMIT\nreceipt:r2\ntransaction:t1\n\n^@");
        broker.got("ABORT\nreceipt:r3\ntransaction:t2\n\n^@");
        broker.sends("RECEIPT\nreceipt-id:r3\n\n^@");
        assertThat(aborted).isCompleted();
    }

    @Test
    void aCallbackThatThrowsIsReportedAndTheConnectionGoesOn() {
        StompClient client = broker.client();
        client.subscribe("/topic/a", message -> {
            received.add(message.bodyAsString());
            throw new AssertionError("oops");
        });
        broker.sends("MESSAGE\nsubscription:sub-0\n\n1^@MESSAGE\nsubscription:sub-0\n\n2^@");
        assertThat(received).containsExactly("1", "2");
        assertThat(broker.errors)
                .extracting(Throwable::getMessage)
                .containsOnly("the callback of subscription sub-0 to /topic/a threw java.lang.AssertionError: oops");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void anErrorFailsEverythingThatIsUnderWay() {
        StompClient client = broker.client();
        Subscription subscription = client.subscribe("/topic/a", message -> {});
        CompletableFuture<Frame> sent = client.send("/topic/a", "x");
        broker.sends("ERROR\nmessage:no such transaction\nreceipt-id:r2\n\n^@");
        broker.closes(1002, "no such transaction");

        String text = "the broker closed the connection: no such transaction (1002)";
        assertFails(subscription.confirmed(), text);
        assertFails(sent, text);
        assertThat(broker.errors).extracting(Throwable::getMessage).containsExactly(text);
        assertThat(broker.closes).isOne();
        assertThat(client.isOpen()).isFalse();
        assertFails(client.send("/topic/a", "y"), text);
        assertThatThrownBy(() -> client.sendNow("/topic/a", "z")).isInstanceOf(StompException.class);
    }

    @Test
    void aBodyThatBeginsWithTheMessageSaysItOnce() {
        StompClient client = broker.client();
        CompletableFuture<Frame> sent = client.send("/foo", "x");
        broker.sends("ERROR\nmessage:invalid destination\n\ninvalid destination '/foo'^@");
        broker.closes(1002, "invalid destination");

        assertFails(sent, "the broker closed the connection: invalid destination '/foo' (1002)");
    }

    @Test
    void aRefusalWithSoftErrorsFailsOneRequestAlone() {
        StompClient client = broker.client();
        CompletableFuture<Frame> refused = client.send("/topic/secret", "x");
        CompletableFuture<Frame> fine = client.send("/topic/a", "x");
        broker.sends("MESSAGE\nsubscription:$error\nreceipt-id:r1\nmessage:not allowed\n\n^@");
        assertFails(refused, "the broker refused: not allowed");
        assertThat(fine).isNotDone();
        assertThat(broker.errors).isEmpty();

        broker.sends("MESSAGE\nsubscription:$error\nmessage:not allowed either\n\n^@");
        assertThat(broker.errors).hasSize(1);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void aRefusedSubscriptionGivesItsIdBack() {
        StompClient client = broker.client();
        Headers id = Headers.of("id", "mine");
        Subscription refused = client.subscribe("/topic/a", id, message -> {});
        broker.sends("MESSAGE\nsubscription:$error\nreceipt-id:r1\nmessage:not allowed\n\n^@");
        assertFails(refused.confirmed(), "the broker refused: not allowed");
        client.subscribe("/topic/b", id, message -> {});
    }

    @Test
    void whatIsNoStompEndsTheConnection() {
        StompClient client = broker.client();
        broker.sends("SEND\ndestination:/topic/a\n\n^@");
        assertThat(client.isOpen()).isFalse();
        assertThat(broker.errors)
                .extracting(Throwable::getMessage)
                .containsExactly("the broker violated STOMP: only a client sends SEND");
    }

    @Test
    void aBrokenConnectionSaysWhatBrokeIt() {
        CompletableFuture<Frame> sent = broker.client().send("/topic/a", "x");
        broker.breaks(new IOException("reset by peer"));
        assertFails(sent, "the connection broke: java.io.IOException: reset by peer");
    }

    private static Frame message(String name, String value) {
        return Frame.of(Command.MESSAGE, Headers.of(name, value));
    }

    static StompException assertFails(CompletableFuture<?> future, String message) {
        assertThat(future).isCompletedExceptionally();
        Throwable[] thrown = new Throwable[1];
        future.whenComplete((done, failure) -> thrown[0] = failure);
        assertThat(thrown[0]).isInstanceOf(StompException.class).hasMessage(message);
        return (StompException) thrown[0];
    }
}
