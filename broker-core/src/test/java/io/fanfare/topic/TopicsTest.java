package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.Order;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When topics come into being and go, what a publisher is told, and messages that get their places elsewhere. */
class TopicsTest extends TopicFixture {

    private static final Destination ALL = Destination.pattern("a.*");
    private static final TopicRule HISTORY = TopicRule.of("/topic/h.#").history(100);
    private static final Destination KEPT = Destination.topic("h.a");

    /** Topics that patterns alone have brought up. */
    private static final int BROUGHT_UP = 10_000;

    @Test
    void thePublisherIsToldHowManyGetItAndWhatNobodyDoes() {
        assertThat(publish("1")).isEqualTo(new Outcome(0, 0, 0, 1));
        assertThat(publish("1", "2")).isEqualTo(new Outcome(0, 0, 0, 2));
        TestSubscription bob = subscribed(TOPIC);
        assertThat(publish("3", "4")).isEqualTo(new Outcome(1, 1, 0, 0));
        TestSubscription carol = subscribed(ALL);
        assertThat(publish("5")).isEqualTo(new Outcome(2, 2, 0, 0));
        settle();
        assertThat(bob.peer().bodies()).containsExactly("3", "4", "5");
        assertThat(carol.peer().bodies()).containsExactly("5");
        topics(HISTORY);
        assertThat(publish(KEPT, message("1"))).as("it is kept").isEqualTo(new Outcome(0, 0, 0, 0));
    }

    @Test
    void aTopicIsThereFromItsFirstSubscriberToItsLast() {
        assertThat(topics.get(TOPIC)).isEmpty();
        TestSubscription bob = subscribed(TOPIC);
        TestSubscription carol = subscribed(TOPIC);
        assertThat(roomChecks).as("asked for once").isEqualTo(1);
        assertThat(topics.get(TOPIC)).isPresent();
        unsubscribe(bob);
        assertThat(topics.count()).isEqualTo(1);
        unsubscribe(carol);
        assertThat(topics.get(TOPIC)).isEmpty();
        assertThat(topics.count()).isZero();
        settle();
    }

    @Test
    void topicsThatAPatternBringsUpAskForNoRoomAndTheOldestGoWhenThereAreTooMany() {
        TestSubscription bob = subscribed(ALL);
        Destination first = Destination.topic("a.0");
        TestSubscription named = subscribed(Destination.topic("a.1"));
        roomChecks = 0;
        for (int i = 0; i < BROUGHT_UP + 5; i++) {
            publish(Destination.topic("a." + i), message(""));
            if (i % 1_000 == 0) {
                settle();
            }
        }
        settle();
        assertThat(roomChecks).isZero();
        assertThat(topics.get(first)).isEmpty();
        assertThat(topics.get(Destination.topic("a.1")))
                .as("it has a subscriber")
                .isPresent();
        assertThat(topics.count()).isEqualTo(BROUGHT_UP + 1);
        assertThat(publish(first, message("again"))).isEqualTo(new Outcome(1, 1, 0, 0));
        settle();
        assertThat(bob.peer().take()).hasSize(BROUGHT_UP + 6);
        unsubscribe(bob);
        unsubscribe(named);
        settle();
        assertThat(topics.count()).isZero();
    }

    @Test
    void aTopicThatGoesMeanwhileIsReplacedByANewOne() {
        TestSubscription all = subscribed(ALL);
        publishNow("1");
        assertThat(topics.find(TOPIC).evict()).isTrue();
        TestSubscription bob = subscribed(TOPIC);
        publishNow("2");
        unsubscribe(bob);
        publishNow("3");
        assertThat(topics.find(TOPIC).evict()).isTrue();
        publishNow("4");
        assertThat(bob.peer().bodies()).containsExactly("2");
        assertThat(all.peer().bodies()).containsExactly("1", "2", "3", "4");
        topics(HISTORY);
        topics.order(HISTORY, "life", 0);
        topics.publishAt(KEPT, 1, message("1"));
        topics.find(KEPT).end();
        assertThat(topics.find(KEPT).isUnneeded()).isTrue();
        assertThat(topics.publishAt(KEPT, 2, message("2"))).isEqualTo(new Outcome(0, 0, 0, 0));
        assertThat(topics.get(KEPT).orElseThrow().status().history()).isEqualTo(1);
    }

    @Test
    void clearingForgetsTopicsThatHaveNeitherSubscribersNorMessages() {
        TestSubscription bob = subscribed(ALL);
        publishNow("1");
        loop.run(() -> topics.remove(ALL, bob, brokerLoop));
        assertThat(topics.count()).isEqualTo(1);
        topics.clear();
        assertThat(topics.count()).isZero();
        settle();
    }

    // ---- places from elsewhere ------------------------------------------------------------------------------------

    private Message[] numbered(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> message("" + i)).toArray(Message[]::new);
    }

    @Test
    void messagesGetThePlacesThatTheirOrderSays() {
        topics(HISTORY);
        assertThat(topics.keptRule(KEPT)).isEqualTo(HISTORY);
        assertThat(topics.keptRule(TOPIC)).isNull();
        assertThat(topics.orderOf(KEPT)).isNull();
        topics.order(HISTORY, "life", 0);
        Order order = topics.orderOf(KEPT);
        assertThat(order).isNotNull();
        assertThat(topics.orderOf(Destination.pattern("h.*"))).isSameAs(order);
        assertThat(topics.orderOf(TOPIC)).isNull();
        TestSubscription bob = subscribed(KEPT);
        assertThat(topics.publishAt(KEPT, 5, message("5"))).isEqualTo(new Outcome(1, 1, 0, 0));
        assertThat(topics.publishAt(KEPT, 9, message("9"))).isEqualTo(new Outcome(1, 1, 0, 0));
        assertThat(topics.publishAt(KEPT, 9, message("again"))).isEqualTo(new Outcome(0, 0, 0, 0));
        assertThat(topics.publishAt(KEPT, 7, message("late"))).isEqualTo(new Outcome(0, 0, 0, 0));
        settle();
        assertThat(bob.peer().take())
                .extracting(each -> each.text() + " " + each.header("seq") + " " + each.header("epoch"))
                .containsExactly("5 5 life", "9 9 life");
        assertThat(order.last()).isEqualTo(9);
        unsubscribe(bob);
    }

    @Test
    void aTopicIsClearedAtItsPlaceAndOnce() {
        topics(HISTORY);
        topics.order(HISTORY, "life", 0);
        for (int i = 1; i <= 3; i++) {
            topics.publishAt(KEPT, i, message("" + i));
        }
        assertThat(topics.clearAt(KEPT, 3)).as("a message's place").isZero();
        assertThat(topics.clearAt(KEPT, 4)).isEqualTo(3);
        assertThat(topics.clearAt(KEPT, 4)).isZero();
        assertThat(topics.get(KEPT).orElseThrow().status().history()).isZero();
        topics.publishAt(KEPT, 5, message("5"));
        assertThat(topics.get(KEPT).orElseThrow().status().history()).isEqualTo(1);
        assertThat(topics.orderOf(KEPT).last()).isEqualTo(5);
    }

    @Test
    void anOrderThatBeginsAnewTakesWhatItsTopicsKept() {
        topics(HISTORY);
        assertThat(topics.order(HISTORY, "life", 0)).as("there is none before").isFalse();
        for (int i = 1; i <= 3; i++) {
            topics.publishAt(KEPT, i, message("" + i));
        }
        assertThat(topics.order(HISTORY, "life", 2)).isFalse();
        assertThat(topics.get(KEPT).orElseThrow().status().history()).isEqualTo(3);
        assertThat(topics.order(HISTORY, "next life", 0)).isTrue();
        assertThat(topics.get(KEPT).orElseThrow().status().history()).isZero();
        TestSubscription bob = subscribed(KEPT);
        topics.publishAt(KEPT, 1, message("first"));
        settle();
        assertThat(bob.peer().take())
                .extracting(each -> each.text() + " " + each.header("seq") + " " + each.header("epoch"))
                .containsExactly("first 1 next life");
    }

    @Test
    void topicsOfOtherRulesDoNotFollowAnOrder() {
        TopicRule other = TopicRule.of("/topic/o.#").history(100);
        topics(HISTORY, other);
        Destination here = Destination.topic("o.a");
        publish(here, numbered(1, 3));
        topics.order(HISTORY, "life", 0);
        topics.order(HISTORY, "next life", 0);
        assertThat(topics.get(here).orElseThrow().status().history()).isEqualTo(3);
        assertThat(publish(here, message("4"))).isEqualTo(new Outcome(0, 0, 0, 0));
        assertThat(topics.get(here).orElseThrow().status().history()).isEqualTo(4);
    }

    @Test
    void aPlaceFromElsewhereNeedsAnOrder() {
        topics(HISTORY);
        assertThatThrownBy(() -> topics.publishAt(KEPT, 1, message("1"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> topics.clearAt(KEPT, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(topics.count()).isZero();
    }

    @Test
    void limitsAreLookedAtWhereAMessageWasSentAndNotAgain() {
        checkRoom = () -> {
            throw new ProtocolException("too many destinations");
        };
        topics(HISTORY);
        topics.order(HISTORY, "life", 0);
        topics.publishAt(KEPT, 1, message("1"));
        assertThat(topics.get(KEPT).orElseThrow().status().history()).isEqualTo(1);
        assertThat(List.of(roomChecks)).containsExactly(0);
    }
}
