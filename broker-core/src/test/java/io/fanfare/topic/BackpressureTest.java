package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import io.fanfare.message.TopicName;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.selector.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    void amongMessagesThatWaitThoseOfASenderPassOnesOfAnotherSenderToAnotherTopic() {
        fill();
        Message first = message("first");
        loop.limitMailbox(first.size());
        publish(OTHER, first, message("second").from(senders[0]));
        publish(TOPIC, message("passes").from(senders[1]), message("behind").from(senders[0]));
        assertThat(senders[1].isHeldBack())
                .as("the loop has more than comes in one turn")
                .isTrue();
        settle();
        assertThat(quick.peer().bodies()).containsExactly("passes");
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(full.peer().bodies()).endsWith("first", "second");
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

    @Test
    void whatWaitsLeavesInPartsOfHalfATurnAndCountsUntilItLeaves() {
        fill();
        Message one = message("late 0");
        long before = loop.mailbox().heldBack();
        loop.limitMailbox(4 * one.size());
        for (int i = 0; i < 8; i++) {
            publish(OTHER, message("late " + i));
            settle();
        }
        assertThat(loop.mailbox().heldBack()).isEqualTo(before + 8 * one.size());
        assertThat(parts()).containsExactly(2, 2, 2, 2);
        assertThat(loop.mailbox().heldBack()).isZero();
    }

    @Test
    void messagesOfOneSenderThatCameTogetherLeaveInPartsToo() {
        fill();
        loop.limitMailbox(4 * message("late 0").size());
        publish(OTHER, message("late 0"), message("late 1"), message("late 2"), message("late 3"), message("late 4"));
        settle();
        assertThat(parts()).containsExactly(2, 2, 1);
    }

    /** How many of the late ones come in each turn, now that there is room. */
    private List<Integer> parts() {
        full.peer().hasRoom(Long.MAX_VALUE);
        List<Integer> parts = new ArrayList<>();
        while (loop.isWaitedFor()) {
            loop.takeTurn();
            parts.add((int) full.peer().bodies().stream()
                    .filter(body -> body.startsWith("late"))
                    .count());
        }
        parts.removeIf(part -> part == 0);
        return parts;
    }

    @Test
    void ofMessagesWithoutASenderNoMoreWaitThanMayBeHeldBack() {
        Message one = message("late 0");
        memory = new Memory(
                MemoryOptions.builder().highMemoryBytes(2 * 5 * one.size()).build(), loops);
        topics(TopicOptions.DEFAULT);
        subscribe(new TestSubscription(full.peer(), "1", OTHER));
        fill();
        loop.limitMailbox(2 * one.size());
        for (int i = 0; i < 8; i++) {
            publish(OTHER, message("late " + i));
            settle();
        }
        assertThat(loop.mailbox().heldBack()).isEqualTo(5 * one.size());
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(loop.mailbox().heldBack()).isZero();
    }

    @Test
    void whatHasWaitedForASubscriberThatLeavesGoesToTheOthersSoonAfter() {
        TestSubscription other = subscribe(new TestSubscription(peer(), "1", OTHER));
        fill();
        publish(OTHER, message("late"));
        settle();
        assertThat(other.peer().bodies()).isNotEmpty().doesNotContain("late");
        unsubscribe(full);
        settle();
        assertThat(other.peer().bodies()).isEmpty();
        pass(Duration.ofMillis(50));
        assertThat(other.peer().bodies()).last().isEqualTo("late");
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(full.peer().bodies()).isNotEmpty().doesNotContain("late");
    }

    @Test
    void whatASubscriberThatIsWaitedForDoesNotWantIsNotDelayed() {
        Destination mixed = Destination.topic("d");
        TestSubscription choosy = new TestSubscription(full.peer(), "1", mixed);
        subscribe(choosy.with(MessageFilter.of(Selector.parse("n IS NULL"), null)));
        TestSubscription all = subscribed(mixed);
        fill();
        loop.limitMailbox(0);
        publish(mixed, unwanted("0", 0), unwanted("1", 1));
        assertThat(senders[1].isHeldBack())
                .as("the loop has more than comes in one turn")
                .isTrue();
        settle();
        assertThat(all.peer().bodies()).containsExactly("0", "1");
        publish(mixed, unwanted("2", 0), unwanted("3", 1), message("4").from(senders[1]), unwanted("5", 1));
        settle();
        assertThat(all.peer().bodies()).containsExactly("2", "3");
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(all.peer().bodies()).containsExactly("4", "5");
        assertThat(full.peer().bodies()).last().isEqualTo("4");
    }

    private Message unwanted(String body, int sender) {
        return message(body, "n", "no").from(senders[sender]);
    }

    @Test
    void aTopicThatHasGoneIsForgottenOnceWhatWaitedHasLeft() {
        TopicLoop state = new TopicLoop(brokerLoop, topics, memory, (before, after) -> null);
        Fanout gone = state.acquire(OTHER, TopicName.split(OTHER.name()));
        Message last = message("last");
        loop.limitMailbox(-1);
        assertThat(gone.lane().holds(last, last.size())).isTrue();
        loop.run(() -> state.release(gone));
        assertThat(state.lingering()).containsExactly(OTHER);
        settle();
        assertThat(state.lingering()).isEmpty();
    }
}
