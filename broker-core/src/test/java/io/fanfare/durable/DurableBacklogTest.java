package io.fanfare.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Message;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.Drop;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What comes to the durable subscription of a client, and how far the client has come with it. */
class DurableBacklogTest extends DurableBacklogFixture {

    @Test
    void messagesWaitInTheOrderOfTheirNumbersUntilTheClientWantsThem() {
        offer(2, 1, 3);
        want(5);
        assertThat(taken).as("not live").isEmpty();
        want(0);
        goLive();
        settle();
        assertThat(taken).as("nothing wanted").isEmpty();
        want(2);
        assertThat(taken).containsExactly("1x1", "2x1");
        want(2);
        offer(4, 5);
        assertThat(taken).containsExactly("1x1", "2x1", "3x1", "4x1");
    }

    @Test
    @DisplayName("a turn hands out 100 messages, and the rest goes on in the next one")
    void aTurnHandsOutAFew() {
        offer(LongStream.rangeClosed(1, 250).toArray());
        wantLater(1_000);
        goLive();
        assertThat(taken).hasSize(100);
        loop.takeTurn();
        assertThat(taken).hasSize(200);
        settle();
        assertThat(taken).hasSize(250);
    }

    @Test
    @DisplayName("4,096 messages are unsettled at most; one that has come back is among them")
    void unsettledMessagesAreLimited() {
        int most = DurableBacklog.MOST_OPEN;
        offer(LongStream.rangeClosed(1, most + 10).toArray());
        goLive();
        want(10_000);
        assertThat(taken).hasSize(most);
        loop.run(() -> leases.get(1).giveBack(0));
        settle();
        assertThat(taken).hasSize(most + 1).last().isEqualTo("2x2");
        loop.run(() -> leases.get(0).settle());
        settle();
        assertThat(taken).hasSize(most + 2).last().isEqualTo(most + 1 + "x1");
    }

    @Test
    void progressTellsWhatIsDeliveredAndNotSettled() {
        offer(1, 2, 3);
        goLive();
        want(2);
        assertThat(progress()).isEqualTo(upTo(2, 1L, 2L));
        loop.run(() -> leases.get(0).settle());
        assertThat(progress()).isEqualTo(upTo(2, 2L));
        want(1);
        loop.run(() -> leases.get(2).discard());
        assertThat(progress()).isEqualTo(upTo(3, 2L));
    }

    @Test
    @DisplayName("messages that it does not want, and those of other topics, are done with while nothing waits")
    void quietNumbersAreDoneWith() {
        offer(message(1, "unwanted", NEVER, EPOCH));
        loop.run(() -> backlog.quietUpTo(4));
        assertThat(progress()).as("not live").isEqualTo(upTo(0));
        goLive();
        assertThat(progress()).isEqualTo(upTo(4));
        offer(message(5, "unwanted", NEVER, EPOCH));
        assertThat(progress()).isEqualTo(upTo(5));
        loop.run(() -> backlog.quietUpTo(7));
        assertThat(progress()).isEqualTo(upTo(7));
        loop.run(() -> backlog.quietUpTo(6));
        assertThat(progress()).isEqualTo(upTo(7));
        offer(8);
        loop.run(() -> backlog.quietUpTo(9));
        assertThat(progress()).as("8 waits").isEqualTo(upTo(7));
        want(1);
        assertThat(progress()).isEqualTo(upTo(8, 8L));
        offer(message(10, "unwanted", NEVER, EPOCH));
        assertThat(progress()).isEqualTo(upTo(10, 8L));
        assertThat(taken).containsExactly("8x1");
    }

    @Test
    void whatIsDoneWithNeverComesAgain() {
        begin(5, 3L);
        offer(3, 4, 5, 6);
        goLive();
        want(10);
        assertThat(taken).containsExactly("3x2", "6x1");
    }

    @Test
    void messagesOfAnotherOrderAreNoneOfIts() {
        goLive();
        want(10);
        offer(message(1, "wanted", NEVER, "before"));
        Message unnumbered = new Message(message(1).headers(), new byte[0], 0, NEVER, null);
        unnumbered.place(1, 1_001);
        offer(unnumbered);
        assertThat(taken).isEmpty();
        assertThat(progress()).isEqualTo(upTo(0));
    }

    @Test
    void inAnOrderThatBeginsAnewNothingIsDoneWith() {
        begin(5, 3L);
        loop.run(() -> backlog.beginAnew("later"));
        assertThat(progress().epoch()).isEqualTo("later");
        assertThat(progress().upTo()).isZero();
        assertThat(progress().open()).isEmpty();
        offer(message(1, "wanted", NEVER, "later"));
        goLive();
        want(10);
        assertThat(taken).containsExactly("1x1");
        assertThat(leases.get(0).id()).isEqualTo("later/1");
    }

    @Test
    @DisplayName("what the client had and topics keep no longer is lost, and that is known")
    void whatIsMissingIsKnown() {
        begin(5, 3L, 4L);
        offer(4);
        List<Boolean> whole = List.of(backlog.complete(0, 8));
        assertThat(whole).containsExactly(false);
        assertThat(backlog.counts().unsettled()).isEqualTo(1);
        assertThat(progress()).isEqualTo(upTo(5, 4L));

        begin(5, 3L, 4L);
        offer(3, 4);
        assertThat(backlog.complete(0, 8)).isTrue();
        assertThat(progress()).isEqualTo(upTo(5, 3L, 4L));
    }

    @Test
    @DisplayName("what the client had, and this node has not got yet, is not missing, and comes again")
    void whatHasYetToComeIsNotMissing() {
        begin(5, 3L, 4L, 5L);
        offer(3);
        assertThat(backlog.complete(0, 3)).isTrue();
        assertThat(progress()).isEqualTo(upTo(5, 3L, 4L, 5L));
        goLive();
        offer(4, 5, 6);
        want(10);
        assertThat(taken).containsExactly("3x2", "4x2", "5x2", "6x1");
    }

    @Test
    @DisplayName("where the connection before ended without a word, messages up to a number count as delivered once")
    void whatMayHaveBeenDeliveredCounts() {
        offer(6, 7, 9);
        backlog.complete(8, 8);
        assertThat(backlog.counts().unsettled()).isEqualTo(2);
        offer(8);
        assertThat(backlog.counts().unsettled()).isEqualTo(3);
        offer(10);
        goLive();
        want(10);
        assertThat(taken).containsExactly("6x2", "7x2", "8x2", "9x1", "10x1");
    }

    @Test
    void ofAnotherLifeAllThatIsKeptMayHaveBeenDelivered() {
        offer(6, 7);
        backlog.complete(Long.MAX_VALUE, 8);
        offer(8);
        goLive();
        want(10);
        assertThat(taken).containsExactly("6x2", "7x2", "8x1");
    }

    @Test
    void ofTooManyTheOldestGo() {
        begin(QueueOptions.builder().maxQueueMessages(2).build(), 1, 1L);
        offer(1, 2);
        assertThat(counts.dropped()).doesNotContainEntry(Drop.QUEUE_FULL, 1L);
        assertThat(progress()).isEqualTo(upTo(1, 1L));
        offer(3, 4);
        assertThat(counts.dropped()).containsEntry(Drop.QUEUE_FULL, 2L);
        assertThat(progress()).isEqualTo(upTo(2));
        assertThat(backlog.counts()).isEqualTo(new DurableBacklog.Counts(2, 0, 2 * SIZE, 4, 0));
        goLive();
        want(10);
        assertThat(taken).containsExactly("3x1", "4x1");
    }

    @Test
    void ofTooManyBytesTheOldestGo() {
        begin(QueueOptions.builder().maxQueueBytes(2 * SIZE).build(), 0);
        offer(1, 2);
        assertThat(backlog.size()).isEqualTo(2);
        offer(3);
        assertThat(backlog.size()).isEqualTo(2);
        goLive();
        want(10);
        assertThat(taken).containsExactly("2x1", "3x1");

        begin(QueueOptions.builder().maxQueueBytes(SIZE - 1).build(), 0);
        offer(4);
        assertThat(backlog.size()).as("one that is too large alone").isEqualTo(1);
    }

    @Test
    void whatSeveralKeepIsCountedOnceAndLetGoOfInParts() {
        List<Message> messages = LongStream.rangeClosed(1, 1_000)
                .mapToObj(DurableBacklogFixture::message)
                .toList();
        messages.forEach(this::offer);
        DurableBacklog first = backlog;
        begin(0);
        messages.forEach(this::offer);
        long entries = 1_000 * WaitingMessages.ENTRY_BYTES;
        assertThat(messageBytes(2)).isEqualTo(1_000 * SIZE + 2 * entries);
        loop.run(first::close);
        assertThat(messageBytes(1)).as("a part").isEqualTo(1_000 * SIZE + 2 * entries - entries / 10);
        settle();
        assertThat(messageBytes(1)).isEqualTo(1_000 * SIZE + entries);
        assertThat(first.counts().bytes()).isZero();
        loop.run(backlog::close);
        settle();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void whatWaitsIsCounted() {
        offer(1, 2, 2, 3);
        assertThat(messageBytes(1)).isEqualTo(3 * (SIZE + WaitingMessages.ENTRY_BYTES));
        goLive();
        want(2);
        assertThat(messageBytes(1)).isEqualTo(SIZE + WaitingMessages.ENTRY_BYTES);
        assertThat(backlog.counts()).isEqualTo(new DurableBacklog.Counts(1, 2, SIZE, 4, 2));
        loop.run(() -> leases.get(0).settle());
        assertThat(backlog.counts()).isEqualTo(new DurableBacklog.Counts(1, 1, SIZE, 4, 2));
        assertThat(backlog.isActive()).isTrue();
        assertThat(backlog.isComposite()).isFalse();
        loop.run(() -> backlog.close());
        assertThat(backlog.isActive()).isFalse();
        assertThat(memory.bytes()).isZero();
        assertThat(backlog.size()).isZero();
        offer(4);
        assertThat(memory.bytes()).as("closed").isZero();
    }
}
