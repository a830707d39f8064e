package io.fanfare.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of messages that the client of a durable subscription has. */
class DurableLeaseTest extends DurableBacklogFixture {

    @Test
    @DisplayName("a message is settled when it is written down that it is")
    void settledIsWhatIsSaved() {
        goLive();
        want(2);
        offer(1, 2);
        assertThat(saves).isZero();
        loop.run(() -> {
            assertThat(leases.get(0).settle()).isSameAs(saved);
            assertThat(leases.get(1).discard()).isSameAs(saved);
        });
        assertThat(saves).isEqualTo(2);
        assertThat(leases.get(1).id()).isEqualTo("now/2");
    }

    @Test
    void whatComesBackIsDeliveredBeforeAllOthers() {
        offer(1, 2);
        goLive();
        want(1);
        loop.run(() -> assertThat(leases.get(0).giveBack(0)).isCompleted());
        assertThat(backlog.size()).isEqualTo(2);
        want(2);
        assertThat(taken).containsExactly("1x1", "1x2", "2x1");
    }

    @Test
    void whatComesBackGoesOutAgainWithoutBeingAskedFor() {
        offer(1);
        goLive();
        want(2);
        loop.run(() -> leases.get(0).giveBack(0));
        settle();
        assertThat(taken).containsExactly("1x1", "1x2");
    }

    @Test
    void whatComesBackLaterWaitsForItsTime() {
        offer(1);
        goLive();
        want(2);
        loop.run(() -> assertThat(leases.get(0).giveBack(50)).isCompleted());
        settle();
        assertThat(backlog.size()).isZero();
        assertThat(messageBytes(1)).as("it is kept meanwhile").isEqualTo(SIZE + WaitingMessages.ENTRY_BYTES);
        loop.advance(Duration.ofMillis(60));
        loop.takeTurn();
        settle();
        assertThat(taken).containsExactly("1x1", "1x2");
        assertThat(messageBytes(1)).isZero();
    }

    @Test
    void whatWouldComeBackLaterIsNotKeptBehindTheEnd() {
        offer(LongStream.rangeClosed(1, 150).toArray());
        goLive();
        want(150);
        settle();
        loop.run(() -> leases.subList(0, 149)
                .forEach(lease -> lease.giveBack(Duration.ofDays(365).toMillis())));
        loop.run(() -> leases.get(149).giveBack(50));
        assertThat(messageBytes(1)).isEqualTo(150 * (SIZE + WaitingMessages.ENTRY_BYTES));
        long noTimer = Duration.ofDays(1).toNanos();
        loop.run(backlog::close);
        assertThat(memory.bytes())
                .as("a part is let go of at once")
                .isEqualTo(50 * (SIZE + WaitingMessages.ENTRY_BYTES));
        loop.advance(Duration.ofMillis(60));
        settle();
        assertThat(loop.nanosToTimer()).isEqualTo(noTimer);
        assertThat(memory.bytes()).isZero();
        assertThat(backlog.size()).as("nothing comes back").isZero();
        assertThat(progress().open()).as("it comes to the next connection").hasSize(150);
    }

    @Test
    void whatComesBackAfterTheEndIsKeptByTheTopicAlone() {
        offer(1, 2);
        goLive();
        want(2);
        loop.run(() -> backlog.close());
        long noTimer = loop.nanosToTimer();
        loop.run(() -> {
            leases.get(0).giveBack(0);
            leases.get(1).giveBack(50);
        });
        assertThat(loop.nanosToTimer()).isEqualTo(noTimer);
        assertThat(backlog.size()).isZero();
        assertThat(memory.bytes()).isZero();
        assertThat(progress()).isEqualTo(upTo(2, 1L, 2L));
    }

    @Test
    @DisplayName("a message for those that wait when it comes is delivered at once or never")
    void atOnceIsAtOnceOrNever() {
        wantLater(1_000);
        offer(atOnce(1));
        assertThat(backlog.size()).as("not live").isZero();
        offer(LongStream.rangeClosed(2, 150).toArray());
        goLive();
        offer(atOnce(151));
        assertThat(taken).as("others wait").hasSize(100);
        settle();
        assertThat(taken).hasSize(149).doesNotContain("151x1");
        want(0);
        offer(atOnce(152));
        assertThat(backlog.size()).as("nothing wanted").isZero();
        want(2);
        offer(atOnce(153));
        assertThat(taken).last().isEqualTo("153x1");
        loop.run(() -> leases.get(leases.size() - 1).giveBack(0));
        settle();
        assertThat(taken).last().isEqualTo("153x1");
        assertThat(progress().open()).doesNotContain(153L);
    }
}
