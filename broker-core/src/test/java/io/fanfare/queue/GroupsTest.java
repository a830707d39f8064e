package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.queue.QueueConsumer.Cursor;
import org.junit.jupiter.api.Test;

/** Which message groups a queue remembers, and for which consumer. */
class GroupsTest extends QueueFixture {

    private static final int FULL = 100_000;

    private final Memory small = new Memory(new MemoryOptions(FULL, FULL), new Loops());
    private final Groups groups = new Groups(small);
    private final Cursor owner = consumer(1).cursor();

    private static Message of(String group) {
        return new Message(Headers.EMPTY, new byte[0], 0, new SendProperties(4, SendProperties.NEVER, 0, group), null);
    }

    /** A message of the group comes and goes, and the consumer has the group. */
    private void comesAndGoes(String group) {
        groups.came(of(group));
        groups.own(group, owner);
        groups.went(of(group));
    }

    @Test
    void aGroupThatNoConsumerHasGoesWithTheLastOfItsMessages() {
        assertThat(groups.isEmpty()).isTrue();
        groups.came(of("g"));
        groups.came(of("g"));
        groups.went(of("g"));
        assertThat(groups.isEmpty()).isFalse();
        groups.went(of("g"));
        assertThat(groups.isEmpty()).isTrue();
        assertThat(small.bytes()).isZero();
    }

    @Test
    void aGroupWhoseNextMessageHasComeIsNotForgottenWithThoseThatHaveNone() {
        comesAndGoes("g");
        groups.came(of("g"));
        small.hold(FULL);
        comesAndGoes("h");
        assertThat(groups.owner("h")).as("forgotten, as memory is full").isNull();
        assertThat(groups.owner("g")).isSameAs(owner);
    }

    @Test
    void withTheLastConsumerGroupsWithoutMessagesAreForgottenAndNoOthers() {
        groups.came(of("a"));
        long one = small.bytes();
        comesAndGoes("b");
        groups.consumersHaveGone();
        assertThat(groups.owner("b")).isNull();
        assertThat(groups.isEmpty()).isFalse();
        assertThat(small.bytes()).isEqualTo(one);
        groups.went(of("a"));
        assertThat(groups.isEmpty()).isTrue();
    }

    @Test
    void aHundredGroupsAreForgottenAtATimeAndAllAtOnceWhereNoneHasMessages() {
        groups.came(of("100"));
        long one = small.bytes();
        for (int i = 101; i <= 350; i++) {
            comesAndGoes(String.valueOf(i));
        }
        assertThat(small.bytes()).isEqualTo(251 * one);
        groups.consumersHaveGone();
        assertThat(small.bytes()).isEqualTo(151 * one);
        groups.went(of("100"));
        groups.consumersHaveGone();
        assertThat(groups.isEmpty()).isTrue();
        assertThat(small.bytes()).isZero();
    }

    @Test
    void withAGroupItsNextConsumerTakesOverWhatOthersWereRefusedForIt() {
        Cursor next = consumer(1).cursor();
        groups.came(of("g"));
        groups.own("g", owner);
        owner.reserve(5);
        groups.own("g", next);
        assertThat(groups.owner("g")).isSameAs(next);
        assertThat(next.reserved()).isEqualTo(5);
    }
}
