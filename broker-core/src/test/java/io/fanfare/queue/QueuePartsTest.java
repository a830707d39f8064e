package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work of a queue that an operation does not end, and what happens between its parts. */
class QueuePartsTest extends QueueFixture {

    /** Messages that one operation may move. */
    private static final int PART = 2;

    private static final MessageFilter NOTHING = nothing();

    private static MessageFilter nothing() {
        try {
            return MessageFilter.of(Selector.parse("n = 'none'"), null);
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void smallParts() {
        queue = new Queue(
                Destination.queue("q"), 1, QueueOptions.DEFAULT, memory, counts, null, false, new Steps(PART));
    }

    /** Entries that come back in two parts, outside of the queue's lock asked for their number. */
    private static List<QueueEntry> inTwoParts(List<QueueEntry> entries, IntConsumer part, Runnable between) {
        return new AbstractList<>() {
            private int parts;

            @Override
            public QueueEntry get(int index) {
                return entries.get(index);
            }

            @Override
            public int size() {
                if (parts == 1) {
                    between.run();
                }
                return entries.size();
            }

            @Override
            public List<QueueEntry> subList(int from, int to) {
                parts++;
                part.accept(from);
                return entries.subList(from, to);
            }
        };
    }

    /** What the only consumer gets, in as many turns as that takes. */
    private List<QueueEntry> allTaken() {
        List<QueueEntry> all = new ArrayList<>();
        List<QueueEntry> more = taken();
        // a turn may hold nothing but the job that goes on
        for (int empty = 0; empty < 3; more = taken()) {
            empty = more.isEmpty() ? empty + 1 : 0;
            all.addAll(more);
        }
        return all;
    }

    /** So many consumers that want nothing that is sent here. */
    private List<QueueConsumer> choosy(int count) {
        List<QueueConsumer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            QueueConsumer consumer = new QueueConsumer(queue, new TestSubscriber(loop, 1), NOTHING);
            queue.subscribe(consumer);
            all.add(consumer);
        }
        return all;
    }

    private List<QueueEntry> held(int count) {
        for (int i = 0; i < count; i++) {
            queue.offer(message("old " + i));
        }
        List<QueueEntry> held = allTaken();
        assertThat(held).hasSize(count);
        return held;
    }

    @Test
    void nothingNewIsHandedOutBeforeTheLastPartHasComeBack() {
        QueueConsumer only = consumer(5);
        queue.giveBack(only, held(1));
        assertThat(allTaken()).hasSize(1).allSatisfy(each -> queue.settle(only, List.of(each)));
        for (int round = 0; round < 2; round++) {
            List<QueueEntry> held = held(4);
            AtomicInteger offered = new AtomicInteger();
            queue.giveBack(only, inTwoParts(held, from -> {}, () -> {
                queue.offer(message("new"));
                assertThat(taken()).isEmpty();
                offered.incrementAndGet();
            }));
            assertThat(offered).hasPositiveValue();
            List<QueueEntry> again = allTaken();
            assertThat(again)
                    .extracting(QueuePartsTest::name)
                    .startsWith("old 0", "old 1", "old 2", "old 3")
                    .hasSize(5);
            for (List<QueueEntry> more = again; !more.isEmpty(); more = allTaken()) {
                queue.settle(only, more);
            }
        }
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void nothingNewIsHandedOutBeforeTheLastPartAlsoWhereTheFirstIsOfNoUse() {
        QueueConsumer only = consumer(5);
        List<QueueEntry> held = new ArrayList<>();
        for (int i = 0; i < PART; i++) {
            queue.offer(message("for now", SendProperties.AT_ONCE));
            held.addAll(allTaken());
        }
        held.addAll(held(2));
        queue.giveBack(only, inTwoParts(held, from -> {}, () -> {
            queue.offer(message("new"));
            assertThat(taken()).isEmpty();
        }));
        assertThat(allTaken()).extracting(QueuePartsTest::name).startsWith("old 0", "old 1", "new");
    }

    @Test
    void aPartThatFailsDoesNotHoldUpTheQueue() {
        for (int failing : new int[] {0, PART}) {
            smallParts();
            QueueConsumer only = consumer(9);
            List<QueueEntry> held = held(4);
            assertThatThrownBy(() -> queue.giveBack(
                            only,
                            inTwoParts(
                                    held,
                                    from -> {
                                        if (from == failing) {
                                            throw new IllegalStateException("a fault");
                                        }
                                    },
                                    () -> {})))
                    .hasMessage("a fault");
            queue.offer(message("new"));
            assertThat(allTaken())
                    .as("failing at %d", failing)
                    .extracting(QueuePartsTest::name)
                    .contains("new");
        }
    }

    @Test
    void aNewMessageDoesNotOvertakeThoseThatAnotherPartWillHandOut() {
        for (int i = 0; i < 5; i++) {
            queue.offer(message("old " + i));
        }
        consumer(9);
        queue.offer(message("new"));
        assertThat(allTaken())
                .extracting(QueuePartsTest::name)
                .containsExactly("old 0", "old 1", "old 2", "old 3", "old 4", "new");
    }

    @Test
    void aMessageThatHasExpiredOnItsWayIsNotGivenToAConsumerThatWaits() {
        consumer(1);
        queue.offer(message("late", BrokerClock.SYSTEM.uptimeMillis() - 1));
        queue.offer(message("in time"));
        assertThat(allTaken()).extracting(QueuePartsTest::name).containsExactly("in time");
    }

    @Test
    void goingThroughManyConsumersTakesSteps() {
        List<QueueConsumer> choosy = choosy(1_024);
        long before = queue.steps().all();
        queue.settle(choosy.get(0), List.of());
        assertThat(queue.steps().all() - before).isBetween(4L, 20L);
    }

    @Test
    void howeverManyConsumersWantNoneOfItAMessageReachesTheOneThatDoes() {
        choosy(1_024);
        consumer(1);
        queue.offer(message("for the last"));
        List<QueueEntry> got = new ArrayList<>();
        // each turn asks one consumer at least
        for (int turn = 0; turn < 2_000 && got.isEmpty(); turn++) {
            got.addAll(taken());
        }
        assertThat(got).extracting(QueuePartsTest::name).containsExactly("for the last");
        assertThat(queue.steps().most()).as("of an operation").isLessThan(100);
    }
}
