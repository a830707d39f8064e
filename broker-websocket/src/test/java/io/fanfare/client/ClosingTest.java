package io.fanfare.client;

import static io.fanfare.client.StompClientTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Frame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClosingTest {

    private final FakeBroker broker = new FakeBroker();
    private final StompClient client = broker.client();

    @Test
    void closingIsDisconnectItsReceiptAndClose() {
        CompletableFuture<Frame> lost = client.send("/topic/a", "x");
        broker.got("SEND\nreceipt:r1\ndestination:/topic/a\ncontent-length:1\n\nx^@");
        CompletableFuture<Void> ended = broker.connection().disconnect();
        broker.got("DISCONNECT\nreceipt:r2\n\n^@");
        assertThat(client.isOpen()).isFalse();

        broker.sends("RECEIPT\nreceipt-id:r2\n\n^@");
        broker.got("close 1000");
        assertThat(ended).isNotDone();

        broker.closes(1000, "");
        assertThat(ended).isCompleted();
        assertThat(broker.errors).isEmpty();
        assertThat(broker.closes).isOne();
        assertFails(lost, "this client closed the connection");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsLeftAfterAWhile() {
        CompletableFuture<Void> ended = broker.connection().disconnect();
        broker.timer.pass(Duration.ofSeconds(2));
        assertThat(ended).isCompleted();
        assertThat(broker.wasAborted()).isTrue();
        assertThat(broker.errors).isEmpty();
    }

    @Test
    void aBrokerThatDoesNotCloseIsLeftAfterAWhile() {
        CompletableFuture<Void> ended = broker.connection().disconnect();
        broker.sends("RECEIPT\nreceipt-id:r1\n\n^@");
        broker.timer.pass(Duration.ofSeconds(2));
        assertThat(ended).isCompleted();
        assertThat(broker.wasAborted()).isTrue();
    }

    @Test
    void inACallbackCloseDoesNotWait() {
        client.subscribe("/topic/a", message -> client.close());
        broker.got("SUBSCRIBE\nreceipt:r1\nid:sub-0\ndestination:/topic/a\n\n^@");
        broker.sends("MESSAGE\nsubscription:sub-0\n\n^@");
        broker.got("DISCONNECT\nreceipt:r2\n\n^@");
        broker.sends("RECEIPT\nreceipt-id:r2\n\n^@");
        broker.got("close 1000");
    }

    @Test
    void closingTwiceSaysGoodbyeOnce() {
        broker.connection().disconnect();
        broker.connection().disconnect();
        broker.got("DISCONNECT\nreceipt:r1\n\n^@");
        broker.gotNothing();
        broker.closes(1000, "");
        client.close();
        assertThat(broker.closes).isOne();
    }

    @Test
    void aCloseByTheBrokerTellsItsCode() {
        CompletableFuture<Frame> sent = client.send("/topic/a", "x");
        broker.closes(1001, "shutting down");
        StompException failure = assertFails(sent, "the broker closed the connection: shutting down (1001)");
        assertThat(failure.closeCode()).hasValue(1001);
        assertThat(failure.error()).isEmpty();
    }

    @Test
    void anErrorWithoutACloseBehindItEndsTheConnectionToo() {
        CompletableFuture<Frame> sent = client.send("/topic/a", "x");
        broker.sends("ERROR\nmessage:bad frame\n\n^@");
        broker.timer.pass(Duration.ofSeconds(2));
        StompException failure = assertFails(sent, "the broker refused: bad frame");
        assertThat(failure.closeCode()).isEmpty();
        assertThat(failure.error()).isPresent();
    }
}
