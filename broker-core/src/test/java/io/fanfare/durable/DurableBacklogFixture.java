package io.fanfare.durable;

import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.Lease;
import io.fanfare.backplane.QueueSource;
import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.selector.Selector;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.HandLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** A backlog, the loop that owns it, and a consumer that takes as many messages as it wants. */
abstract class DurableBacklogFixture {

    static final String EPOCH = "now";
    static final SendProperties NEVER = new SendProperties(4, SendProperties.NEVER, 0, null);

    /** The place that number 0 stands for. */
    private static final long BASE = 1_000;

    static final MessageFilter FILTER = MessageFilter.of(Selector.parse("n <> 'unwanted'"), null);

    static final long SIZE = message(1).size();

    final HandLoop loop = new HandLoop();
    final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    final MessageCounts counts = new MessageCounts();

    /** What the consumer was handed: {@code NUMBER x DELIVERIES}. */
    final List<String> taken = new ArrayList<>();

    final List<Lease> leases = new ArrayList<>();
    final CompletableFuture<Void> saved = new CompletableFuture<>();
    int saves;
    DurableBacklog backlog = begin(0);
    private int credit;

    final DurableBacklog begin(long upTo, Long... open) {
        return begin(QueueOptions.DEFAULT, upTo, open);
    }

    /** The backlog of a client that has come so far. */
    final DurableBacklog begin(QueueOptions limits, long upTo, Long... open) {
        backlog = new DurableBacklog(
                new SharedDurables.Parts(loop, "", FILTER, limits, memory, counts),
                false,
                new DurableProgress(EPOCH, upTo, List.of(open)),
                () -> {
                    saves++;
                    return saved;
                });
        QueueSource[] source = new QueueSource[1];
        source[0] = backlog.open((message, deliveries, lease) -> {
            taken.add(message.sequence() - BASE + "x" + deliveries);
            leases.add(lease);
            source[0].want(--credit);
        });
        return backlog;
    }

    static Message message(long number) {
        return message(number, "wanted", NEVER, EPOCH);
    }

    static Message message(long number, String n, SendProperties properties, String epoch) {
        Message message = new Message(Headers.of("n", n), new byte[10], 0, properties, null);
        message.placeNumbered(1, BASE + number, new Message.Epoch(epoch, BASE));
        return message;
    }

    /** A message that is for those that wait when it comes. */
    static Message atOnce(long number) {
        return message(number, "wanted", new SendProperties(4, SendProperties.AT_ONCE, 0, null), EPOCH);
    }

    final void offer(long... numbers) {
        LongStream.of(numbers).forEach(number -> offer(message(number)));
    }

    final void offer(Message message) {
        loop.run(() -> backlog.offer(message));
    }

    final void goLive() {
        loop.run(backlog::goLive);
    }

    /** Bytes counted of messages; of each backlog that has not been closed, its filter counts too. */
    final long messageBytes(int backlogs) {
        return memory.bytes() - backlogs * FILTER.bytes();
    }

    /** The consumer takes as many more, in the next turns. */
    final void want(int messages) {
        credit = messages;
        loop.run(() -> backlog.want(messages));
        settle();
    }

    /** The consumer would take as many more; the turn has yet to come. */
    final void wantLater(int messages) {
        credit = messages;
        loop.run(() -> backlog.want(messages));
    }

    /** Takes turns until nothing waits for one. */
    final void settle() {
        for (int turns = 0; loop.isWaitedFor(); turns++) {
            if (turns > 1_000) {
                throw new AssertionError("the loop is never at rest");
            }
            loop.takeTurn();
        }
    }

    final DurableProgress progress() {
        List<DurableProgress> progress = new ArrayList<>();
        loop.run(() -> progress.add(backlog.progress()));
        return progress.get(0);
    }

    static DurableProgress upTo(long number, Long... open) {
        return new DurableProgress(EPOCH, number, List.of(open));
    }
}
