package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscribers that read slowly or not at all cost their own limit and their own connection, nobody else's time. */
class SlowSubscriberIT {

    private static final int MAX_OUTBOX = 10 << 20;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);
    private static final int BODY_BYTES = 100_000;
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.loops(1)
            .broker(BrokerOptions.builder()
                    .outbox(o -> o.maxOutboxBytes(MAX_OUTBOX).writeTimeout(WRITE_TIMEOUT))
                    .build()));

    @Test
    @DisplayName("item 126, case 70: while one subscriber reads nothing, the others get a hundred megabytes")
    void othersGetEverythingWhileOneReadsNothing() {
        RawTcp stalled = stalledSubscriber();
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(new Reader(subscriber(RawTcp.connect(SERVER.running().webSocketPort()))));
        }
        long before = Jvm.usedHeapBytes();
        // by tens: the readers must not fall behind themselves
        for (int sent = 10; sent <= 1000; sent += 10) {
            publish(10);
            int expected = sent;
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> readers.stream().allMatch(reader -> reader.messages.get() >= expected));
            if (sent % 250 == 0) {
                assertThat(Jvm.usedHeapBytes() - before).isLessThan(32 << 20);
            }
        }

        await("the stalled one is closed").until(() -> broker().sessionCount() == readers.size());
        readThrough(stalled);
    }

    @Test
    @DisplayName(
            "item 126, case 70: over the limit the backlog is dropped; who reads at last is told why: ERROR, then 1013")
    void tooSlowSubscriberIsTold() {
        RawWebSocket slow =
                subscriber(RawTcp.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort()));
        publish(MAX_OUTBOX / BODY_BYTES + 100);

        WsFrame frame = slow.frame();
        int messages = 0;
        while (frame.text().startsWith("MESSAGE\n")) {
            messages++;
            assertThat(frame.text()).endsWith("x^@");
            frame = slow.frame();
        }
        assertThat(messages).isLessThan(100);
        assertThat(frame.text()).startsWith("ERROR\nmessage:too slow\n").contains("max_outbox_bytes", "10,485,760");
        slow.gotClose(1013).closesToo(1013);
    }

    @Test
    @DisplayName("item 126, case 70: a subscriber that takes nothing for the write timeout is cut")
    void stalledSubscriberIsCutAtTheWriteTimeout() {
        RawTcp stalled = stalledSubscriber();
        makeABacklog();
        long start = System.nanoTime();

        await().atMost(Duration.ofSeconds(10)).until(() -> broker().sessionCount() == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(WRITE_TIMEOUT.dividedBy(2));
        readThrough(stalled);
    }

    @Test
    @DisplayName("item 16: a ping is answered behind the backlog, once the subscriber reads again")
    void pingIsAnsweredBehindTheBacklog() {
        RawTcp tcp = RawTcp.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort());
        RawWebSocket slow = subscriber(tcp);
        int sent = makeABacklog();
        assertThat(slow.frame().text()).startsWith("MESSAGE\n");
        slow.sends(WsFrame.of(WsFrame.PING, new byte[] {'p'}));

        for (int i = 1; i < sent; i++) {
            assertThat(slow.frame().text()).startsWith("MESSAGE\n").endsWith("x^@");
        }
        slow.gotPong("p");
        slow.sends("BEGIN\ntransaction:t\nreceipt:b\n\n^@").got("RECEIPT\nreceipt-id:b\n\n^@");
    }

    @Test
    @Tag("case-72")
    void manyStalledSubscribersShareTheirBacklog() {
        for (int i = 0; i < 20; i++) {
            stalledSubscriber();
        }
        long before = Jvm.usedHeapBytes();
        makeABacklog();

        await().until(() -> broker().sessionCount() == 20);
        // of their own they would be some 100 MB
        assertThat(Jvm.usedHeapBytes() - before).isLessThan(24 << 20);
    }

    /** A subscriber that reads a little again and again, longer than the write timeout, is slow and not stalled. */
    @Test
    void slowProgressIsProgress() {
        RawWebSocket slow =
                subscriber(RawTcp.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort()));
        int sent = makeABacklog();
        AtomicInteger read = new AtomicInteger();
        // a third of the kernel's buffer, 4 MiB on Linux, must drain before the server may write again
        await().pollInterval(WRITE_TIMEOUT.dividedBy(10))
                .atMost(WRITE_TIMEOUT.multipliedBy(20))
                .until(() -> {
                    for (int i = 0; i < 3 && read.get() < sent; i++) {
                        assertThat(slow.frame().text()).startsWith("MESSAGE\n");
                        read.incrementAndGet();
                    }
                    return read.get() == sent;
                });

        assertThat(broker().sessionCount()).isEqualTo(1);
    }

    /** Counts messages on a thread of its own. */
    private static final class Reader {

        private final AtomicInteger messages = new AtomicInteger();

        Reader(RawWebSocket client) {
            Thread thread = new Thread(() -> {
                try {
                    while (client.frame().text().startsWith("MESSAGE\n")) {
                        messages.incrementAndGet();
                    }
                } catch (UncheckedIOException e) {
                    // the test has ended
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static Broker broker() {
        return SERVER.running().broker();
    }

    private static RawWebSocket subscriber(RawTcp tcp) {
        return RawWebSocket.open(SERVER.kept(tcp)).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
    }

    private static RawTcp stalledSubscriber() {
        return subscriber(RawTcp.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort()))
                .tcp();
    }

    private static void publish(int messages) {
        byte[] body = new byte[BODY_BYTES];
        java.util.Arrays.fill(body, (byte) 'x');
        for (int i = 0; i < messages; i++) {
            broker().publish("/topic/a", Headers.EMPTY, body);
        }
    }

    /** Sends more than the kernel keeps for a stalled subscriber, and less than the broker may. */
    private static int makeABacklog() {
        int messages = (MAX_OUTBOX - BODY_BYTES) / BODY_BYTES;
        publish(messages);
        // the one loop has handed out all of them when it hands out this one
        RawTcp.connect(SERVER.running().tcpPort())
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@" + "SEND\ndestination:/topic/b\n\n^@")
                .gotStart("MESSAGE\n")
                .close();
        return messages;
    }

    private static void readThrough(RawTcp stalled) {
        try {
            stalled.readToEnd();
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
