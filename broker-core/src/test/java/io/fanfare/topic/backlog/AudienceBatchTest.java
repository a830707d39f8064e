package io.fanfare.topic.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.MessageFilter;
import io.fanfare.statistics.Drop;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several messages that wait together for a slow subscriber. */
class AudienceBatchTest extends BacklogFixture {

    private static AudienceBatch batch(int from, int to, String... headers) {
        Object[] behind = IntStream.rangeClosed(from + 1, to)
                .mapToObj(sequence -> message(sequence, headers))
                .toArray();
        Backlog.Entry first = Backlog.Entry.of(TOPIC, message(from, headers));
        return new AudienceBatch(first, behind, 0, behind.length, MessageFilter.ALL);
    }

    @Test
    void ofSeveralMessagesOfOneKeyTheNewestTellsOfTheOthers() {
        Backlog backlog = backlog(Overflow.CONFLATE, 10, "k");
        add(backlog, 1, "k", "x");
        add(backlog, 2, "k", "y");
        backlog.add(batch(3, 6, "k", "x"));
        assertThat(next(backlog)).isEqualTo("2 behind 0 dropped and 0 conflated from 2");
        assertThat(next(backlog)).isEqualTo("6 behind 0 dropped and 4 conflated from 1");
        assertThat(next(backlog)).isEqualTo("none");
        assertThat(dropped(Drop.CONFLATED)).isEqualTo(4);
    }

    @Test
    void severalMessagesAreTakenAsOneByOneWhateverIsDropped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            Overflow overflow = random.nextBoolean() ? Overflow.DROP_OLDEST : Overflow.DROP_NEWEST;
            int maxPending = 1 + random.nextInt(6);
            long most = random.nextBoolean() ? Long.MAX_VALUE : 1_000;
            budget = new Budget(memory, counts, most);
            Backlog together = backlog(overflow, maxPending);
            budget = new Budget(memory, counts, most);
            Backlog alone = backlog(overflow, maxPending);
            int sequence = 1;
            for (int step = 0; step < 8; step++) {
                int last = sequence + random.nextInt(5);
                together.add(batch(sequence, last));
                IntStream.rangeClosed(sequence, last).forEach(each -> add(alone, each));
                sequence = last + 1;
                if (random.nextBoolean()) {
                    assertThat(next(together)).as("seed %d, run %d", seed, run).isEqualTo(next(alone));
                }
            }
        }
    }
}
