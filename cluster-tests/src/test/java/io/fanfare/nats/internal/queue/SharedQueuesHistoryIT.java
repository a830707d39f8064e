package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.nats.client.Connection;
import io.nats.client.Nats;
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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Consumers of three nodes that acknowledge, give back and go at random, and a node that is killed among them: each message is
 * settled once, none has two consumers at a time, and none that was seen before comes without saying so, but for a known fault
 * of old servers.
 */
class SharedQueuesHistoryIT {

    private static final int MESSAGES = 300;
    private static final int CONSUMERS = 6;
    private static final int PREFETCH = 4;

    /** Few of some thousand deliveries; were counts lost at nodes, it would be most of those that come again. */
    private static final int MOST_STEPPED_BACK = 2;

    /** Looks at a client without a message, after which it goes. */
    private static final int MOST_IDLE = 300;

    /** What each message that a consumer has read and not let go of belongs to. */
    private final Map<String, String> owners = new ConcurrentHashMap<>();

    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> settled = ConcurrentHashMap.newKeySet();

    /** Those whose ACK was not confirmed before the connection ended. */
    private final Set<String> perhapsSettled = ConcurrentHashMap.newKeySet();

    /**
     * Those that a server of version 2.9 has delivered twice as if the second time were the first: it steps back by one message
     * when it redelivers another and finds no request but withdrawn ones.
     */
    private final Set<String> steppedBack = ConcurrentHashMap.newKeySet();

    private volatile boolean over;
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final List<QueueNode> nodes = Collections.synchronizedList(new ArrayList<>());
    private final Set<QueueNode> killed = ConcurrentHashMap.newKeySet();

    @Test
    void eachMessageIsSettledOnceAndHasOneConsumerAtATime(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        String name = "seed " + seed + " (-Dseed=)";
        Random random = new Random(seed);
        List<Thread> consumers = new ArrayList<>();
        int most;
        try (NatsServers nats = NatsServers.withJetStream(directory, 1)) {
            try {
                for (int i = 0; i < 3; i++) {
                    nodes.add(node(nats));
                }
                for (int i = 0; i < CONSUMERS; i++) {
                    Random own = new Random(random.nextLong());
                    String who = "consumer " + i;
                    consumers.add(new Thread(() -> consume(who, own), who));
                }
                consumers.forEach(Thread::start);
                most = stepsBack(nats) ? MOST_STEPPED_BACK : 0;
                publish();
                Await.until("half of them", () -> settled.size() > MESSAGES / 2 || !wrong.isEmpty());
                QueueNode victim = nodes.remove(0);
                killed.add(victim);
                victim.isKilled();
                Await.until(name, () -> isEmpty(nats) || !wrong.isEmpty());
            } finally {
                over = true;
                for (Thread each : consumers) {
                    each.join();
                }
                List.copyOf(nodes).forEach(QueueNode::close);
            }
        }
        assertThat(wrong).as(name).isEmpty();
        assertThat(steppedBack).as("came again without a word, " + name).hasSizeLessThanOrEqualTo(most);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(settled.contains(String.valueOf(i)) || perhapsSettled.contains(String.valueOf(i)))
                    .as(i + " was lost, " + name)
                    .isTrue();
        }
    }

    private static boolean stepsBack(NatsServers nats) throws Exception {
        try (Connection connection = Nats.connect(nats.url(0))) {
            return connection.getServerInfo().isOlderThanVersion("2.10.0");
        }
    }

    private static boolean isEmpty(NatsServers nats) throws Exception {
        try (Connection connection = Nats.connect(nats.url(0))) {
            return connection
                            .jetStreamManagement()
                            .getStreamInfo(StreamName.of("fanfare", Destination.queue("a")).stream())
                            .getStreamState()
                            .getMsgCount()
                    == 0;
        }
    }

    private static QueueNode node(NatsServers nats) {
        NatsOptions options = NatsOptions.builder()
                .servers(nats.urls())
                .sharedQueues(List.of("/queue/#"))
                .ackWait(Duration.ofSeconds(2))
                .build();
        return new QueueNode(
                options,
                Duration.ofMinutes(5),
                broker -> broker.queues(
                        q -> q.maxQueueBytes(10 << 20).maxDeliveries(1000).maxRedeliveryDelay(Duration.ofMillis(100))));
    }

    private void publish() {
        try (RawTcp client = RawTcp.connect(nodes.get(0).server().tcpPort())) {
            client.connects();
            for (int i = 0; i < MESSAGES; i++) {
                client.sends("SEND\ndestination:/queue/a\nreceipt:" + i + "\n\n" + i + "^@");
            }
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(client.frame()).contains("receipt-id:" + i + "\n");
            }
        }
    }

    private void consume(String who, Random random) {
        int connections = 0;
        while (!isOver()) {
            Set<String> mine = new HashSet<>();
            Map<String, String> receipts = new HashMap<>();
            String me = who + " connection " + ++connections;
            QueueNode node = nodes.get(random.nextInt(2));
            try (RawTcp client = RawTcp.connect(node.server().tcpPort())) {
                client.connects();
                client.sends("SUBSCRIBE\nid:0\nack:client-individual\nprefetch-count:" + PREFETCH
                        + "\ndestination:/queue/a\n\n^@");
                consume(me, client, node, random, mine, receipts);
                // before the broker knows: from now on another may have them
                perhapsSettled.addAll(receipts.values());
                mine.forEach(each -> owners.remove(each, me));
            } catch (RuntimeException | AssertionError e) {
                perhapsSettled.addAll(receipts.values());
                mine.forEach(each -> owners.remove(each, me));
                if (!killed.contains(node) && !isOver()) {
                    wrong.add(me + " got " + e);
                }
            }
        }
    }

    private boolean isOver() {
        return over || !wrong.isEmpty();
    }

    private void consume(
            String me, RawTcp client, QueueNode node, Random random, Set<String> mine, Map<String, String> receipts) {
        int idle = 0;
        for (int left = 3 + random.nextInt(20);
                left > 0 && mine.size() < PREFETCH && !isOver() && !killed.contains(node); ) {
            if (!client.hasReceived()) {
                if (++idle > MOST_IDLE) {
                    // what is left may all be with consumers that wait for more
                    return;
                }
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                continue;
            }
            idle = 0;
            Received frame = Received.of(client.frame().replaceFirst("\\R$", ""));
            if (frame.command().equals("RECEIPT")) {
                String body = receipts.remove(frame.header("receipt-id"));
                if (!settled.add(body) && !steppedBack.contains(body)) {
                    wrong.add(body + " was settled twice, " + me);
                }
                continue;
            }
            left--;
            decide(me, client, frame, random, mine, receipts);
        }
    }

    private void decide(
            String me, RawTcp client, Received message, Random random, Set<String> mine, Map<String, String> receipts) {
        String body = message.text();
        if (!seen.add(body) && !message.has("redelivered")) {
            steppedBack.add(body);
        }
        String before = owners.putIfAbsent(body, me);
        if ((before != null || settled.contains(body)) && !steppedBack.contains(body)) {
            wrong.add(body + " came to " + me
                    + (before == null ? " after it was settled" : " while it was with " + before));
        }
        mine.add(body);
        int choice = random.nextInt(10);
        if (choice < 5) {
            mine.remove(body);
            receipts.put("r" + body, body);
            owners.remove(body, me);
            client.sends("ACK\nid:" + message.header("ack") + "\nreceipt:r" + body + "\n\n^@");
        } else if (choice < 8) {
            mine.remove(body);
            owners.remove(body, me);
            client.sends("NACK\nid:" + message.header("ack") + "\n\n^@");
        }
    }
}
