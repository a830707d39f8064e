package io.fanfare.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.DurableProgress;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a client that comes back gets of what its topics have kept, and in how many steps that is read. */
class DurablePastTest {

    private static final int HISTORY = 250;
    private static final TopicRule RULE = TopicRule.of("/topic/#").history(HISTORY);
    private static final DurableProgress NOTHING = upTo(0);

    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final TopicOptions options =
            TopicOptions.builder().rules(List.of(RULE)).build();
    private final Topics topics = new Topics(new AtomicLong(), () -> {}, memory, new Loops(), options, "e-");

    /** Numbers of what has been read. */
    private final List<Long> read = new ArrayList<>();

    /** Whether topics have all, told at the end. */
    private final List<Boolean> ends = new ArrayList<>();

    @BeforeEach
    void begin() {
        topics.order(RULE, "now", 0);
    }

    private static DurableProgress upTo(long number, Long... open) {
        return new DurableProgress("now", number, List.of(open));
    }

    private void keeps(String topic, int from, int to) {
        SendProperties never = new SendProperties(4, SendProperties.NEVER, 0, null);
        for (int number = from; number <= to; number++) {
            topics.publishAt(
                    Destination.topic(topic),
                    number,
                    new Message(Headers.EMPTY, new byte[1], System.currentTimeMillis(), never, null));
        }
    }

    private DurablePast past(DurableProgress from, Destination... destinations) {
        return new DurablePast(
                topics,
                List.of(destinations),
                from,
                message -> read.add(message.epoch().number(message.sequence())),
                ends::add);
    }

    private void readsAll(DurableProgress from, Destination... destinations) {
        DurablePast past = past(from, destinations);
        for (int runs = 0; past.run(10); runs++) {
            assertThat(runs).as("runs without an end").isLessThan(1_000);
        }
    }

    /** How many runs of one step it takes. */
    private int runs(DurablePast past) {
        int runs = 1;
        while (past.run(1)) {
            assertThat(ends).isEmpty();
            runs++;
        }
        return runs;
    }

    @Test
    @DisplayName("what came behind the last that was delivered is read, and what was delivered and not settled")
    void whatIsNotDoneWithIsRead() {
        keeps("a", 1, 5);
        readsAll(upTo(3), Destination.topic("a"));
        assertThat(read).containsExactly(4L, 5L);
        read.clear();
        readsAll(upTo(3, 2L), Destination.topic("a"));
        assertThat(read).containsExactly(2L, 3L, 4L, 5L);
        assertThat(ends).containsExactly(true, true);
    }

    @Test
    @DisplayName("of another life of the topics all that they keep is read, and that is not the whole")
    void ofAnotherLifeAllIsRead() {
        keeps("a", 1, 3);
        readsAll(new DurableProgress("before", 2, List.of()), Destination.topic("a"));
        assertThat(read).containsExactly(1L, 2L, 3L);
        assertThat(ends).containsExactly(false);
    }

    @Test
    @DisplayName("what a history has let go of makes it less than the whole, whichever topic it was")
    void whatIsLostIsTold() {
        keeps("a", 1, HISTORY + 1);
        keeps("b", HISTORY + 2, HISTORY + 2);
        readsAll(NOTHING, Destination.topic("a"), Destination.topic("b"));
        assertThat(read).hasSize(HISTORY + 1).startsWith(2L);
        assertThat(ends).containsExactly(false);
        readsAll(upTo(1), Destination.topic("a"), Destination.topic("b"));
        assertThat(ends).containsExactly(false, true);
    }

    @Test
    @DisplayName("a pattern reads the topics that it matches, and none of a user or of a connection")
    void aPatternReadsWhatItMatches() {
        keeps("a.x", 1, 1);
        keeps("b.x", 2, 2);
        keeps("a.y", 3, 3);
        keeps("c", 4, 4);
        Headers retained = Headers.of("retain", "true");
        Message ofBob = new Message(retained, new byte[1], 0, SendProperties.of(retained, BrokerClock.SYSTEM), null);
        Destination bobs = new Destination(Destination.Kind.TOPIC, new Destination.User("bob"), "a.x");
        topics.publish(bobs, List.of(ofBob), Topics.Checks.DUE);
        assertThat(topics.count()).isEqualTo(5);
        readsAll(NOTHING, Destination.pattern("a.*"), Destination.topic("c"));
        assertThat(read).containsExactlyInAnyOrder(1L, 3L, 4L);
        assertThat(ends).containsExactly(true);
    }

    @Test
    @DisplayName("a step finds a topic, looks at one, or reads a hundred messages, and ends a topic")
    void eachStepIsBounded() {
        keeps("a", 1, HISTORY);
        // finds it, looks at it, three parts and their end, and the end of all
        assertThat(runs(past(NOTHING, Destination.topic("a")))).isEqualTo(7);
        assertThat(read).hasSize(HISTORY);
    }

    @Test
    @DisplayName("each of many topics that a pattern does not match, or that keeps nothing, is a step")
    void topicsWithoutMessagesAreStepsToo() {
        for (int i = 1; i <= 5; i++) {
            keeps("other." + i, i, i);
        }
        topics.clearAt(Destination.topic("a"), 6);
        assertThat(runs(past(NOTHING, Destination.pattern("a")))).isEqualTo(1 + 6 + 1);
        ends.clear();
        assertThat(runs(past(NOTHING, Destination.topic("a"), Destination.topic("unknown"))))
                .isEqualTo(2 + 1 + 1);
        assertThat(read).isEmpty();
    }

    @Test
    @DisplayName("a large message fills a part alone")
    void partsAreBoundedByTheirBytes() {
        SendProperties never = new SendProperties(4, SendProperties.NEVER, 0, null);
        for (int number = 1; number <= 3; number++) {
            Message large = new Message(Headers.EMPTY, new byte[1 << 20], System.currentTimeMillis(), never, null);
            topics.publishAt(Destination.topic("a"), number, large);
        }
        assertThat(runs(past(NOTHING, Destination.topic("a")))).isEqualTo(7);
        assertThat(read).containsExactly(1L, 2L, 3L);
    }

    @Test
    @DisplayName("a topic that has gone since it was found is passed over")
    void aTopicThatGoesMeanwhileIsPassedOver() {
        keeps("a", 1, 1);
        DurablePast past = past(NOTHING, Destination.topic("a"));
        assertThat(past.run(1)).isTrue();
        topics.clear();
        assertThat(topics.count()).isZero();
        while (past.run(1)) {
            assertThat(read).isEmpty();
        }
        assertThat(ends).hasSize(1);
    }
}
