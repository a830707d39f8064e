package io.fanfare.topic.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Message;
import io.fanfare.statistics.Drop;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for a slow subscriber, what is left out meanwhile, and which message tells of that. */
class BacklogTest extends BacklogFixture {

    @Test
    void whatWaitsComesInItsOrder() {
        Backlog backlog = backlog(Overflow.DROP_OLDEST, 3);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.isIdle()).isTrue();
        add(backlog, 1);
        add(backlog, 2);
        add(backlog, 3);
        assertThat(backlog.size()).isEqualTo(3);
        assertThat(backlog.isEmpty()).isFalse();
        assertThat(backlog.isIdle()).isFalse();
        assertThat(next(backlog)).isEqualTo("1 behind 0 dropped and 0 conflated from 1");
        assertThat(next(backlog)).isEqualTo("2 behind 0 dropped and 0 conflated from 2");
        assertThat(next(backlog)).isEqualTo("3 behind 0 dropped and 0 conflated from 3");
        assertThat(next(backlog)).isEqualTo("none");
        assertThat(dropped(Drop.OVERFLOW)).isZero();
    }

    @Test
    void theOldestIsDroppedAndTheNextTells() {
        Backlog backlog = backlog(Overflow.DROP_OLDEST, 2);
        for (int i = 1; i <= 4; i++) {
            add(backlog, i);
        }
        assertThat(next(backlog)).isEqualTo("3 behind 2 dropped and 0 conflated from 1");
        assertThat(next(backlog)).isEqualTo("4 behind 0 dropped and 0 conflated from 4");
        assertThat(dropped(Drop.OVERFLOW)).isEqualTo(2);
    }

    @Test
    void whereOneAloneMayWaitTheOneBehindItTells() {
        Backlog backlog = backlog(Overflow.DROP_OLDEST, 1);
        add(backlog, 1);
        add(backlog, 2);
        add(backlog, 3);
        assertThat(backlog.size()).isEqualTo(1);
        assertThat(next(backlog)).isEqualTo("3 behind 2 dropped and 0 conflated from 1");
        assertThat(backlog.isIdle()).isTrue();
    }

    @Test
    void theNewestIsLeftOutAndTheNextThatComesTells() {
        Backlog backlog = backlog(Overflow.DROP_NEWEST, 2);
        for (int i = 1; i <= 4; i++) {
            add(backlog, i);
        }
        assertThat(next(backlog)).isEqualTo("1 behind 0 dropped and 0 conflated from 1");
        assertThat(next(backlog)).isEqualTo("2 behind 0 dropped and 0 conflated from 2");
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.isIdle()).as("a loss is to be told").isFalse();
        add(backlog, 5);
        assertThat(backlog.isIdle()).isFalse();
        add(backlog, 6);
        assertThat(next(backlog)).isEqualTo("5 behind 2 dropped and 0 conflated from 3");
        assertThat(next(backlog)).isEqualTo("6 behind 0 dropped and 0 conflated from 6");
        assertThat(backlog.isIdle()).isTrue();
        assertThat(dropped(Drop.OVERFLOW)).isEqualTo(2);
    }

    @Test
    void theNewestOfEachKeyIsKeptAndTellsOfTheOlderOnes() {
        Backlog backlog = backlog(Overflow.CONFLATE, 10, "k");
        add(backlog, 1, "k", "x");
        add(backlog, 2, "k", "y");
        add(backlog, 3, "k", "x");
        add(backlog, 4);
        add(backlog, 5, "k", "x");
        add(backlog, 6, "k", "");
        assertThat(next(backlog)).isEqualTo("2 behind 0 dropped and 0 conflated from 2");
        assertThat(next(backlog)).isEqualTo("5 behind 0 dropped and 2 conflated from 1");
        assertThat(next(backlog))
                .as("those without a key are alike")
                .isEqualTo("6 behind 0 dropped and 1 conflated from 4");
        assertThat(next(backlog)).isEqualTo("none");
        assertThat(dropped(Drop.CONFLATED)).isEqualTo(3);
        assertThat(dropped(Drop.OVERFLOW)).isZero();
    }

    @Test
    void equalKeysOfTwoTopicsHaveNothingToDoWithEachOther() {
        Backlog backlog = backlog(Overflow.CONFLATE, 10);
        add(backlog, 1);
        backlog.add(Backlog.Entry.of(OTHER, message(2)));
        assertThat(backlog.size()).isEqualTo(2);
    }

    @Test
    void aMessageThatReplacesOneTellsOfWhatThatOneHadToTell() {
        Backlog backlog = backlog(Overflow.CONFLATE, 2, "k");
        add(backlog, 1, "k", "x");
        add(backlog, 2, "k", "y");
        add(backlog, 3, "k", "z");
        add(backlog, 4, "k", "y");
        assertThat(next(backlog)).isEqualTo("3 behind 0 dropped and 0 conflated from 3");
        assertThat(next(backlog)).isEqualTo("4 behind 1 dropped and 1 conflated from 1");
    }

    @Test
    void whatALostMessageHadToTellIsNotLostWithIt() {
        Backlog backlog = backlog(Overflow.CONFLATE, 1, "k");
        add(backlog, 1, "k", "x");
        add(backlog, 2, "k", "x");
        add(backlog, 3, "k", "y");
        assertThat(next(backlog)).isEqualTo("3 behind 2 dropped and 0 conflated from 1");
    }

    @Test
    void aMessageThatComesWithALossTellsItBehindAnEarlierOne() {
        Backlog backlog = backlog(Overflow.DROP_NEWEST, 1);
        add(backlog, 1);
        backlog.add(new Backlog.Entry(TOPIC, message(9), 2, 3, 4));
        assertThat(next(backlog)).isEqualTo("1 behind 0 dropped and 0 conflated from 1");
        backlog.add(new Backlog.Entry(TOPIC, message(20), 5, 6, 10));
        assertThat(next(backlog)).isEqualTo("20 behind 11 dropped and 6 conflated from 4");
    }

    @Test
    void ofASubscriberThatCameLaterNothingBeforeIsTold() {
        Backlog.Entry entry = new Backlog.Entry(TOPIC, message(9), 2, 3, 4);
        assertThat(entry.bare()).isEqualTo(Backlog.Entry.of(TOPIC, entry.message()));
        assertThat(entry.behind(5, 3)).isEqualTo(new Backlog.Entry(TOPIC, entry.message(), 7, 3, 3));
        assertThat(entry.behind(5, 6)).isEqualTo(new Backlog.Entry(TOPIC, entry.message(), 7, 3, 4));
    }

    @Test
    void clearingForgetsALossToo() {
        Backlog backlog = backlog(Overflow.DROP_NEWEST, 1);
        add(backlog, 1);
        add(backlog, 2);
        backlog.clear();
        assertThat(backlog.isIdle()).isTrue();
        add(backlog, 3);
        assertThat(next(backlog)).isEqualTo("3 behind 0 dropped and 0 conflated from 3");
    }

    @Test
    void aMessageThatSeveralKeepCountsOnceAndItsPlacesForEach() {
        Backlog one = backlog(Overflow.DROP_OLDEST, 10);
        Backlog two = backlog(Overflow.DROP_OLDEST, 10);
        Message shared = message(1);
        one.add(Backlog.Entry.of(TOPIC, shared));
        assertThat(memory.bytes()).isEqualTo(BACKLOG + PLACE + shared.size());
        two.add(Backlog.Entry.of(TOPIC, shared));
        assertThat(memory.bytes()).isEqualTo(2 * (BACKLOG + PLACE) + shared.size());
        add(one, 2);
        assertThat(memory.bytes()).isEqualTo(2 * BACKLOG + 3 * PLACE + 2 * shared.size());
        one.poll();
        assertThat(memory.bytes()).isEqualTo(2 * (BACKLOG + PLACE) + 2 * shared.size());
        two.poll();
        assertThat(memory.bytes()).isEqualTo(BACKLOG + PLACE + shared.size());
    }

    @Test
    void aPlaceWithAKeyCountsWithIt() {
        Message one = message(1);
        backlog(Overflow.CONFLATE, 10).add(Backlog.Entry.of(TOPIC, one));
        assertThat(memory.bytes()).isEqualTo(BACKLOG + KEYED + one.size());
    }

    @Test
    void theNextTellsOfAllThatWentBeforeIt() {
        Backlog backlog = backlog(Overflow.DROP_OLDEST, 2);
        for (int i = 1; i <= 6; i++) {
            add(backlog, i);
        }
        List<Long> dropped = new ArrayList<>();
        backlog.forEach(entry -> dropped.add(entry.dropped()));
        assertThat(dropped).containsExactly(4L, 0L);
        assertThat(next(backlog)).isEqualTo("5 behind 4 dropped and 0 conflated from 1");
        add(backlog, 7);
        assertThat(next(backlog)).isEqualTo("6 behind 0 dropped and 0 conflated from 6");
        assertThat(next(backlog)).isEqualTo("7 behind 0 dropped and 0 conflated from 7");
    }

    @Test
    void backlogsThatShareABudgetMakeRoomForEachOther() {
        budget = new Budget(memory, counts, 2 * (ENTRY + message(1).size()));
        Backlog keeps = backlog(Overflow.DROP_NEWEST, 10);
        Backlog one = backlog(Overflow.DROP_OLDEST, 10);
        Backlog two = backlog(Overflow.DROP_OLDEST, 10);
        add(keeps, 1);
        add(one, 2);
        add(two, 3);
        assertThat(keeps.size()).as("what must not go stays").isEqualTo(1);
        assertThat(one.isEmpty()).isTrue();
        assertThat(two.size()).isEqualTo(1);
        add(one, 4);
        assertThat(next(one)).isEqualTo("4 behind 1 dropped and 0 conflated from 2");
        assertThat(two.isEmpty()).isTrue();
        assertThat(next(keeps)).isEqualTo("1 behind 0 dropped and 0 conflated from 1");
    }

    @Test
    void whatFindsNoRoomBesideOthersIsLeftOut() {
        budget = new Budget(memory, counts, ENTRY + message(1).size());
        Backlog keeps = backlog(Overflow.DROP_NEWEST, 10);
        Backlog drops = backlog(Overflow.DROP_OLDEST, 10);
        add(keeps, 1);
        add(drops, 2);
        assertThat(drops.isEmpty()).isTrue();
        keeps.poll();
        add(drops, 3);
        assertThat(next(drops)).isEqualTo("3 behind 1 dropped and 0 conflated from 2");
    }

    @Test
    void anEmptyBudgetHasRoomForAnyOneMessage() {
        budget = new Budget(memory, counts, 1);
        Backlog backlog = backlog(Overflow.DROP_NEWEST, 10);
        assertThat(budget.hasRoomFor(message(1))).isTrue();
        add(backlog, 1);
        assertThat(budget.hasRoomFor(message(2))).isFalse();
        long used = 2 * (ENTRY + message(1).size());
        assertThat(budget.exceeded(message(2)))
                .isEqualTo(used + " B wait for this connection, its limit is 1 (max_outbox_bytes)");
        backlog.poll();
        assertThat(budget.hasRoomFor(message(2))).isTrue();
    }

    @Test
    void aBacklogGivesWhatItHoldsWithoutTakingIt() {
        Backlog backlog = backlog(Overflow.DROP_NEWEST, 10);
        add(backlog, 1);
        add(backlog, 2);
        List<Long> sequences = new ArrayList<>();
        backlog.forEach(entry -> sequences.add(entry.message().sequence()));
        assertThat(sequences).containsExactly(1L, 2L);
        assertThat(backlog.size()).isEqualTo(2);
    }

    @Test
    void whatIsClearedLeavesItsRoomToOthersAndNoMore() {
        budget = new Budget(memory, counts, 2 * (ENTRY + message(1).size()));
        Backlog cleared = backlog(Overflow.DROP_NEWEST, 10);
        Backlog other = backlog(Overflow.DROP_NEWEST, 10);
        add(cleared, 1);
        add(cleared, 2);
        cleared.poll();
        cleared.clear();
        for (int i = 3; i <= 5; i++) {
            add(other, i);
        }
        assertThat(other.size()).isEqualTo(2);
        assertThat(dropped(Drop.OVERFLOW)).isOne();
    }
}
