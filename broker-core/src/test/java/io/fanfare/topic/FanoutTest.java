package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import io.fanfare.message.Sender;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One loop's members of a topic: subscriptions and feeds, by name and by pattern, alone and composite. */
class FanoutTest extends TopicFixture {

    private static final Destination ALL = Destination.pattern("a.*");
    private static final DeliveryPolicy ONE_A_SECOND =
            new DeliveryPolicy(DeliveryPolicy.Overflow.CONFLATE, Integer.MAX_VALUE, 1, "*", false);

    /** A feed that does not look whether it has ended. */
    private static final class CarelessFeed implements Feed {

        private final List<Message> heard = new ArrayList<>();
        private boolean active = true;

        @Override
        public String owner() {
            return "";
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public void offer(Message message) {
            heard.add(message);
        }
    }

    /** A feed that is among several destinations. */
    private static final class CompositeFeed implements Feed {

        private final List<Message> heard = new ArrayList<>();

        @Override
        public String owner() {
            return "";
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public boolean isComposite() {
            return true;
        }

        @Override
        public void offer(Message message) {
            heard.add(message);
        }
    }

    private void add(Destination destination, Feed feed) {
        loop.run(() -> topics.add(destination, feed, brokerLoop));
    }

    private void remove(Destination destination, Feed feed) {
        loop.run(() -> topics.remove(destination, feed, brokerLoop));
    }

    private static List<String> heard(List<Message> messages) {
        return messages.stream().map(TopicFixture::body).toList();
    }

    @Test
    void aFeedGetsWhatIsPublishedBehindItsJoiningUntilItLeaves() {
        TestFeed early = new TestFeed();
        TestFeed late = new TestFeed();
        TestFeed last = new TestFeed();
        add(TOPIC, early);
        publish("1");
        add(TOPIC, late);
        publish("2", "3");
        add(TOPIC, last);
        settle();
        assertThat(heard(early.take())).containsExactly("1", "2", "3");
        assertThat(heard(late.take())).containsExactly("2", "3");
        assertThat(heard(last.take())).isEmpty();
        remove(TOPIC, early);
        publishNow("4");
        assertThat(heard(early.take())).isEmpty();
        assertThat(heard(late.take())).containsExactly("4");
        assertThat(heard(last.take())).containsExactly("4");
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(2);
    }

    @Test
    void feedsByPatternThatHaveEndedLeaveTheOthers() {
        List<TestFeed> all = List.of(new TestFeed(), new TestFeed(), new TestFeed());
        all.forEach(each -> add(ALL, each));
        publish("1");
        TestFeed late = new TestFeed();
        add(ALL, late);
        publishNow("2");
        all.get(0).end();
        remove(ALL, all.get(0));
        publishNow("3");
        assertThat(heard(all.get(0).take())).containsExactly("1", "2");
        assertThat(heard(all.get(1).take())).containsExactly("1", "2", "3");
        assertThat(heard(late.take())).containsExactly("2", "3");
    }

    @Test
    void aFeedByPatternThatHasEndedIsOfferedNothingMore() {
        List<CarelessFeed> all = List.of(new CarelessFeed(), new CarelessFeed(), new CarelessFeed());
        all.forEach(each -> add(ALL, each));
        publishNow("1");
        for (CarelessFeed each : List.of(all.get(2), all.get(0), all.get(1))) {
            each.active = false;
            remove(ALL, each);
            publishNow("2");
        }
        assertThat(all).extracting(each -> each.heard.size()).containsExactly(2, 3, 1);
    }

    @Test
    void aCompositeMemberGetsAMessageOnceAndAnotherOnceForEachOfItsPatterns() {
        TestSubscription composite = subscribed(ALL, Destination.pattern("#"), TOPIC);
        TestFeed twice = new TestFeed();
        add(ALL, twice);
        add(Destination.pattern("#"), twice);
        CompositeFeed once = new CompositeFeed();
        add(ALL, once);
        add(Destination.pattern("#"), once);
        publishNow("1");
        assertThat(composite.peer().bodies()).containsExactly("1");
        assertThat(heard(twice.take())).containsExactly("1", "1");
        assertThat(heard(once.heard)).containsExactly("1");
    }

    @Test
    void anAudienceThatIsEmptyIsForgottenAndOthersStay() {
        TestSubscription one = subscribed(TOPIC);
        TestSubscription two = subscribe(new TestSubscription(peer(), "1", TOPIC));
        TestSubscription three = subscribe(new TestSubscription(peer(), "2", TOPIC));
        unsubscribe(two);
        publishNow("1");
        assertThat(one.peer().bodies()).containsExactly("1");
        assertThat(two.peer().bodies()).isEmpty();
        assertThat(three.peer().bodies()).containsExactly("1");
        unsubscribe(one);
        publishNow("2");
        assertThat(three.peer().bodies()).containsExactly("2");
        assertThat(topics.publish(TOPIC, List.of(message("3")), Topics.Checks.DUE)
                        .matched())
                .isEqualTo(1);
        settle();
    }

    @Test
    void pacedMembersByPatternThatHaveEndedGetNothingOfWhatWaits() {
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", ALL).with(ONE_A_SECOND));
        TestSubscription carol = subscribe(new TestSubscription(peer(), "0", ALL).with(ONE_A_SECOND));
        publishNow("1");
        publishNow("2");
        unsubscribe(bob);
        pass(Duration.ofSeconds(2));
        assertThat(bob.peer().bodies()).containsExactly("1");
        assertThat(carol.peer().bodies()).containsExactly("1", "2");
        unsubscribe(carol);
        settle();
        assertThat(memory.bytes()).isZero();
        assertThat(topics.count()).isZero();
    }

    @Test
    void oneThatIsNoMemberTakesNoMemberAway() {
        TestSubscription bob = subscribed(TOPIC);
        TestSubscription carol = new TestSubscription(peer(), "0", TOPIC);
        unsubscribe(carol);
        TestSubscription dave = new TestSubscription(peer(), "1", TOPIC);
        unsubscribe(dave);
        assertThat(topics.subscriberCount(TOPIC)).isEqualTo(1);
        publishNow("1");
        assertThat(bob.peer().bodies()).containsExactly("1");
    }

    @Test
    void leavingLooksAtABoundedNumberOfMembersInATurn() {
        int members = 640;
        int many = 100;
        List<TestFeed> feeds = new ArrayList<>();
        List<TestSubscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < members / 2; i++) {
            TestFeed feed = new TestFeed();
            feeds.add(feed);
            add(ALL, feed);
            subscriptions.add(subscribed(ALL));
        }
        for (int i = 0; i < many; i++) {
            publish(Destination.topic("a." + i), message("1"));
        }
        settle();
        unsubscribe(subscriptions.get(0));
        feeds.get(0).end();
        remove(ALL, feeds.get(0));
        int turns = 0;
        for (; loop.isWaitedFor(); turns++) {
            loop.takeTurn();
        }
        // a topic takes a step, and one more for each 32 of its members
        assertThat(turns).isBetween(many * members / 32 / LongJobs.STEPS_PER_TURN, 10);
    }

    @Test
    void publishersWaitForALoopThatHasMuchToHandOut() {
        loop.limitMailbox(1_000);
        subscribed(TOPIC);
        Sender sender = new Sender(new DestinationQuota(10));
        int[] told = new int[1];
        publish(TOPIC, message("x".repeat(1_000)).from(sender));
        sender.whenNoneWaits(() -> told[0]++);
        assertThat(told[0]).as("what waits is no more than a turn may bring").isEqualTo(1);
        publish(TOPIC, message("1").from(sender));
        assertThat(sender.isHeldBack()).isTrue();
        sender.whenNoneWaits(() -> told[0]++);
        assertThat(told[0]).isEqualTo(1);
        settle();
        assertThat(sender.isHeldBack()).isFalse();
        assertThat(told[0]).isEqualTo(2);
    }

    @Test
    void aLongTurnWritesEarly() {
        TestSubscription bob = subscribe(new TestSubscription(peer(64 << 20), "0", TOPIC));
        TestSubscription carol = subscribe(new TestSubscription(peer(64 << 20), "0", Destination.topic("c")));
        String body = "x".repeat(100_000);
        publish(body, body, body, body, body, body, body, body, body, body, body, body);
        int[] writes = new int[1];
        loop.execute(() -> writes[0] = bob.peer().connection().writes().size());
        publish(Destination.topic("c"), message("1"));
        loop.takeTurn();
        assertThat(writes[0]).as("writes before the turn's end").isPositive();
        settle();
        assertThat(bob.peer().bodies()).hasSize(12);
        assertThat(carol.peer().bodies()).containsExactly("1");
    }
}
