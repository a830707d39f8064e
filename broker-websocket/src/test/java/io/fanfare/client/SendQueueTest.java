package io.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SendQueueTest {

    private final FakeBroker broker = new FakeBroker();
    private final StompClient client = broker.client();

    @Test
    void oneMessageIsSentAtATimeAndInOrder() {
        broker.holds();
        client.sendNow("/topic/a", "1");
        client.sendNow("/topic/a", "2");
        broker.got("SEND\ndestination:/topic/a\ncontent-length:1\n\n1^@");
        broker.gotNothing();
        broker.takes();
        broker.got("SEND\ndestination:/topic/a\ncontent-length:1\n\n2^@");
    }

    @Test
    void aLongQueueDoesNotRecurse() {
        broker.holds();
        for (int i = 0; i < 100_000; i++) {
            client.sendNow("/topic/a", "x");
        }
        broker.letsGo();
        assertThat(broker.count()).isEqualTo(100_000);
    }

    @Test
    void pastTheLimitASenderWaitsForRoom() throws Exception {
        broker.holds();
        Headers none = Headers.EMPTY;
        client.sendNow("/topic/a", none, new byte[SendQueue.MAX_PENDING_BYTES]);
        CompletableFuture<Thread> started = new CompletableFuture<>();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            started.complete(Thread.currentThread());
            client.sendNow("/topic/a", "second");
        });
        waitUntilParked(started.join());
        assertThat(sent).isNotDone();
        broker.takes();
        sent.join();
    }

    @Test
    void aWaitingSenderLearnsThatTheConnectionEnded() throws Exception {
        broker.holds();
        client.sendNow("/topic/a", Headers.EMPTY, new byte[SendQueue.MAX_PENDING_BYTES]);
        CompletableFuture<Thread> started = new CompletableFuture<>();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            started.complete(Thread.currentThread());
            client.sendNow("/topic/a", "second");
        });
        waitUntilParked(started.join());
        broker.closes(1013, "overload");
        assertThatThrownBy(sent::join).hasRootCauseMessage("the broker closed the connection: overload (1013)");
    }

    @Test
    void receiptsBeyondTheLimitAreRefused() {
        for (int i = 0; i < Receipts.MAX_PENDING; i++) {
            assertThat(client.send("/topic/a", "")).isNotDone();
        }
        StompClientTest.assertFails(
                client.send("/topic/a", ""), "65,536 receipts are pending, which is the limit; wait for some of them");
        broker.sends("RECEIPT\nreceipt-id:r1\n\n^@");
        assertThat(client.send("/topic/a", "")).isNotDone();
    }

    /** Until the sender waits for room; there is no event for it. */
    private static void waitUntilParked(Thread sender) {
        Await.until("the sender waits for room", () -> sender.getState() == Thread.State.TIMED_WAITING);
    }
}
