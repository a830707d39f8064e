package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.backplane.Lease;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.Drop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When queues come and go, and what becomes of messages that come from elsewhere. */
class QueuesTest extends QueueFixture implements Lease {

    private static final int MAX_DELIVERIES = 3;

    private final long size = message("1").size();
    private final Queues queues = new Queues(
            QueueOptions.builder()
                    .maxQueueBytes(2 * size)
                    .maxDeliveries(MAX_DELIVERIES)
                    .build(),
            null,
            new AtomicLong(),
            memory,
            new Loops(),
            () -> {},
            counts);
    private final List<String> ends = new ArrayList<>();
    private int wanted;

    /** A queue whose messages come from elsewhere, with a consumer of this prefetch. */
    private QueueTaker taker(int prefetch) {
        QueueSource source = new QueueSource() {
            @Override
            public void want(int messages) {
                wanted = messages;
            }

            @Override
            public void close() {}
        };
        queue = queues.newPrivate(taker -> source);
        consumer(prefetch);
        return queue.upstream();
    }

    @Override
    public String id() {
        return "1";
    }

    @Override
    public CompletionStage<Void> settle() {
        return end("settled");
    }

    @Override
    public CompletionStage<Void> giveBack(long millis) {
        return end("given back");
    }

    @Override
    public CompletionStage<Void> discard() {
        return end("discarded");
    }

    private CompletionStage<Void> end(String how) {
        ends.add(how);
        return CompletableFuture.completedFuture(null);
    }

    @Test
    void aQueueForWhoseFirstMessagesThereIsNoRoomDoesNotStay() {
        List<Message> tooMany = List.of(message("1"), message("2"), message("3"));
        assertThatThrownBy(() -> queues.publish(Destination.queue("a"), tooMany))
                .isInstanceOf(ProtocolException.class);
        assertThat(queues.count()).isZero();
    }

    @Test
    void aQueueThatComesWithAMessageForNowDoesNotStay() {
        Message forNow = message("1", SendProperties.AT_ONCE);
        assertThat(queues.publish(Destination.queue("a"), List.of(forNow)).dropped())
                .isEqualTo(1);
        assertThat(queues.count()).isZero();
    }

    @Test
    void noTwoTakersHaveOneNumber() {
        assertThat(queues.nextNumber()).isNotEqualTo(queues.nextNumber());
    }

    @Test
    void aMessageThatFindsItsQueueRetiredBringsANewOne() {
        Queue retired = queues.get(Destination.queue("a"), null);
        assertThat(retired.retireIfUnused()).isTrue();
        assertThat(retired.subscribe(new QueueConsumer(retired, new TestSubscriber(loop, 1), MessageFilter.ALL)))
                .isFalse();
        queues.publish(Destination.queue("a"), List.of(message("1")));
        Queue fresh = queues.existing(Destination.queue("a"));
        assertThat(fresh).isNotNull().isNotSameAs(retired);
        // as by another thread that has found the retired one, too
        queues.collect(retired);
        assertThat(queues.existing(Destination.queue("a"))).isSameAs(fresh);
        assertThat(queues.count()).isEqualTo(1);
    }

    @Test
    void aConsumerThatFindsItsQueueRetiredBringsANewOne() {
        Queue retired = queues.get(Destination.queue("a"), null);
        assertThat(retired.retireIfUnused()).isTrue();
        QueueConsumer consumer =
                queues.subscribe(Destination.queue("a"), new TestSubscriber(loop, 1), new DestinationQuota(1));
        assertThat(queues.existing(Destination.queue("a"))).isNotSameAs(retired).isSameAs(consumer.queue());
        assertThat(consumer.queue().statistics().consumers()).isEqualTo(1);
    }

    @Test
    void whatHasExpiredElsewhereIsCountedAndEndsThere() {
        QueueTaker taker = taker(1);
        taker.take(message("1", 0), 1, this);
        assertThat(ends).containsExactly("discarded");
        assertThat(counts.expired()).isEqualTo(1);
        assertThat(taken()).isEmpty();
        assertThat(taker.consumers()).isEqualTo(1);
    }

    @Test
    void whatWasDeliveredTooOftenForASubscriptionEndsAndIsCounted() {
        QueueTaker taker = taker(2);
        taker.take(message("1"), MAX_DELIVERIES, this);
        assertThat(taken()).hasSize(1);
        assertThat(ends).isEmpty();
        taker.take(message("2"), MAX_DELIVERIES + 1, this);
        assertThat(taken()).isEmpty();
        assertThat(ends).containsExactly("discarded");
        assertThat(counts.dropped()).containsEntry(Drop.REJECTED, 1L);
    }

    @Test
    void noMessagesAreWantedOnceTheQueueHoldsItsBytes() {
        QueueTaker taker = taker(10);
        taker.take(message("1"), 1, this);
        assertThat(wanted).isEqualTo(9);
        taker.take(message("2"), 1, this);
        assertThat(wanted).isZero();
    }
}
