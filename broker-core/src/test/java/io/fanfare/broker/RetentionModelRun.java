package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Random steps of publishers and viewers of topics that keep messages, and what the viewers hold in the end. */
final class RetentionModelRun extends BrokerTest {

    private static final int STEPS = 100;
    private static final int VIEWERS = 5;
    private static final String FILL = "-".repeat(60);

    /** A viewer's connection, and what its RECEIPTs are about. */
    private static final class Seat {
        final RetentionModelViewer viewer;
        Client client;
        boolean reads = true;
        final Map<String, Boolean> resumed = new HashMap<>();

        Seat(RetentionModelViewer viewer, Client client) {
            this.viewer = viewer;
            this.client = client;
        }
    }

    private final SplittableRandom random;
    private final boolean roomy;

    private final List<RetentionModelTopic> topics = List.of(
            new RetentionModelTopic("/topic/r.a", true, 12),
            new RetentionModelTopic("/topic/r.b", true, 12),
            new RetentionModelTopic("/topic/v", true, 0),
            new RetentionModelTopic("/topic/h", false, 12));

    private final List<Seat> seats = new ArrayList<>();
    private Client publisher;
    private Client otherPublisher;
    private int lastMessage;
    private int lastReceipt;

    RetentionModelRun(SplittableRandom random) {
        this.random = random;
        this.roomy = random.nextInt(3) > 0;
    }

    void run() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(roomy ? 1 << 20 : 6_000))
                .topics(t -> t.rules(List.of(
                                TopicRule.of("/topic/r.*").retainByKey("k").history(12),
                                TopicRule.of("/topic/v").retainByKey("k"),
                                TopicRule.of("/topic/h").history(12)))
                        .mergePatch(new Beginnings()))
                .build());
        publisher = connectTo(loop);
        otherPublisher = connectTo(otherLoop);
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

    private void step() {
        Seat seat = seats.isEmpty() ? null : seats.get(random.nextInt(seats.size()));
        switch (random.nextInt(20)) {
            case 0, 1 -> sitDown();
            case 2 -> stopReading(seat);
            case 3, 4 -> reads(seat);
            case 5, 6 -> comeBack(seat);
            case 7 -> {
                settle();
                pass(Duration.ofMillis(random.nextInt(200)));
            }
            case 8 -> compare();
            case 9 -> remove();
            case 10, 11 -> (random.nextBoolean() ? loop : otherLoop).takeTurn();
            default -> put(1 + random.nextInt(6));
        }
        if (random.nextInt(3) == 0) {
            settle();
        }
    }

    // ---- steps ----------------------------------------------------------------------------------------------------

    private void sitDown() {
        if (seats.size() == VIEWERS) {
            return;
        }
        RetentionModelViewer.Wish[] wishes = RetentionModelViewer.Wish.values();
        RetentionModelViewer.Wish wish = wishes[random.nextInt(wishes.length)];
        if (wish.isAll() && !roomy) {
            return;
        }
        RetentionModelViewer viewer = switch (random.nextInt(6)) {
            case 0 -> new RetentionModelViewer(topics.subList(0, 2), "/topic/r.*", wish);
            case 1 -> new RetentionModelViewer(topics.subList(0, 3), "/topic/v,/topic/r.*", wish);
            case 2 -> new RetentionModelViewer(topics.subList(2, 3), "/topic/v", wish);
            case 3 -> new RetentionModelViewer(topics.subList(3, 4), "/topic/h", wish);
            default -> new RetentionModelViewer(topics.subList(0, 1), "/topic/r.a", wish);
        };
        Seat seat = new Seat(viewer, connect("1.2", Framing.TCP, itsLoop()));
        seats.add(seat);
        subscribe(seat, null);
    }

    private HandLoop itsLoop() {
        return random.nextBoolean() ? loop : otherLoop;
    }

    private void subscribe(Seat seat, @Nullable Boolean recovered) {
        String receipt = "r" + ++lastReceipt;
        seat.resumed.put(receipt, recovered != null);
        String from = recovered == null ? "" : "from:" + seat.viewer.epoch + "/" + seat.viewer.cursor() + "\n";
        seat.client.feeds("SUBSCRIBE\nid:0\ndestination:" + seat.viewer.destination + "\n" + seat.viewer.wish.headers
                + from + "receipt:" + receipt + "\n\n^@");
        if (recovered != null) {
            settle();
            Received answer = seat.client.next("a RECEIPT");
            if (!answer.header("recovered").equals(recovered.toString())) {
                throw new AssertionError("recovered should be " + recovered + ": " + answer);
            }
            saw(seat, answer);
        }
    }

    /** The connection is lost; the viewer comes back with its cursor, if it has one. */
    private void comeBack(@Nullable Seat seat) {
        if (seat == null) {
            return;
        }
        look(seat);
        seat.client.loop().run(seat.client.connection()::abort);
        settle();
        if (random.nextBoolean()) {
            put(random.nextInt(8));
        }
        boolean resumes = seat.viewer.isResumable() && seat.resumed.isEmpty() && seat.viewer.cursor() > 0;
        seat.resumed.clear();
        seat.client = connect("1.2", Framing.TCP, itsLoop());
        seat.reads = true;
        if (resumes) {
            RetentionModelTopic topic = seat.viewer.topics.get(0);
            subscribe(seat, topic.hasAllBehind(0, seat.viewer.cursor()));
        } else {
            subscribe(seat, null);
        }
    }

    private void stopReading(@Nullable Seat seat) {
        if (seat != null) {
            look(seat);
            seat.reads = false;
            seat.client.stopsReading();
        }
    }

    private void reads(@Nullable Seat seat) {
        if (seat != null) {
            seat.client.reads();
            settle();
            look(seat);
            seat.reads = true;
        }
    }

    private void put(int count) {
        for (int i = 0; i < count; i++) {
            Client client = from();
            RetentionModelTopic topic = topics.get(random.nextInt(topics.size()));
            String key = "k" + random.nextInt(4);
            String value = FILL + ++lastMessage;
            topic.put(key, value);
            client.feeds("SEND\ndestination:" + topic.name + "\nk:" + key + "\n\n" + value + "^@");
        }
    }

    private void remove() {
        RetentionModelTopic topic = topics.get(random.nextInt(3));
        String key = "k" + random.nextInt(4);
        topic.remove(key);
        from().feeds("SEND\ndestination:" + topic.name + "\nk:" + key + "\nretain:remove\n\n^@");
    }

    /** A publisher that is read from: what another sent before it has its place. */
    private Client from() {
        while (publisher.connection().isSuspended()
                || otherPublisher.connection().isSuspended()) {
            pass(Duration.ofMillis(20));
        }
        return random.nextBoolean() ? publisher : otherPublisher;
    }

    // ---- what viewers see -----------------------------------------------------------------------------------------

    private static void look(Seat seat) {
        seat.client.takeAll().forEach(received -> saw(seat, received));
    }

    private static void saw(Seat seat, Received received) {
        switch (received.command()) {
            case "RECEIPT" -> seat.viewer.subscribed(received, seat.resumed.remove(received.header("receipt-id")));
            case "MESSAGE" -> seat.viewer.saw(received);
            default -> throw new AssertionError(seat.viewer.destination + " got " + received);
        }
    }

    private void compare() {
        settle();
        seats.forEach(this::reads);
        settle();
        pass(Duration.ofSeconds(3));
        for (Seat seat : seats) {
            look(seat);
            CloseCode closed = seat.client.connection().closeCode();
            if (closed != null) {
                throw new AssertionError(seat.viewer.destination + " was closed with " + closed);
            }
            seat.viewer.compare();
        }
    }
}
