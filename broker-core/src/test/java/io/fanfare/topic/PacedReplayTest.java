package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.topic.backlog.DeliveryPolicy;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays to subscribers that get messages at a rate, while some of these wait for their turn. */
class PacedReplayTest extends TopicFixture {

    private static final Destination ALL = Destination.pattern("a.*");
    private static final DeliveryPolicy ONE_A_SECOND =
            new DeliveryPolicy(Overflow.CONFLATE, Integer.MAX_VALUE, 1, "k", false);

    @BeforeEach
    void valuesByKey() {
        topics(TopicRule.of("/topic/a.#").retainByKey("k"));
    }

    private static Message value(String key, String body) {
        return message(body, "k", key);
    }

    /** A message that no topic keeps. */
    private static Message unkept(String key, String body) {
        return message(body, new SendProperties(4, SendProperties.AT_ONCE, 0, null), "k", key);
    }

    private TestSubscription paced(Destination... destinations) {
        return subscribe(new TestSubscription(peer(), "0", destinations).with(ONE_A_SECOND));
    }

    private void publishNow(Message message) {
        publish(TOPIC, message);
        settle();
    }

    private void all() {
        pass(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(2));
    }

    @Test
    void aValueThatWaitsForItsTurnComesOnceToOneThatHasItFromTheReplay() {
        TestSubscription early = paced(TOPIC);
        publishNow(value("x", "x1"));
        publishNow(value("y", "y1"));
        publishNow(value("z", "z1"));
        TestSubscription late = paced(TOPIC);
        settle();
        assertThat(late.peer().bodies()).containsExactly("x1", "y1", "z1");
        all();
        assertThat(early.peer().bodies()).containsExactly("x1", "y1", "z1");
        assertThat(late.peer().bodies()).isEmpty();
        publishNow(value("x", "x2"));
        all();
        assertThat(early.peer().bodies()).containsExactly("x2");
        assertThat(late.peer().bodies()).containsExactly("x2");
    }

    @Test
    void aMessageThatWaitsAndIsNoValueComesOnceToOneThatHadJoinedBefore() {
        TestSubscription early = paced(TOPIC);
        publishNow(value("x", "x1"));
        TestSubscription late = paced(TOPIC);
        publish(TOPIC, unkept("n", "n1"));
        TestSubscription last = paced(TOPIC);
        settle();
        assertThat(late.peer().bodies()).containsExactly("x1", "n1");
        assertThat(last.peer().bodies()).as("it joined behind that").containsExactly("x1");
        all();
        assertThat(early.peer().bodies()).containsExactly("x1", "n1");
        assertThat(late.peer().bodies()).isEmpty();
        assertThat(last.peer().bodies()).isEmpty();
        publishNow(value("x", "x2"));
        all();
        for (TestSubscription each : List.of(early, late, last)) {
            assertThat(each.peer().bodies()).containsExactly("x2");
        }
    }

    @Test
    void alsoWithPatchesAValueThatWaitsForItsTurnComesOnce() {
        DeliveryPolicy delta = new DeliveryPolicy(Overflow.CONFLATE, Integer.MAX_VALUE, 1, "k", true);
        TestSubscription early = subscribe(new TestSubscription(peer(), "0", TOPIC).with(delta));
        publishNow(value("x", "x1"));
        publishNow(value("y", "y1"));
        TestSubscription late = subscribe(new TestSubscription(peer(), "0", TOPIC).with(delta));
        settle();
        assertThat(late.peer().bodies()).containsExactly("x1", "y1");
        all();
        assertThat(early.peer().bodies()).containsExactly("x1", "y1");
        assertThat(late.peer().bodies()).isEmpty();
    }

    @Test
    void oneWithPatchesGetsWhatIsNoValueAndCameWhileItsValuesWentOut() {
        publishNow(value("x", "x1"));
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", TOPIC).with(DELTA));
        publishNow(unkept("n", "n1"));
        assertThat(bob.peer().bodies()).containsExactly("x1", "n1");
    }

    @Test
    void theFirstMessageBehindAReplayTellsWhatWasConflated() {
        paced(TOPIC);
        publishNow(value("x", "x1"));
        TestSubscription late = paced(TOPIC);
        settle();
        publishNow(value("x", "x2"));
        publishNow(value("x", "x3"));
        all();
        assertThat(late.peer().take())
                .extracting(each -> each.text() + " conflated:" + each.find("conflated"))
                .containsExactly("x1 conflated:null", "x3 conflated:1");
    }

    @Test
    void whatWasConflatedDuringAReplayIsToldToThoseThatHadJoinedBefore() {
        paced(TOPIC);
        publishNow(value("x", "x1"));
        TestSubscription before = stalled();
        publishNow(unkept("n", "n1"));
        TestSubscription between = stalled();
        publishNow(unkept("n", "n2"));
        all();
        for (TestSubscription each : List.of(before, between)) {
            each.peer().hasRoom(Long.MAX_VALUE);
            settle();
        }
        assertThat(before.peer().take())
                .extracting(each -> each.text() + " conflated:" + each.find("conflated"))
                .containsExactly("f conflated:null", "x1 conflated:null", "n2 conflated:1");
        assertThat(between.peer().take())
                .extracting(each -> each.text() + " conflated:" + each.find("conflated"))
                .containsExactly("f conflated:null", "x1 conflated:null", "n2 conflated:null");
    }

    /** One whose replay waits for its socket. */
    private TestSubscription stalled() {
        TestPeer peer = peer(2_000);
        Destination other = Destination.topic("f");
        TestSubscription filler = subscribe(new TestSubscription(peer, "f", other));
        peer.hasRoom(0);
        publish(other, message("f"));
        settle();
        unsubscribe(filler);
        TestSubscription paced = subscribe(new TestSubscription(peer, "0", TOPIC).with(ONE_A_SECOND));
        settle();
        return paced;
    }

    @Test
    void allTopicsOfAPatternAreLookedAt() {
        List<Destination> topics =
                IntStream.range(0, 5).mapToObj(i -> Destination.topic("a." + i)).toList();
        TestSubscription early = paced(ALL);
        for (Destination each : topics) {
            publish(each, value("x", "1 of " + each.name()));
            settle();
            publish(each, value("y", "2 of " + each.name()));
            settle();
        }
        TestSubscription late = paced(ALL);
        TestSubscription plain = subscribed(ALL);
        settle();
        assertThat(late.peer().bodies()).hasSize(10);
        assertThat(plain.peer().bodies()).hasSize(10);
        all();
        assertThat(early.peer().bodies()).hasSize(10);
        assertThat(late.peer().bodies()).isEmpty();
        assertThat(plain.peer().bodies()).isEmpty();
    }

    @Test
    void eachOfManyThatComeTogetherIsLookedAtThoughSomeLeaveMeanwhile() {
        int many = 600;
        TestSubscription early = paced(TOPIC);
        publishNow(value("x", "x1"));
        publishNow(value("y", "y1"));
        List<TestSubscription> pages = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            pages.add(paced(TOPIC));
        }
        publish(TOPIC, unkept("n", "n1"));
        settle();
        unsubscribe(pages.get(3));
        all();
        assertThat(early.peer().bodies()).containsExactlyInAnyOrder("x1", "y1", "n1");
        for (int i = 0; i < many; i++) {
            assertThat(pages.get(i).peer().bodies()).as("page %d", i).containsExactly("x1", "y1", "n1");
        }
    }

    @Test
    void oneWhoseReplayIsOverGetsTheNextMessageInTheTurnInWhichItComes() {
        publishNow(value("x", "x1"));
        TestSubscription bob = subscribed(TOPIC);
        TestSubscription carol = subscribed(TOPIC);
        settle();
        publish(TOPIC, value("x", "x2"));
        loop.takeTurn();
        assertThat(bob.peer().bodies()).containsExactly("x1", "x2");
        assertThat(carol.peer().bodies()).containsExactly("x1", "x2");
        unsubscribe(carol);
        publish(TOPIC, value("x", "x3"), value("x", "x4"));
        loop.takeTurn();
        assertThat(bob.peer().bodies()).containsExactly("x3", "x4");
        assertThat(delivered()).isEqualTo(6);
    }

    @Test
    void theEndOfAReplayTakesMoreTurnsWhereMoreWaitsInThePacersOfItsTopics() {
        int waiting = 16_000;
        subscribe(new TestSubscription(peer(1 << 24), "0", ALL).with(ONE_A_SECOND));
        IntStream.range(0, 16).forEach(i -> publish(Destination.topic("a." + i), value("first", "at once")));
        settle();
        IntStream.range(0, waiting).forEach(i -> publish(Destination.topic("a." + i % 16), value("" + i, "v")));
        settle();
        // a step for 32 of those that wait
        assertThat(turnsFromTheLastValueToLive(waiting + 16)).isBetween(waiting / 32 / 250 + 1, 5);
    }

    @Test
    void theEndOfAReplayTakesMoreTurnsWhereThereAreMoreTopics() {
        int many = 500;
        IntStream.range(0, many).forEach(i -> publish(Destination.topic("a." + i), value("x", "v")));
        settle();
        // a step to find a topic's subscribers, and one for 32 of 256 that are looked at together
        int steps = many * (1 + 256 / 32);
        assertThat(turnsFromTheLastValueToLive(many)).isBetween(steps / 250, steps / 250 + 2);
    }

    /** Of a paced subscription to all topics; three other long jobs leave 250 steps of a turn to its replay. */
    private int turnsFromTheLastValueToLive(int values) {
        AtomicBoolean othersGoOn = new AtomicBoolean(true);
        loop.run(() -> IntStream.range(0, 3).forEach(i -> loop.startInParts(steps -> othersGoOn.get())));
        TestSubscription late = subscribe(new TestSubscription(peer(1 << 24), "0", ALL).with(ONE_A_SECOND));
        publish(Destination.topic("a.0"), unkept("n", "live"));
        int got = 0;
        int turns = 0;
        for (boolean isLive = false; !isLive; ) {
            loop.takeTurn();
            List<String> bodies = late.peer().bodies();
            got += bodies.size();
            isLive = bodies.contains("live");
            turns += got >= values && !isLive ? 1 : 0;
        }
        othersGoOn.set(false);
        settle();
        return turns;
    }

    @Test
    void whatPacedOnesMayHoldBackIsForTheNextToComeToSay() {
        topics(TopicOptions.DEFAULT);
        TestSubscription small = subscribe(new TestSubscription(peer(2_000), "0", ALL).with(ONE_A_SECOND));
        TestSubscription keeper = subscribed(TOPIC);
        publishNow(value("x", "1"));
        pass(Duration.ofSeconds(2));
        unsubscribe(keeper);
        unsubscribe(small);
        all();
        TestSubscription large = subscribe(new TestSubscription(peer(1 << 20), "0", ALL).with(ONE_A_SECOND));
        settle();
        large.peer().take();
        String fill = "x".repeat(500);
        IntStream.range(0, 20).forEach(i -> publish(TOPIC, value("k" + i, fill)));
        settle();
        for (int i = 0; i < 25; i++) {
            pass(Duration.ofMillis(1_020));
        }
        assertThat(large.peer().take()).hasSize(20).noneMatch(each -> each.has("dropped"));
    }
}
