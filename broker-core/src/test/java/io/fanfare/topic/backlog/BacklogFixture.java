package io.fanfare.topic.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Backlogs of one budget, and what they count. */
abstract class BacklogFixture {

    static final Destination TOPIC = Destination.topic("a");
    static final Destination OTHER = Destination.topic("b");

    /** What a message takes of the limit, beside what it is itself. */
    static final long ENTRY = 160;

    /** What memory counts for a place in a backlog without and with keys, and for one that holds something. */
    static final long PLACE = 24;

    static final long KEYED = 160;
    static final long BACKLOG = 256;

    final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    final LoopCounts counts = new LoopCounts();
    private final List<Backlog> all = new ArrayList<>();
    Budget budget = new Budget(memory, counts, Long.MAX_VALUE);

    final Backlog backlog(Overflow overflow, int maxPending) {
        return backlog(overflow, maxPending, DeliveryPolicy.ALL_ALIKE);
    }

    final Backlog backlog(Overflow overflow, int maxPending, @Nullable String conflate) {
        Backlog backlog = new Backlog(new DeliveryPolicy(overflow, maxPending, 0, conflate, false), budget);
        all.add(backlog);
        return backlog;
    }

    static Message message(int sequence, String... headers) {
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, null);
        Message message = new Message(Headers.of(headers), new byte[10], 0, properties, null);
        message.place(1, sequence);
        return message;
    }

    static void add(Backlog backlog, int sequence, String... headers) {
        backlog.add(Backlog.Entry.of(TOPIC, message(sequence, headers)));
    }

    /** The next, such as {@code 3 behind 1 dropped and 2 conflated from 1}. */
    static String next(Backlog backlog) {
        Backlog.Entry entry = backlog.poll();
        return entry == null
                ? "none"
                : entry.message().sequence() + " behind " + entry.dropped() + " dropped and " + entry.conflated()
                        + " conflated from " + entry.first();
    }

    final long dropped(Drop why) {
        Map<Drop, Long> sums = LoopCounts.zeros(Drop.class);
        counts.addDropped(sums);
        return sums.get(why);
    }

    @AfterEach
    void nothingIsCountedWhenAllIsEmpty() {
        all.forEach(Backlog::clear);
        assertThat(memory.bytes()).isZero();
    }
}
