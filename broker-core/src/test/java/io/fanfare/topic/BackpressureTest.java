package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.selector.Selector;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which senders wait for a subscriber that takes messages more slowly than they come. */
class BackpressureTest extends TopicFixture {

    private static final Destination OTHER = Destination.topic("c");

    private final TestSubscription quick = subscribed(TOPIC);
    private final TestSubscription full = subscribe(new TestSubscription(peer(20_000), "0", OTHER));
    private final Sender[] senders =
            Stream.generate(() -> new Sender(new DestinationQuota(10))).limit(4).toArray(Sender[]::new);
    private final Object[] messages = {
        message("0").from(senders[0]),
        message("1", "n", "no").from(senders[1]),
        message("2").from(senders[2]),
        message("3").from(senders[3])
    };

    private void fill() {
        full.peer().hasRoom(0);
        for (int i = 0; i < 15; i++) {
            publish(OTHER, message("x".repeat(1_000)));
            settle();
        }
    }

    /** Those wait that sent the first message, and those from one index to another. */
    private Stream<Boolean> waiting(int from, int to, TestSubscription... members) {
        TopicSubscriber[] all = Arrays.copyOf(members, members.length + 3, TopicSubscriber[].class);
        MessageFilter filter = MessageFilter.of(Selector.parse("n IS NULL"), null);
        loop.run(() -> Backpressure.holdBack(all, members.length, filter, (Message) messages[0], messages, from, to));
        return Arrays.stream(senders).map(Sender::mustWait);
    }

    @Test
    void theSendersOfMessagesThatItGetsWait() {
        fill();
        assertThat(waiting(1, 3, quick, full)).containsExactly(true, false, true, false);
    }

    @Test
    void theSenderOfTheFirstWaitsAlsoWhereNothingFollows() {
        fill();
        assertThat(waiting(1, 1, full, quick)).containsExactly(true, false, false, false);
    }

    @Test
    void nobodyWaitsForThoseThatTakeTheirMessages() {
        fill();
        assertThat(waiting(1, 4, quick)).containsExactly(false, false, false, false);
        assertThat(waiting(1, 4)).containsExactly(false, false, false, false);
    }

    @Test
    void aFullConnectionOfAnotherTopicDelaysNobodyHere() {
        fill();
        TestSubscription another = subscribe(new TestSubscription(peer(), "1", TOPIC));
        publish(TOPIC, message("0").from(senders[0]));
        settle();
        assertThat(senders[0].mustWait()).isFalse();
        assertThat(quick.peer().bodies()).containsExactly("0");
        assertThat(another.peer().bodies()).containsExactly("0");
    }

    @Test
    void whatWaitsForASubscriberGoesOnWhenThatHasRoomAndNotLater() {
        fill();
        for (int i = 0; i < 5; i++) {
            publish(OTHER, message("late " + i));
        }
        settle();
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(full.peer().bodies()).hasSize(20).endsWith("late 0", "late 1", "late 2", "late 3", "late 4");
    }

    @Test
    void messagesOfOneSenderToOtherTopicsWaitBehindItsEarlierOnesAndThoseOfOthersDoNot() {
        fill();
        publish(OTHER, message("late"));
        publish(TOPIC, message("another's").from(senders[0]));
        publish(TOPIC, message("behind"));
        settle();
        assertThat(quick.peer().bodies()).containsExactly("another's");
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(full.peer().bodies()).last().isEqualTo("late");
        assertThat(quick.peer().bodies()).containsExactly("behind");
    }

    @Test
    void ofMessagesThatWaitTogetherEachIsItsOwnSendersUntilItLeaves() {
        fill();
        publish(
                OTHER,
                message("a"),
                message("b").from(senders[0]),
                message("c").from(senders[1]),
                message("d").from(senders[1]));
        settle();
        assertThat(senders).extracting(Sender::isHeldBack).containsExactly(true, true, false, false);
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(full.peer().bodies()).endsWith("a", "b", "c", "d");
        assertThat(senders).extracting(Sender::isHeldBack).containsOnly(false);
    }
}
