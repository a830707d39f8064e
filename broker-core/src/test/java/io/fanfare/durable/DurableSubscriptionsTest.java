package io.fanfare.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.FeedSource;
import io.fanfare.message.TopicMember;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.queue.Queues;
import io.fanfare.queue.TestSubscriber;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connections of one client, on loops of their own, that begin the same durable subscription at once. */
class DurableSubscriptionsTest {

    private static final Destination TOPIC = Destination.topic("a");
    private static final DurableKey KEY = new DurableKey("", "bob", "news");

    private final Loops loops = new Loops();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, loops);
    private final HandLoop loop = new HandLoop();
    private final HandLoop otherLoop = new HandLoop();
    private final DestinationQuota quota = new DestinationQuota(10);

    /** Happens on another loop while a topic gets its first member. */
    private Runnable meanwhile = () -> {};

    private final List<TopicMember> members = new ArrayList<>();
    private final FeedSource topics = new FeedSource() {
        @Override
        public void add(Destination destination, TopicMember member, BrokerLoop on) {
            members.add(member);
            Runnable now = meanwhile;
            meanwhile = () -> {};
            now.run();
        }

        @Override
        public void remove(Destination destination, TopicMember member, BrokerLoop on) {
            members.remove(member);
        }
    };
    private final DurableSubscriptions durables = new DurableSubscriptions(
            new Queues(QueueOptions.DEFAULT, null, new AtomicLong(), memory, loops, () -> {}, new MessageCounts()),
            topics,
            QueueOptions.DEFAULT,
            DestinationLimits.builder().maxDestinations(1).build(),
            memory);

    private void subscribe(DurableKey key, HandLoop on) {
        Durables.Holder holder =
                new Durables.Holder("", new BrokerLoop(on, ""), quota, destinations -> true, why -> {});
        on.run(() -> durables.subscribe(key, List.of(TOPIC), new TestSubscriber(on, 1), holder));
    }

    private void settle() {
        while (loop.isWaitedFor() || otherLoop.isWaitedFor()) {
            loop.takeTurn();
            otherLoop.takeTurn();
        }
    }

    @Test
    @DisplayName("what two connections begin at once is begun once, and the later one has it")
    void itBeginsOnce() {
        meanwhile = () -> subscribe(KEY, otherLoop);
        subscribe(KEY, loop);
        settle();
        assertThat(durables.count()).isEqualTo(1);
        assertThat(members).hasSize(1);
        // one of ten places is taken
        quota.add(9);
        assertThatThrownBy(() -> quota.add(1)).isInstanceOf(ProtocolException.class);
    }

    @Test
    @DisplayName("one that is refused as another has taken the last place meanwhile leaves nothing")
    void whatIsRefusedLateLeavesNothing() {
        meanwhile = () -> subscribe(new DurableKey("", "carol", "news"), otherLoop);
        assertThatThrownBy(() -> subscribe(KEY, loop))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refusal -> assertThat(refusal.summary()).isEqualTo("too many durable subscriptions"));
        settle();
        assertThat(durables.count()).isEqualTo(1);
        assertThat(members).hasSize(1);
        quota.add(9);
        assertThatThrownBy(() -> quota.add(1)).isInstanceOf(ProtocolException.class);
    }
}
