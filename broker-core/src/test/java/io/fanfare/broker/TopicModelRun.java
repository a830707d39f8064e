package io.fanfare.broker;

import io.fanfare.broker.TopicModelSubscription.Policy;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random steps of publishers and subscribers of topics, and what each subscriber sees of them. */
final class TopicModelRun extends BrokerTest {

    private static final int STEPS = 80;
    private static final int CLIENTS = 4;

    /** More than the topics that patterns alone may keep up. */
    private static final int MANY_TOPICS = 10_001;

    private static final List<String> TOPICS = List.of("/topic/a", "/topic/b", "/topic/x.a", "/topic/x.b");

    private static final List<List<String>> TARGETS = List.of(
            List.of("/topic/a"),
            List.of("/topic/x.a"),
            List.of("/topic/*"),
            List.of("/topic/*"),
            List.of("/topic/x.*"),
            List.of("/topic/x.#"),
            List.of("/topic/*", "/topic/x.*"),
            List.of("/topic/a", "/topic/x.b"),
            List.of("/topic/*", "/topic/a"),
            List.of("/topic/x.#", "/topic/x.*", "/topic/b"));

    /** A connection, and its subscriptions as the client knows them: by the RECEIPTs that it has seen. */
    private static final class Peer {
        final Client client;
        final Map<String, TopicModelSubscription> subscribed = new HashMap<>();
        final Map<String, TopicModelSubscription> seen = new HashMap<>();
        final Map<String, Runnable> onReceipt = new HashMap<>();
        boolean reads = true;

        Peer(Client client) {
            this.client = client;
        }
    }

    private final SplittableRandom random;
    private final boolean roomy;
    private final List<Peer> peers = new ArrayList<>();
    private final List<TopicModelSubscription> all = new ArrayList<>();
    private Client publisher;
    private Client otherPublisher;
    private int lastMessage;

    TopicModelRun(SplittableRandom random) {
        this.random = random;
        this.roomy = random.nextInt(3) > 0;
    }

    void run() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(roomy ? 1 << 20 : 4_000))
                .build());
        publisher = connectTo(loop);
        otherPublisher = connectTo(otherLoop);
        for (int i = 0; i < CLIENTS; i++) {
            peers.add(peer(i));
        }
        try {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            compare();
            nothingIsLeftBehindWhenAllHaveGone();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n--- transcript\n" + transcript(), e);
        }
    }

    private Peer peer(int index) {
        return new Peer(connect("1.2", Framing.TCP, index % 2 == 0 ? loop : otherLoop));
    }

    private void step() {
        int index = random.nextInt(CLIENTS);
        Peer peer = peers.get(index);
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> subscribe(peer);
            case 3 -> unsubscribe(peer);
            case 4, 5 -> stopReading(peer);
            case 6 -> {
                if (!peer.reads) {
                    peer.client.hasRoom(random.nextInt(1_000));
                }
            }
            case 7, 8 -> reads(peer);
            case 9 -> compare();
            case 10, 11 -> passTime(random.nextInt(700));
            case 12 -> lose(index);
            case 13 -> {
                if (random.nextInt(8) == 0) {
                    evictAll();
                }
            }
            case 14, 15 -> (random.nextBoolean() ? loop : otherLoop).takeTurn();
            default -> send(1 + random.nextInt(5));
        }
        if (random.nextInt(3) == 0) {
            settle();
        }
    }

    private long millis() {
        return Duration.ofNanos(loop.now()).toMillis();
    }

    // ---- steps ----------------------------------------------------------------------------------------------------

    private void subscribe(Peer peer) {
        // the same ids as others have: then subscriptions share bytes, and what is held back
        String id = "s" + random.nextInt(3);
        List<String> targets = TARGETS.get(random.nextInt(TARGETS.size()));
        Policy policy = Policy.values()[random.nextInt(Policy.values().length)];
        boolean tooSlow = policy == Policy.NONE && !roomy;
        if (peer.subscribed.containsKey(id) || tooSlow) {
            return;
        }
        TopicModelSubscription subscription = new TopicModelSubscription(all.size(), id, targets, policy, millis());
        String receipt = "subscribed " + subscription.number;
        peer.onReceipt.put(receipt, () -> peer.seen.put(id, subscription));
        peer.client.feeds(subscription.subscribe() + "receipt:" + receipt + "\n\n^@");
        peer.subscribed.put(id, subscription);
        all.add(subscription);
    }

    private void unsubscribe(Peer peer) {
        peer.subscribed.keySet().stream().min(Comparator.naturalOrder()).ifPresent(id -> {
            TopicModelSubscription subscription = peer.subscribed.remove(id);
            subscription.active = false;
            String receipt = "unsubscribed " + subscription.number;
            peer.onReceipt.put(receipt, () -> peer.seen.remove(id));
            peer.client.feeds("UNSUBSCRIBE\nid:" + id + "\nreceipt:" + receipt + "\n\n^@");
        });
    }

    private void stopReading(Peer peer) {
        look(peer);
        peer.reads = false;
        peer.client.stopsReading();
    }

    private void reads(Peer peer) {
        peer.client.reads();
        settle();
        look(peer);
        peer.subscribed.values().forEach(each -> each.resetRate(millis()));
        peer.reads = true;
    }

    private void passTime(int millis) {
        settle();
        pass(Duration.ofMillis(millis));
        peers.forEach(this::look);
    }

    private void lose(int index) {
        Peer peer = peers.get(index);
        look(peer);
        peer.subscribed.values().forEach(each -> each.active = false);
        peer.client.loop().run(peer.client.connection()::abort);
        peers.set(index, peer(index));
    }

    private void send(int count) {
        Client from = random.nextBoolean() ? publisher : otherPublisher;
        for (int i = 0; i < count && !from.connection().isSuspended(); i++) {
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            int message = ++lastMessage;
            int key = random.nextInt(3);
            all.forEach(each -> each.published(topic, message, key));
            from.feeds("SEND\ndestination:" + topic + "\nkey:" + key + "\n\n" + message + "^@");
        }
    }

    /** Topics that patterns alone keep up make room for very many others. */
    private void evictAll() {
        note("-- topics are evicted");
        HandLoop itsLoop = random.nextBoolean() ? loop : otherLoop;
        BareClient many = new BareClient(broker, itsLoop);
        many.sends("SUBSCRIBE\nid:0\ndestination:/topic/e.*.e\n\n\0");
        StringBuilder sends = new StringBuilder();
        for (int i = 0; i < MANY_TOPICS; i++) {
            sends.append("SEND\ndestination:/topic/e.").append(i).append(".e\n\n\0");
        }
        many.sends(sends.toString());
        many.isLost();
    }

    // ---- what clients see -----------------------------------------------------------------------------------------

    private void look(Peer peer) {
        peer.client.takeAll().forEach(received -> saw(peer, received));
        if (peer.reads) {
            peer.subscribed.values().forEach(each -> each.checkRate(millis()));
        }
    }

    private static void saw(Peer peer, Received received) {
        switch (received.command()) {
            case "RECEIPT" ->
                peer.onReceipt.remove(received.header("receipt-id")).run();
            case "MESSAGE" -> {
                TopicModelSubscription subscription = peer.seen.get(received.header("subscription"));
                if (subscription == null) {
                    throw new AssertionError(peer.client + " has no subscription for " + received);
                }
                subscription.saw(received);
            }
            default -> throw new AssertionError(peer.client + " got " + received);
        }
    }

    /** All read, and time goes by until nothing is held back any more. */
    private void compare() {
        settle();
        peers.forEach(this::reads);
        passTime(3_000);
        for (Peer peer : peers) {
            peer.subscribed.values().forEach(each -> each.sawAll(roomy, isAlone(peer, each)));
        }
        CloseCode closed = peers.stream()
                .map(peer -> peer.client.connection().closeCode())
                .filter(code -> code != null)
                .findAny()
                .orElse(null);
        long subscriptions = peers.stream()
                .flatMap(peer -> peer.subscribed.values().stream())
                .mapToLong(TopicModelSubscription::bytes)
                .sum();
        if (closed != null || broker.memoryBytes() != subscriptions) {
            throw new AssertionError("closed with " + closed + ", " + broker.memoryBytes() + " B are held, "
                    + subscriptions + " of them by subscriptions");
        }
    }

    /** Whether no other has ever had a subscription like it, so that nothing it was entitled to was counted for others. */
    private boolean isAlone(Peer peer, TopicModelSubscription subscription) {
        return all.stream()
                .filter(each -> each != subscription)
                .noneMatch(each -> each.id.equals(subscription.id) && each.policy == subscription.policy);
    }
}
