package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.DurableModel.Holding;
import io.fanfare.broker.DurableModel.Kept;
import io.fanfare.broker.DurableModel.Key;
import io.fanfare.broker.DurableModel.Terms;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Random steps of clients with durable subscriptions, and what each of them sees. */
final class DurableModelRun extends BrokerTest {

    private static final int STEPS = 80;
    private static final int MAX_DESTINATIONS = 40;
    private static final List<String> TOPICS = List.of("/topic/a", "/topic/x.a", "/topic/x.b");
    private static final List<String> NAMES = List.of("n", "m");

    /** Three connections of one client, one of another user that claims its client-id, one of its user's other client. */
    private static final List<List<String>> IDENTITIES = List.of(
            List.of("bob", "page"),
            List.of("bob", "page"),
            List.of("bob", "page"),
            List.of("eve", "page"),
            List.of("bob", "phone"));

    private static final List<Terms> TERMS = List.of(
            new Terms(List.of("/topic/a"), 0, false),
            new Terms(List.of("/topic/#"), 0, false),
            new Terms(List.of("/topic/#"), 0, false),
            new Terms(List.of("/topic/#"), 0, false),
            new Terms(List.of("/topic/x.*", "/topic/x.a"), 0, false),
            new Terms(List.of("/topic/x.#", "/topic/a"), 1, false),
            new Terms(List.of("/topic/#"), 0, true));

    private record Sight(Holding holding, Received message) {}

    private final SplittableRandom random;
    private final DurableModel model = new DurableModel();
    private final List<DurableModelPeer> peers = new ArrayList<>();

    /** Those that are over and may have something to read. */
    private final List<DurableModelPeer> gone = new ArrayList<>();

    private final boolean roomy;
    private int lastMessage;
    private int lastId;

    DurableModelRun(SplittableRandom random) {
        this.random = random;
        this.roomy = random.nextBoolean();
    }

    void run() {
        brokerWith(BrokerOptions.builder()
                .queues(q ->
                        q.maxDeliveries(1_000).redeliveryDelay(Duration.ZERO).durableExpiry(Duration.ofHours(1)))
                .destinations(d -> d.maxDestinations(MAX_DESTINATIONS))
                .outbox(o -> o.maxOutboxBytes(roomy ? 1 << 20 : 2_000))
                .build());
        for (int i = 0; i < IDENTITIES.size(); i++) {
            peers.add(peer(i));
        }
        try {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            compare();
            allIsSettledInTheEnd();
            nothingIsLeftBehindWhenAllHaveGone();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n--- transcript\n" + transcript(), e);
        }
    }

    private DurableModelPeer peer(int index) {
        List<String> identity = IDENTITIES.get(index);
        HandLoop itsLoop = random.nextBoolean() ? loop : otherLoop;
        String lines = "login:" + identity.get(0) + "\nclient-id:" + identity.get(1);
        return new DurableModelPeer(Clients.connectWith(this, lines, itsLoop), identity.get(0), identity.get(1));
    }

    private void step() {
        look();
        DurableModelPeer peer = peers.get(random.nextInt(peers.size()));
        // it may have gone while others connected; and frames of one that is not read from have their effect
        // later than the model says
        if (!peer.isOver() && !peer.client.connection().isSuspended()) {
            act(peer);
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> compare();
            case 2, 3 -> loop.takeTurn();
            case 4, 5 -> otherLoop.takeTurn();
            default -> {}
        }
    }

    private void act(DurableModelPeer peer) {
        switch (random.nextInt(32)) {
            case 0, 1, 2, 3, 4 -> subscribe(peer);
            case 5, 6 -> leave(peer);
            case 7 -> end(peer);
            case 8, 9, 10, 11, 12 -> settle(peer, false);
            case 13, 14 -> settle(peer, true);
            case 15 -> stopReading(peer);
            case 16 -> hasSomeRoom(peer);
            case 17 -> lose(peer);
            case 18 -> disconnect(peer);
            case 19 -> {
                if (random.nextInt(4) == 0) {
                    refusedForWantOfRoom(peer);
                }
            }
            default -> send(peer);
        }
    }

    // ---- steps ----------------------------------------------------------------------------------------------------

    private void subscribe(DurableModelPeer peer) {
        Key key = new Key(peer.user, peer.clientId, NAMES.get(random.nextInt(4) / 3));
        Kept found = model.find(key);
        boolean same = found != null && random.nextInt(4) > 0;
        Terms terms = same ? found.terms : TERMS.get(random.nextInt(TERMS.size()));
        String ackMode = List.of("auto", "client", "client-individual").get(random.nextInt(3));
        String id = "s" + ++lastId;
        if (found != null && found.holding() != null && found.holding().peer == peer) {
            if (random.nextInt(8) == 0) {
                // one connection can't have it twice
                peer.mayFailWith("subscription in use");
                peer.client.feeds(found.holding().frame().replaceFirst("id:[^\n]*", "id:" + id) + "\n\n^@");
                assertThat(peer.isOver()).as("%s has it twice", peer).isTrue();
            }
            return;
        }
        if (terms.noLocal()) {
            // what waits for a slow subscriber of the topic is another connection's for the next holder
            allIsHandedOut();
            if (peer.isOver()) {
                return;
            }
        }
        Holding holding = model.subscribe(key, terms, peer, id, ackMode, 1 + random.nextInt(8));
        peer.holdings.put(id, holding);
        peer.client.feeds(holding.frame() + "\nreceipt:+" + id + "\n\n^@");
    }

    private void allIsHandedOut() {
        settle();
        while (loop.mailbox().heldBack() + otherLoop.mailbox().heldBack() > 0) {
            pass(Duration.ofMillis(20));
        }
    }

    /** It goes on without the client. */
    private void leave(DurableModelPeer peer) {
        Holding holding = holdingOf(peer);
        if (holding != null) {
            model.leave(holding);
            peer.client.feeds("UNSUBSCRIBE\nid:" + holding.id + "\nreceipt:-" + holding.id + "\n\n^@");
        }
    }

    /** Ends one for good: the client's own, one that its client has left behind, or one that it has no right to. */
    private void end(DurableModelPeer peer) {
        // the broker knows which connections have ended
        settle();
        look();
        if (peer.isOver()) {
            return;
        }
        Key key = new Key(peer.user, peer.clientId, NAMES.get(random.nextInt(4) / 3));
        Kept found = model.find(key);
        Holding holding = found == null ? null : found.holding();
        boolean own = holding != null && holding.peer == peer;
        String id = own ? holding.id : "other" + ++lastId;
        if (holding != null && !own) {
            peer.mayFailWith("subscription in use");
        } else if (found == null) {
            peer.mayFailWith("no such subscription");
        } else {
            model.end(found);
        }
        peer.client.feeds(
                "UNSUBSCRIBE\nid:" + id + "\ndurable-subscription-name:" + key.name() + "\nreceipt:-" + id + "\n\n^@");
        boolean refused = found == null || (holding != null && !own);
        assertThat(peer.isOver()).as("the UNSUBSCRIBE of %s is refused", peer).isEqualTo(refused);
    }

    private void settle(DurableModelPeer peer, boolean back) {
        List<Holding> some = peer.holdings.values().stream()
                .filter(each -> model.unsettled(each) > 0)
                .sorted(Comparator.comparing(each -> each.order))
                .toList();
        if (some.isEmpty()) {
            return;
        }
        Holding holding = some.get(random.nextInt(some.size()));
        int index = random.nextInt(model.unsettled(holding));
        String ack = peer.acks.get(holding.id + " " + model.number(holding, index));
        boolean rejected = back && random.nextInt(3) == 0;
        model.settle(holding, index, back && !rejected);
        peer.client.feeds((back ? "NACK" : "ACK") + "\nid:" + ack + (rejected ? "\nrequeue:false" : "") + "\n\n^@");
    }

    private void stopReading(DurableModelPeer peer) {
        note(peer + " reads no more");
        peer.stopsReading();
    }

    /** Its socket takes a part of what waits. */
    private void hasSomeRoom(DurableModelPeer peer) {
        if (!peer.reads()) {
            peer.client.hasRoom(random.nextInt(600));
        }
    }

    private void lose(DurableModelPeer peer) {
        if (!peer.isOver()) {
            note(peer + " is lost");
            peer.client.loop().run(peer.client.connection()::abort);
        }
    }

    private void disconnect(DurableModelPeer peer) {
        peer.mayFailWith("nothing: it disconnects");
        peer.client.feeds("DISCONNECT\n\n^@");
    }

    private void send(DurableModelPeer peer) {
        for (int i = random.nextInt(3); i >= 0 && !peer.client.connection().isSuspended(); i--) {
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            int n = random.nextInt(2);
            int number = ++lastMessage;
            model.publish(peer, topic, number, n);
            peer.client.feeds("SEND\ndestination:" + topic + "\nn:" + n + "\n\n" + number + "^@");
        }
    }

    /** A SUBSCRIBE with other terms for which there is no room changes nothing, but for the connection that it ends. */
    private void refusedForWantOfRoom(DurableModelPeer peer) {
        Key key = new Key(peer.user, peer.clientId, NAMES.get(0));
        Kept found = model.find(key);
        if (found == null || (found.holding() != null && found.holding().peer == peer)) {
            return;
        }
        Client filler = connect();
        for (int i = 0; broker.topicCount() + broker.queueCount() < MAX_DESTINATIONS; i++) {
            filler.feeds("SUBSCRIBE\nid:" + i + "\ndestination:/topic/filler/" + i + "\n\n^@");
        }
        if (!peer.isOver() && !peer.client.connection().isSuspended()) {
            peer.mayFailWith("too many destinations");
            peer.client.feeds("SUBSCRIBE\nid:refused\ndestination:/topic/x.a,/topic/refused\ndurable-subscription-name:"
                    + key.name() + "\n\n^@");
            assertThat(peer.isOver()).as("the SUBSCRIBE of %s is refused", peer).isTrue();
        }
        filler.isLost();
    }

    /** A durable subscription that the peer has; null: none. */
    private Holding holdingOf(DurableModelPeer peer) {
        List<Holding> some = model.all().stream()
                .map(Kept::holding)
                .filter(each -> each != null && each.peer == peer)
                .toList();
        return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
    }

    // ---- what clients see -----------------------------------------------------------------------------------------

    /** Looks at what all have got; what one connection had of a subscription comes before what the next one gets of it. */
    private void look() {
        List<Sight> sights = new ArrayList<>();
        List<DurableModelPeer> everyone = new ArrayList<>(gone);
        everyone.addAll(peers);
        for (DurableModelPeer peer : everyone) {
            for (Received message : peer.look()) {
                sights.add(new Sight(peer.holdings.get(message.header("subscription")), message));
            }
        }
        sights.sort(Comparator.comparing(each -> each.holding().order));
        for (Sight each : sights) {
            note(each.holding() + " got " + each.message().text());
            model.saw(each.holding(), each.message());
        }
        everyone.forEach(DurableModelPeer::hasLooked);
        replaceTheGone();
    }

    /** Others connect for those that are over. Meanwhile some may go that have not been looked at: these stay. */
    private void replaceTheGone() {
        gone.removeIf(each -> each.client.connection().isLost());
        List<DurableModelPeer> over =
                peers.stream().filter(DurableModelPeer::isOver).toList();
        over.stream().filter(each -> !each.client.connection().isLost()).forEach(gone::add);
        for (DurableModelPeer each : over) {
            int index = peers.indexOf(each);
            peers.set(index, peer(index));
        }
    }

    /** All read, and what is under way arrives. */
    private void compare() {
        settle();
        gone.forEach(DurableModelPeer::readsAgain);
        peers.forEach(DurableModelPeer::readsAgain);
        settle();
        note("-- all work is done");
        look();
        settle();
        look();
        model.compare();
        assertThat(broker.durableSubscriptionCount()).isEqualTo(model.all().size());
    }

    /** All go but one connection for each, which gets the rest and ends it. */
    private void allIsSettledInTheEnd() {
        peers.forEach(this::lose);
        settle();
        look();
        for (Kept each : model.all()) {
            String lines = "login:" + each.key.user() + "\nclient-id:" + each.key.clientId();
            DurableModelPeer last =
                    new DurableModelPeer(Clients.connectWith(this, lines), each.key.user(), each.key.clientId());
            Holding holding = model.subscribe(each.key, each.terms, last, "last", "auto", 1_000);
            last.holdings.put("last", holding);
            peers.add(last);
            last.client.feeds(holding.frame() + "\nreceipt:+last\n\n^@");
        }
        compare();
        model.checkAllSettled();
        for (Kept each : model.all()) {
            each.holding()
                    .peer
                    .client
                    .feeds("UNSUBSCRIBE\nid:last\ndurable-subscription-name:" + each.key.name() + "\n\n^@");
            model.end(each);
        }
        compare();
    }
}
