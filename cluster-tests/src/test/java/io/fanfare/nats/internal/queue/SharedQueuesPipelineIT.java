package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.message.Destination;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.fanfare.testing.Relay;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Publishers that do not wait for RECEIPTs, at a node whose only NATS server is lost in the middle of bursts: what has a RECEIPT is in
 * the queue once, each publisher's messages are in their order, and what was refused is not there.
 */
class SharedQueuesPipelineIT {

    private static final int PUBLISHERS = 3;
    private static final int MESSAGES = 1500;

    /** Bytes of a connection, at most, before it is cut. */
    private static final int MOST_BYTES = 150_000;

    /** Longer than any machine takes: a message that is refused for that may be in the queue all the same. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final String name = "seed " + seed + " (-Dseed=)";
    private final Random random = new Random(seed);
    private final List<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean calm;

    /** Those with a RECEIPT, and those with a refusal. */
    private final Set<String> receipted = ConcurrentHashMap.newKeySet();

    private final Map<String, String> refused = new ConcurrentHashMap<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T what) {
        open.add(what);
        return what;
    }

    private QueueNode node(String url, int most) {
        NatsOptions options = NatsOptions.builder(url)
                .sharedQueues(List.of("/queue/#"))
                .ackWait(Duration.ofSeconds(30))
                .build();
        return opened(new QueueNode(
                options,
                PATIENCE,
                broker -> broker.queues(q -> q.maxQueueBytes(10 << 20).maxQueueMessages(most))));
    }

    @Test
    void connectionsThatAreCutInABurstLoseNothingAndKeepTheOrder(@TempDir Path directory) throws Exception {
        NatsServers nats = opened(NatsServers.withJetStream(directory, 1));
        Relay relay = opened(Relay.to(nats.port(0), this::carryAndCut, this::carryAndCut));
        publish(node("nats://127.0.0.1:" + relay.port(), PUBLISHERS * MESSAGES));
        assertThat(refused).as(name).isEmpty();
        checkAll(read(node(nats.url(0), PUBLISHERS * MESSAGES)));
        assertThat(cuts).as(name).hasValueGreaterThan(2);
    }

    /** Carries bytes, and ends after some of them in the middle, silently at times. */
    private void carryAndCut(Socket from, Socket to) throws IOException {
        int left;
        boolean isSilent;
        synchronized (random) {
            left = random.nextInt(MOST_BYTES);
            isSilent = random.nextInt(4) == 0;
        }
        byte[] buffer = new byte[2048];
        for (int read = from.getInputStream().read(buffer);
                read >= 0;
                read = from.getInputStream().read(buffer)) {
            if (!calm && read >= left) {
                to.getOutputStream().write(buffer, 0, left);
                cuts.incrementAndGet();
                if (isSilent) {
                    // until the other side gives up
                    from.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
                throw new IOException("cut");
            }
            left -= read;
            to.getOutputStream().write(buffer, 0, read);
        }
    }

    @Test
    void aServerThatIsKilledInABurstLosesNothingAndKeepsTheOrder(@TempDir Path directory) throws Exception {
        NatsServers nats = opened(NatsServers.withJetStream(directory, 1));
        QueueNode node = node(nats.url(0), PUBLISHERS * MESSAGES);
        Thread killer = new Thread(() -> {
            for (int i = 1; i <= 3; i++) {
                int mark = i * PUBLISHERS * MESSAGES / 4 + random.nextInt(200);
                Await.until("so many RECEIPTs", () -> receipted.size() >= mark);
                nats.kill(0);
                nats.restart(0);
                cuts.incrementAndGet();
            }
        });
        killer.start();
        publish(node);
        killer.join();
        assertThat(cuts).as(name).hasValue(3);
        assertThat(refused).as(name).isEmpty();
        checkAll(read(node));
    }

    @Test
    void aServerThatStandsStillInABurstLosesNothingAndKeepsTheOrder(@TempDir Path directory) throws Exception {
        NatsServers nats = opened(NatsServers.withJetStream(directory, 1));
        QueueNode node = node(nats.url(0), PUBLISHERS * MESSAGES);
        Thread freezer = new Thread(() -> {
            for (int i = 1; i <= 2; i++) {
                int mark = i * PUBLISHERS * MESSAGES / 4 + random.nextInt(200);
                Await.until("so many RECEIPTs", () -> receipted.size() >= mark);
                nats.freeze(0);
                // longer than a connection waits for a server
                LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
                nats.thaw(0);
            }
        });
        freezer.start();
        publish(node);
        freezer.join();
        assertThat(refused).as(name).isEmpty();
        checkAll(read(node));
    }

    @Test
    void aQueueThatIsFullNowAndThenKeepsTheOrderOfWhatItTakes(@TempDir Path directory) throws Exception {
        int most = 100;
        NatsServers nats = opened(NatsServers.withJetStream(directory, 1));
        Relay relay = opened(Relay.to(nats.port(0), this::carryAndCut, this::carryAndCut));
        QueueNode node = node("nats://127.0.0.1:" + relay.port(), most);
        QueueNode other = node(nats.url(0), most);
        List<String> bodies = Collections.synchronizedList(new ArrayList<>());
        RawTcp consumer = opened(subscribed(other, 16));
        Thread reader = new Thread(() -> {
            while (true) {
                try {
                    bodies.add(take(consumer));
                } catch (RuntimeException | AssertionError e) {
                    // nothing has come for long, or the end
                    return;
                }
            }
        });
        reader.start();
        publish(node);
        Await.until("all that has a RECEIPT, " + name, () -> new HashSet<>(List.copyOf(bodies)).containsAll(receipted));
        consumer.close();
        reader.join();
        refused.values().forEach(why -> assertThat(why).as(name).isIn("queue full", "queue unavailable"));
        check(List.copyOf(bodies));
    }

    @Test
    void aServerInNoClusterKeepsItsStreamsAloneAndOneOfThreeDoesNot(@TempDir Path one, @TempDir Path three)
            throws Exception {
        NatsServers alone = opened(NatsServers.withJetStream(one, 1));
        NatsServers several = opened(NatsServers.withJetStream(three, 3));
        assertThat(aloneAt(alone)).isNotEmpty();
        assertThat(aloneAt(several)).isEmpty();
    }

    private String aloneAt(NatsServers nats) throws Exception {
        Connection connection = opened(Nats.connect(nats.url(0)));
        Link link = new Link(opened(new Worker("queues")));
        link.connected(connection);
        NatsOptions options = NatsOptions.builder(nats.url(0)).replicas(1).build();
        Engine engine = new Engine(link, options, new QueueLimits(100, 1 << 20, Duration.ofMinutes(2)));
        Engine.Stream[] stream = new Engine.Stream[1];
        Await.until("a stream", () -> {
            try {
                stream[0] = engine.make(StreamName.of("fanfare", Destination.queue("a")), "/queue/a");
                return true;
            } catch (IOException | JetStreamApiException e) {
                // the cluster has no leader yet
                return false;
            }
        });
        return stream[0].aloneAt();
    }

    /** All publishers at once, each far ahead of its RECEIPTs. */
    private void publish(QueueNode node) throws Exception {
        List<Thread> publishers = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < PUBLISHERS; i++) {
            String own = "p" + i;
            Thread thread = new Thread(() -> {
                try {
                    publish(node, own);
                } catch (RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            });
            publishers.add(thread);
            thread.start();
        }
        for (Thread each : publishers) {
            each.join();
        }
        calm = true;
        assertThat(failures).as(name).isEmpty();
    }

    private void publish(QueueNode node, String own) {
        try (RawTcp client = RawTcp.connect(node.server().tcpPort())) {
            client.sends("CONNECT\naccept-version:1.2\nhost:h\nsoft-errors:true\n\n^@")
                    .gotStart("CONNECTED\n");
            client.deadline(PATIENCE.plusSeconds(30));
            Thread sender = new Thread(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    String id = own + "-" + i;
                    client.sends("SEND\ndestination:/queue/a\nreceipt:" + id + "\n\n" + id + "^@");
                }
            });
            sender.start();
            for (int i = 0; i < MESSAGES; i++) {
                Received answer = received(client);
                assertThat(answer.find("receipt-id")).as("%s", answer).isEqualTo(own + "-" + i);
                if (answer.command().equals("RECEIPT")) {
                    receipted.add(own + "-" + i);
                } else {
                    refused.put(own + "-" + i, answer.find("message"));
                }
            }
        }
    }

    private static Received received(RawTcp client) {
        return Received.of(client.frame().replaceFirst("\\R$", ""));
    }

    private static RawTcp subscribed(QueueNode node, int prefetch) {
        RawTcp client = RawTcp.connect(node.server().tcpPort());
        client.connects();
        client.sends(
                "SUBSCRIBE\nid:0\nack:client-individual\nprefetch-count:" + prefetch + "\ndestination:/queue/a\n\n^@");
        return client;
    }

    private static String take(RawTcp client) {
        Received message = received(client);
        client.sends("ACK\nid:" + message.header("ack") + "\n\n^@");
        return message.text();
    }

    private List<String> read(QueueNode node) {
        List<String> bodies = new ArrayList<>();
        try (RawTcp client = subscribed(node, 100)) {
            for (int i = 0; i < receipted.size(); i++) {
                bodies.add(take(client));
            }
            client.silentFor(Duration.ofMillis(300));
        }
        return bodies;
    }

    private void checkAll(List<String> bodies) {
        assertThat(receipted).as(name).hasSize(PUBLISHERS * MESSAGES);
        check(bodies);
    }

    private void check(List<String> bodies) {
        assertThat(bodies).as(name).doesNotHaveDuplicates().noneMatch(refused::containsKey);
        assertThat(new HashSet<>(bodies)).as(name).containsAll(receipted);
        Map<String, Integer> last = new HashMap<>();
        for (String each : bodies) {
            String publisher = each.substring(0, each.indexOf('-'));
            int number = Integer.parseInt(each.substring(each.indexOf('-') + 1));
            Integer before = last.put(publisher, number);
            assertThat(number)
                    .as("behind %s of %s, %s", before, publisher, name)
                    .isGreaterThan(before == null ? -1 : before);
        }
    }
}
