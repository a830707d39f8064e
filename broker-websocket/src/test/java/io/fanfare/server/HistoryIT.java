package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.StompClient;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several publishers and receivers on several loops write down what they sent and saw; afterwards it must add up. */
@Timeout(300)
class HistoryIT {

    private static final int PUBLISHERS = 4;
    private static final int BATCH = 10;
    private static final int BATCHES = 60;
    private static final int MESSAGES = BATCH * BATCHES;
    private static final String END = "end";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(server -> server.loops(4));

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** For each publisher, how many messages it has begun to send, and how many the broker has confirmed. */
    private final AtomicIntegerArray begun = new AtomicIntegerArray(PUBLISHERS);

    private final AtomicIntegerArray confirmed = new AtomicIntegerArray(PUBLISHERS);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /**
     * What a topic's subscriber saw, from the first message to the last.
     *
     * @param old how many messages of each publisher were confirmed before it sent SUBSCRIBE
     * @param all how many had been begun when its RECEIPT came
     */
    private record Subscriber(List<String> seen, int[] old, int[] all) {}

    @Test
    void aTopicHasOneOrderAndSubscribeIsABarrier() throws Exception {
        CountDownLatch begins = new CountDownLatch(4);
        CountDownLatch subscribed = new CountDownLatch(8);
        List<Future<Subscriber>> subscribers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int batch = i < 4 ? 0 : 10 * (i - 3);
            boolean webSocket = i % 2 == 0;
            subscribers.add(threads.submit(() -> {
                Await.until("the publisher has come so far", () -> begun.get(0) >= batch * BATCH);
                Runnable confirms = () -> {
                    begins.countDown();
                    subscribed.countDown();
                };
                return webSocket ? subscribeByWebSocket(confirms) : subscribe(confirms);
            }));
        }
        assertThat(begins.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        List<Future<?>> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int number = i;
            publishers.add(threads.submit(() -> publish("/topic/history", number)));
        }
        for (Future<?> publisher : publishers) {
            publisher.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        // one that came behind the end would wait for it in vain
        assertThat(subscribed.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        // behind all that is confirmed: nothing else tells a subscriber that a batch which had been begun has come
        RawTcp last = RawTcp.connect(SERVER.running().tcpPort()).connects();
        last.sends("SEND\ndestination:/topic/history\nreceipt:end\n\n" + END + "^@");
        last.gotStart("RECEIPT\nreceipt-id:end\n");
        last.close();
        List<String> order = subscribers
                .get(0)
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .seen();
        assertThat(order).hasSize(PUBLISHERS * MESSAGES);
        inOrder(order);
        for (Future<Subscriber> each : subscribers) {
            Subscriber subscriber = each.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            List<String> seen = subscriber.seen();
            assertThat(seen)
                    .as("the end of what others saw")
                    .isEqualTo(order.subList(order.size() - seen.size(), order.size()));
            for (String body : seen) {
                assertThat(index(body))
                        .as("%s, sent before SUBSCRIBE", body)
                        .isGreaterThanOrEqualTo(subscriber.old()[publisher(body)]);
            }
            for (int i = 0; i < PUBLISHERS; i++) {
                int number = i;
                long after = seen.stream()
                        .filter(body -> publisher(body) == number
                                && index(body) >= subscriber.all()[number])
                        .count();
                assertThat(after)
                        .as("sent by %s after the RECEIPT", number)
                        .isEqualTo(MESSAGES - subscriber.all()[number]);
            }
        }
    }

    private void publish(String destination, int publisher) {
        RawTcp client = RawTcp.connect(SERVER.running().tcpPort()).connects();
        for (int batch = 0; batch < BATCHES; batch++) {
            begun.set(publisher, (batch + 1) * BATCH);
            client.sends(batch(destination, publisher, batch));
            client.gotStart("RECEIPT\nreceipt-id:r" + batch + "\n");
            confirmed.set(publisher, (batch + 1) * BATCH);
        }
        client.close();
    }

    /** Ten messages, the last one with a receipt: with it, all are in. */
    static String batch(String destination, int publisher, int batch) {
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
            frames.append("SEND\ndestination:").append(destination);
            frames.append(i == BATCH - 1 ? "\nreceipt:r" + batch : "");
            frames.append("\n\n" + publisher + " " + (batch * BATCH + i) + "^@");
        }
        return frames.toString();
    }

    private Subscriber subscribe(Runnable confirms) {
        RawTcp client = RawTcp.connect(SERVER.running().tcpPort()).connects();
        int[] old = copy(confirmed);
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/history\nreceipt:s\n\n^@")
                .got("RECEIPT\nreceipt-id:s\n\n^@");
        int[] all = copy(begun);
        confirms.run();
        List<String> seen = new ArrayList<>();
        for (String body = body(client.frame()); !body.equals(END); body = body(client.frame())) {
            seen.add(body);
        }
        client.close();
        return new Subscriber(seen, old, all);
    }

    private Subscriber subscribeByWebSocket(Runnable confirms) {
        try (StompClient client = StompClient.connect(SERVER.running().webSocketUri())) {
            List<String> seen = new CopyOnWriteArrayList<>();
            int[] old = copy(confirmed);
            client.subscribe("/topic/history", message -> seen.add(message.bodyAsString()))
                    .confirmed()
                    .join();
            int[] all = copy(begun);
            confirms.run();
            Await.until("the end", () -> seen.contains(END));
            return new Subscriber(List.copyOf(seen.subList(0, seen.indexOf(END))), old, all);
        }
    }

    @Test
    void aQueueWithSteadyConsumersDeliversEachMessageOnceAndInOrder() throws Exception {
        CountDownLatch begins = new CountDownLatch(3);
        CountDownLatch left = new CountDownLatch(PUBLISHERS * MESSAGES);
        List<Future<List<String>>> consumers = new ArrayList<>();
        List<RawTcp> sockets = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            consumers.add(threads.submit(() -> {
                RawTcp client = RawTcp.connect(SERVER.running().tcpPort()).connects();
                sockets.add(client);
                return consume(client, begins, left);
            }));
        }
        assertThat(begins.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < PUBLISHERS; i++) {
            int number = i;
            threads.submit(() -> publish("/queue/steady", number));
        }
        assertThat(left.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("all were seen")
                .isTrue();
        SERVER.awaitSessions(3);
        sockets.forEach(RawTcp::close);
        List<String> all = new ArrayList<>();
        for (Future<List<String>> consumer : consumers) {
            List<String> seen = consumer.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            inOrder(seen);
            all.addAll(seen);
        }
        assertThat(all).hasSize(PUBLISHERS * MESSAGES).doesNotHaveDuplicates();
    }

    private static List<String> consume(RawTcp client, CountDownLatch begins, CountDownLatch left) {
        client.sends("SUBSCRIBE\nid:0\ndestination:/queue/steady\nack:client\nprefetch-count:20\nreceipt:s\n\n^@");
        client.got("RECEIPT\nreceipt-id:s\n\n^@");
        begins.countDown();
        List<String> seen = new ArrayList<>();
        try {
            while (true) {
                String frame = client.frame();
                if (left.getCount() == 0) {
                    // what another consumer, which has been closed already, had not acknowledged
                    return seen;
                }
                assertThat(frame).doesNotContain("redelivered");
                seen.add(body(frame));
                if (seen.size() % 5 == 0) {
                    client.sends("ACK\nid:" + HistoryConsumer.header(frame, "ack") + "\n\n^@");
                }
                left.countDown();
            }
        } catch (java.io.UncheckedIOException e) {
            return seen;
        }
    }

    /** Each publisher's messages stand in the order in which it sent them. */
    private static void inOrder(List<String> seen) {
        int[] last = new int[PUBLISHERS];
        Arrays.fill(last, -1);
        for (String body : seen) {
            assertThat(index(body))
                    .as("what follows %s of %s", last[publisher(body)], publisher(body))
                    .isGreaterThan(last[publisher(body)]);
            last[publisher(body)] = index(body);
        }
    }

    static String body(String frame) {
        return frame.substring(frame.indexOf("\n\n") + 2, frame.length() - 2);
    }

    private static int publisher(String body) {
        return Integer.parseInt(body.substring(0, body.indexOf(' ')));
    }

    private static int index(String body) {
        return Integer.parseInt(body.substring(body.indexOf(' ') + 1));
    }

    private static int[] copy(AtomicIntegerArray counts) {
        return IntStream.range(0, PUBLISHERS).map(counts::get).toArray();
    }
}
