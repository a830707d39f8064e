package io.fanfare.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.examples.chat.Removals.Removal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RemovalsTest {

    private Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private final Removals removals = new Removals(Duration.ofSeconds(60), new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    @Test
    void aRemovedUserStaysOutForTheTimeAndNoLonger() {
        Removal removal = removals.add("bob", "carol", "spam");
        now = now.plusSeconds(60).minusMillis(1);
        assertThat(removals.of("bob")).hasValue(removal);
        assertThat(removals.of("alice")).isEmpty();
        now = now.plusMillis(1);
        assertThat(removals.of("bob")).isEmpty();
    }

    @Test
    void aFurtherRemovalBeginsTheTimeAnew() {
        removals.add("bob", "carol", "spam");
        now = now.plusSeconds(59);
        removals.add("bob", "carol", "spam again");
        now = now.plusSeconds(59);
        assertThat(removals.of("bob").orElseThrow().reason()).isEqualTo("spam again");
    }

    @Test
    void theTimeLeftIsRoundedUpSoThatItIsOverWhenItHasPassed() {
        Removal removal = removals.add("bob", "carol", "");
        assertThat(removals.secondsLeft(removal)).isEqualTo(60);
        now = now.plusMillis(1);
        assertThat(removals.secondsLeft(removal)).isEqualTo(60);
        now = now.plusSeconds(59);
        assertThat(removals.secondsLeft(removal)).isEqualTo(1);
    }

    @Test
    void theUserIsToldTheReasonWhereThereIsOne() {
        assertThat(removals.add("bob", "carol", "spam").text()).isEqualTo("carol has removed you (spam).");
        assertThat(removals.add("bob", "carol", "").text()).isEqualTo("carol has removed you.");
    }
}
