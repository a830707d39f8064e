package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What comes as a new message, and may be none. */
class DoubtTest {

    private static final Instant START = Instant.parse("2026-11-30T00:00:00Z");
    private static final String SERVER = "server";

    private final Doubt doubt = new Doubt(Instant.MIN);
    private Instant since = START;

    private boolean isDoubtful(long sequence, Instant stored) {
        return doubt.isAbout(sequence, stored, SERVER, since);
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    @Test
    void whatIsStoredWhileTheNodeListensIsNew() {
        doubt.ends(SERVER, 10);
        assertThat(isDoubtful(11, at(0))).isFalse();
        assertThat(isDoubtful(12, at(5))).isFalse();
        assertThat(isDoubtful(20, at(6))).isFalse();
    }

    @Test
    void whatWasThereBeforeTheNodeMayHaveBeenDelivered() {
        doubt.ends(SERVER, 10);
        assertThat(isDoubtful(9, at(-100))).isTrue();
        assertThat(isDoubtful(10, at(0))).isTrue();
        assertThat(isDoubtful(11, at(0))).isFalse();
    }

    @Test
    void whatCameWhileTheNodeListenedIsNewInAQueueThatItUsesLater() {
        doubt.ends(SERVER, 10);
        assertThat(isDoubtful(9, at(0).plus(Doubt.SKEW))).isFalse();
        assertThat(isDoubtful(10, at(60))).isFalse();
    }

    @Test
    void whatComesOnceMoreInFrontOfANewerOneHasBeenHere() {
        doubt.ends(SERVER, 0);
        assertThat(isDoubtful(5, at(5))).isFalse();
        assertThat(isDoubtful(5, at(5))).as("nats-server 2.9 steps back by one").isTrue();
        assertThat(isDoubtful(4, at(5))).isTrue();
        assertThat(isDoubtful(6, at(6))).isFalse();
        doubt.forget();
        assertThat(isDoubtful(1, at(7))).as("another stream").isFalse();
    }

    @Test
    void whatWasStoredBeforeAnElectionMayHaveBeenDelivered() {
        doubt.ends(SERVER, 0);
        doubt.elected(at(50));
        assertThat(isDoubtful(1, at(40))).isTrue();
        assertThat(isDoubtful(2, at(50))).isTrue();
        assertThat(isDoubtful(3, at(50).plus(Doubt.SKEW).plus(Duration.ofMillis(1))))
                .isFalse();
    }

    @Test
    void anElectionBeforeTheFirstUseOfTheQueueCounts() {
        Doubt later = new Doubt(at(50));
        later.ends(SERVER, 0);
        assertThat(later.isAbout(1, at(49), SERVER, since)).isTrue();
        assertThat(later.isAbout(2, at(52), SERVER, since)).isFalse();
    }

    @Test
    void anotherServerMayKnowLessUntilItHasSaidWhatThereIs() {
        doubt.ends(SERVER, 0);
        since = at(100);
        assertThat(doubt.isAbout(1, at(99), "another", since)).isTrue();
        doubt.begins();
        assertThat(isDoubtful(2, at(100))).isTrue();
        doubt.ends(SERVER, 3);
        assertThat(isDoubtful(3, at(100))).isTrue();
        assertThat(isDoubtful(4, at(100))).isFalse();
    }
}
