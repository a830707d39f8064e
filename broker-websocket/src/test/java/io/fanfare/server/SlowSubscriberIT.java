package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscribers that read slowly or not at all cost their own limit and their own connection, nobody else's time. */
class SlowSubscriberIT {

    private static final int MAX_OUTBOX = 10 << 20;
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);

    /** How long a slow subscriber may take for a part of what it reads; all of it takes it longer. */
    private static final Duration SLOW_WRITE_TIMEOUT = Duration.ofSeconds(6);

    private static final int BODY_BYTES = 100_000;

    /** Messages, more than the kernel keeps for a stalled subscriber, and less than the broker may. */
    private static final int BACKLOG = (MAX_OUTBOX - BODY_BYTES) / BODY_BYTES;

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";

    /** Cuts nobody for being late. */
    @RegisterExtension
    static final TestServer SERVER = server(LONG);

    /** Only those that are cut come here. */
    @RegisterExtension
    static final TestServer IMPATIENT = server(WRITE_TIMEOUT);

    @RegisterExtension
    static final TestServer PATIENT = server(SLOW_WRITE_TIMEOUT);

    private static TestServer server(Duration writeTimeout) {
        return new TestServer(options -> options.loops(1)
                .broker(BrokerOptions.builder()
                        .outbox(o -> o.maxOutboxBytes(MAX_OUTBOX).writeTimeout(writeTimeout))
                        .build()));
    }

    @Test
    @DisplayName("item 126, case 70: while one subscriber reads nothing, the others get a hundred megabytes")
    void othersGetEverythingWhileOneReadsNothing() {
        RawTcp stalled = stalledSubscriber(SERVER);
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(new Reader(
                    subscriber(SERVER, RawTcp.connect(SERVER.running().webSocketPort()))));
        }
        long before = Jvm.usedHeapBytes();
        // by tens: the readers must not fall behind themselves
        for (int sent = 10; sent <= 1000; sent += 10) {
            publish(SERVER, 10);
            int expected = sent;
            Await.until(
                    "all have read so far",
                    () -> readers.stream().allMatch(reader -> reader.messages.get() >= expected));
            if (sent % 250 == 0) {
                assertThat(Jvm.usedHeapBytes() - before).isLessThan(32 << 20);
            }
        }

        SERVER.awaitSessions(readers.size());
        readThrough(stalled);
    }

    @Test
    @DisplayName(
            "item 126, case 70: over the limit the backlog is dropped; who reads at last is told why: ERROR, then 1013")
    void tooSlowSubscriberIsTold() {
        RawWebSocket slow = slowSubscriber(SERVER);
        publish(SERVER, MAX_OUTBOX / BODY_BYTES + 100);
        awaitHandedOut(SERVER);

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
        RawTcp stalled = stalledSubscriber(IMPATIENT);
        long start = System.nanoTime();
        publish(IMPATIENT, BACKLOG);

        IMPATIENT.awaitSessions(0);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(WRITE_TIMEOUT.dividedBy(2));
        readThrough(stalled);
    }

    @Test
    @DisplayName("item 16: a ping is answered behind the backlog, once the subscriber reads again")
    void pingIsAnsweredBehindTheBacklog() {
        RawWebSocket slow = slowSubscriber(SERVER);
        makeABacklog(SERVER);
        assertThat(slow.frame().text()).startsWith("MESSAGE\n");
        slow.sends(WsFrame.of(WsFrame.PING, new byte[] {'p'}));

        for (int i = 1; i < BACKLOG; i++) {
            assertThat(slow.frame().text()).startsWith("MESSAGE\n").endsWith("x^@");
        }
        slow.gotPong("p");
        slow.sends("BEGIN\ntransaction:t\nreceipt:b\n\n^@").got("RECEIPT\nreceipt-id:b\n\n^@");
    }

    @Test
    @Tag("case-72")
    void manyStalledSubscribersShareTheirBacklog() {
        for (int i = 0; i < 20; i++) {
            stalledSubscriber(SERVER);
        }
        long before = Jvm.usedHeapBytes();
        makeABacklog(SERVER);

        SERVER.awaitSessions(20);
        // of their own they would be some 100 MB
        assertThat(Jvm.usedHeapBytes() - before).isLessThan(24 << 20);
    }

    /** A subscriber that reads a little again and again, longer than the write timeout, is slow and not stalled. */
    @Test
    void slowProgressIsProgress() throws Exception {
        RawWebSocket slow = slowSubscriber(PATIENT);
        makeABacklog(PATIENT);
        long start = System.nanoTime();
        CountDownLatch unread = new CountDownLatch(BACKLOG);
        ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
        try {
            // a third of the kernel's buffer, 4 MiB on Linux, must drain before the server may write again: a second
            Future<?> reading = reader.scheduleWithFixedDelay(
                    () -> {
                        assertThat(slow.frame().text()).startsWith("MESSAGE\n");
                        unread.countDown();
                    },
                    0,
                    SLOW_WRITE_TIMEOUT.toMillis() / (BACKLOG - 10),
                    TimeUnit.MILLISECONDS);
            Await.until("all of it is read", () -> unread.getCount() == 0 || reading.isDone());
        } finally {
            reader.shutdownNow();
        }

        assertThat(unread.getCount()).as("messages that did not come").isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SLOW_WRITE_TIMEOUT);
        assertThat(PATIENT.running().broker().sessionCount()).isEqualTo(1);
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

    private static RawWebSocket subscriber(TestServer server, RawTcp tcp) {
        return RawWebSocket.open(server.kept(tcp)).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
    }

    private static RawWebSocket slowSubscriber(TestServer server) {
        return subscriber(
                server, RawTcp.connectWithSmallReceiveBuffer(server.running().webSocketPort()));
    }

    private static RawTcp stalledSubscriber(TestServer server) {
        return slowSubscriber(server).tcp();
    }

    private static void publish(TestServer server, int messages) {
        byte[] body = new byte[BODY_BYTES];
        java.util.Arrays.fill(body, (byte) 'x');
        for (int i = 0; i < messages; i++) {
            server.running().broker().publish("/topic/a", Headers.EMPTY, body);
        }
    }

    private static void makeABacklog(TestServer server) {
        publish(server, BACKLOG);
        awaitHandedOut(server);
    }

    /** The one loop has handed out all that there was when it hands out one message more. */
    private static void awaitHandedOut(TestServer server) {
        RawTcp.connect(server.running().tcpPort())
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@" + "SEND\ndestination:/topic/b\n\n^@")
                .gotStart("MESSAGE\n")
                .close();
    }

    private static void readThrough(RawTcp stalled) {
        try {
            stalled.readToEnd();
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
