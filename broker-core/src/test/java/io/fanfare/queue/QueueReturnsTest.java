package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.message.Destination;
import io.fanfare.options.QueueOptions;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that come back in parts, and what happens between the parts. */
class QueueReturnsTest extends QueueFixture {

    /** Messages of a part. */
    private static final int PART = 2;

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
                    .extracting(QueueReturnsTest::name)
                    .startsWith("old 0", "old 1", "old 2", "old 3")
                    .hasSize(5);
            for (List<QueueEntry> more = again; !more.isEmpty(); more = allTaken()) {
                queue.settle(only, more);
            }
        }
        assertThat(memory.bytes()).isZero();
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
                    .extracting(QueueReturnsTest::name)
                    .contains("new");
        }
    }
}
