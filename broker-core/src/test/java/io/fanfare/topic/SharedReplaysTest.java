package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.selector.Selector;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What several topics keep, and several subscriptions that want it together. */
class SharedReplaysTest extends ReplayFixture {

    @Test
    void topicsOfOneSubscribeComeOneAfterTheOtherAndOneEndIsTold() {
        values(TOPIC, 2);
        values(OTHER, 1);
        publish(HISTORY, message("h"));
        TestSubscription bob = subscribed(ReplayRequest.NONE, OTHER, HISTORY, TOPIC, Destination.topic("a.none"));
        settle();
        assertThat(marked(bob)).containsExactly("a.c0 retained", "a.b0 retained", "a.b1 retained end");
        assertThat(ends).isZero();
    }

    @Test
    void aTopicThatSeveralPartsMatchComesOnce() {
        values(TOPIC, 2);
        values(OTHER, 1);
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC, ALL, Destination.pattern("#"));
        publish(TOPIC, value("0", "live"));
        settle();
        assertThat(marked(bob)).containsExactly("a.b1 retained", "live retained", "a.c0 retained end");
        assertThat(delivered()).isEqualTo(3);
    }

    @Test
    void aPatternGetsWhatAllOfItsTopicsKeepAndNoOthers() {
        values(TOPIC, 2);
        values(OTHER, 2);
        values(Destination.topic("a.b.c"), 2);
        values(Destination.topic("aa"), 2);
        CompletableFuture<Headers> receipt = subscribe(subscription(ALL), ReplayRequest.NONE);
        assertThat(receipt).as("they are looked through first").isNotDone();
        settle();
        assertThat(said(receipt).get("retained")).isEqualTo("4");
        TestSubscription bob = subscribed(ReplayRequest.NONE, ALL);
        settle();
        assertThat(marked(bob)).containsExactly("a.b0 retained", "a.b1 retained", "a.c0 retained", "a.c1 retained end");
    }

    @Test
    void aPatternThatBeginsWithTheNextMessageWaitsForNothing() {
        values(TOPIC, 2);
        TestSubscription bob = subscription(ALL);
        assertThat(subscribe(bob, NEXT)).isDone();
        publish(TOPIC, value("0", "live"));
        settle();
        assertThat(marked(bob)).containsExactly("live");
    }

    @Test
    void aTopicThatBeginsToKeepSomethingBeforeTheReplayIsReadToo() {
        TestSubscription bob = subscribed(WANTED, ALL);
        values(TOPIC, 1);
        settle();
        assertThat(marked(bob)).containsExactly("a.b0 retained end");
        assertThat(ends).isZero();
    }

    @Test
    void aMessageOfAnyTopicOfThePatternWaitsUntilTheReplayIsOver() {
        values(TOPIC, 1);
        TestSubscription bob = subscribed(ReplayRequest.NONE, ALL);
        Destination unkept = Destination.topic("a.d");
        publish(unkept, message("at once", new SendProperties(4, SendProperties.AT_ONCE, 0, null)));
        settle();
        assertThat(marked(bob)).containsExactly("a.b0 retained end", "at once");
    }

    @Test
    void oneThatIsLiveGetsAMessageOfATopicThatIsNewInTheTurnInWhichItComes() {
        values(OTHER, 1);
        TestSubscription bob = subscribed(ReplayRequest.NONE, ALL);
        publish(TOPIC, value("x", "1"));
        settle();
        assertThat(marked(bob)).hasSize(2);
        publish(TOPIC, value("x", "2"));
        loop.takeTurn();
        assertThat(marked(bob)).containsExactly("2");
        settle();
    }

    @Test
    void thoseThatWantTheSameInOneTurnGetTheSameAndEachOnce() {
        values(TOPIC, 3);
        List<TestSubscription> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(subscribed(ReplayRequest.NONE, TOPIC));
            all.add(subscribed(ReplayRequest.NONE, ALL));
        }
        settle();
        for (TestSubscription each : all) {
            assertThat(marked(each)).containsExactly("a.b0 retained", "a.b1 retained", "a.b2 retained end");
        }
        assertThat(delivered()).isEqualTo(30);
    }

    @Test
    void oneThatComesInTheMiddleOfAReplayOfTheSameGetsItAllToo() {
        values(TOPIC, 3_000);
        TestSubscription bob = subscribed(ReplayRequest.NONE, TOPIC);
        loop.takeTurn();
        assertThat(bob.peer().take()).isNotEmpty().hasSizeLessThan(3_000);
        TestSubscription carol = subscribed(ReplayRequest.NONE, TOPIC);
        TestSubscription dave = subscribed(ReplayRequest.NONE, TOPIC);
        TestSubscription erin = subscribed(ReplayRequest.NONE, OTHER);
        settle();
        assertThat(bob.peer().take().get(0).text()).isNotEqualTo("a.b0");
        for (TestSubscription each : List.of(carol, dave)) {
            assertThat(each.peer().take())
                    .hasSize(3_000)
                    .first()
                    .extracting(Received::text)
                    .isEqualTo("a.b0");
        }
        assertThat(marked(erin)).isEmpty();
        publish(OTHER, value("1", "live"));
        settle();
        assertThat(marked(erin)).containsExactly("live");
    }

    @Test
    void subscriptionsThatDifferGetEachItsOwn() {
        values(TOPIC, 2);
        TestSubscription plain = subscribed(ReplayRequest.NONE, TOPIC);
        TestSubscription otherId = new TestSubscription(peer(), "1", TOPIC);
        subscribe(otherId, ReplayRequest.NONE);
        TestSubscription choosy = subscription(TOPIC).with(MessageFilter.of(Selector.parse("k = '1'"), null));
        subscribe(choosy, ReplayRequest.NONE);
        TestSubscription waits = subscribed(WANTED, Destination.topic("a.x"));
        TestSubscription both = subscribed(ReplayRequest.NONE, TOPIC, OTHER);
        settle();
        assertThat(marked(plain)).containsExactly("a.b0 retained", "a.b1 retained end");
        assertThat(otherId.peer().take())
                .hasSize(2)
                .allMatch(each -> each.header("subscription").equals("1"));
        assertThat(marked(choosy)).containsExactly("a.b1 retained end");
        assertThat(marked(waits)).isEmpty();
        assertThat(marked(both)).containsExactly("a.b0 retained", "a.b1 retained end");
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void oneThatHasLeftWhileItsTopicsWereLookedThroughGetsNothing() {
        values(TOPIC, 2);
        TestSubscription bob = subscription(ALL);
        CompletableFuture<Headers> receipt = subscribe(bob, ReplayRequest.NONE);
        unsubscribe(bob);
        settle();
        assertThat(receipt).isDone();
        assertThat(marked(bob)).isEmpty();
        assertThat(delivered()).isZero();
    }

    @Test
    void manyTopicsAreLookedThroughInPartsAndThenRead() {
        int many = 3 * LongJobs.STEPS_PER_TURN;
        IntStream.range(0, many).forEach(i -> publish(Destination.topic("a." + i), value("x", "v" + i)));
        TestSubscription bob = subscription(ALL);
        CompletableFuture<Headers> receipt = subscribe(bob, ReplayRequest.NONE);
        loop.takeTurn();
        loop.takeTurn();
        assertThat(receipt).isNotDone();
        settle();
        assertThat(said(receipt).get("retained")).isEqualTo("" + many);
        List<Received> all = bob.peer().take();
        assertThat(all).hasSize(many);
        assertThat(all.subList(0, many - 1)).noneMatch(each -> each.has("snapshot"));
        assertThat(all.get(many - 1).header("snapshot")).isEqualTo("end");
    }

    @Test
    void eachReceiptOfATurnSaysWhatItsOwnTopicsKeep() {
        values(TOPIC, 2);
        values(OTHER, 1);
        values(Destination.topic("a.b.c"), 4);
        CompletableFuture<Headers> words = subscribe(subscription(ALL), ReplayRequest.NONE);
        CompletableFuture<Headers> rest = subscribe(subscription(Destination.pattern("a.b.#")), ReplayRequest.NONE);
        CompletableFuture<Headers> both =
                subscribe(subscription(TOPIC, ALL, Destination.pattern("*.b")), ReplayRequest.NONE);
        settle();
        assertThat(said(words).get("retained")).isEqualTo("3");
        assertThat(said(rest).get("retained")).isEqualTo("6");
        assertThat(said(both).get("retained")).as("a topic counts once").isEqualTo("3");
    }

    @Test
    void thoseOfATurnThatAskForTheSameAreAnsweredTogether() {
        int many = 3 * LongJobs.STEPS_PER_TURN;
        IntStream.range(0, many).forEach(i -> publish(Destination.topic("a." + i), value("x", "v")));
        List<CompletableFuture<Headers>> receipts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            receipts.add(subscribe(subscription(ALL), ReplayRequest.NONE));
        }
        int turns = 0;
        for (; !receipts.get(9).isDone(); turns++) {
            loop.takeTurn();
        }
        assertThat(turns).isBetween(3, 6);
        assertThat(receipts).allMatch(CompletableFuture::isDone);
        settle();
    }

    @Test
    void topicsThatAPatternDoesNotMatchTakeTheirTurnsToo() {
        int many = 3 * LongJobs.STEPS_PER_TURN;
        IntStream.range(0, many).forEach(i -> publish(Destination.topic("a." + i), value("x", "v")));
        values(Destination.topic("a.9999.x"), 1);
        TestSubscription bob = subscription(Destination.pattern("a.*.x"));
        CompletableFuture<Headers> receipt = subscribe(bob, ReplayRequest.NONE);
        while (!receipt.isDone()) {
            loop.takeTurn();
        }
        int turns = 0;
        for (; bob.peer().bodies().isEmpty(); turns++) {
            loop.takeTurn();
        }
        assertThat(turns).isBetween(3, 6);
        settle();
    }
}
