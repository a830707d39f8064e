package io.fanfare.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    private final DurationCounts counts = new DurationCounts();

    @Test
    void beforeTheFirstThereIsNone() {
        assertThat(counts.read()).isEqualTo(Durations.NONE);
        assertThat(counts.read().count()).isZero();
        assertThat(counts.read().quantile(0.99)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "10000, 0",
        "10001, 1",
        "25000, 1",
        "1000000, 6",
        "1000001, 7",
        "10000000000, 18",
        "10000000001, 19"
    })
    void aDurationIsInTheClassWhoseBoundItDoesNotExceed(long nanos, int index) {
        counts.record(nanos);
        Durations read = counts.read();
        assertThat(read.counts()).hasSize(Durations.BOUNDS.size() + 1);
        assertThat(read.counts().get(index)).isEqualTo(1);
        assertThat(read.count()).isEqualTo(1);
        assertThat(read.totalNanos()).isEqualTo(nanos);
    }

    @Test
    void aQuantileIsTheBoundOfItsClass() {
        for (int i = 0; i < 99; i++) {
            counts.record(9_000);
        }
        counts.record(900_000);
        assertThat(counts.read().quantile(0.5)).isEqualTo(10_000);
        assertThat(counts.read().quantile(0.99)).isEqualTo(10_000);
        assertThat(counts.read().quantile(1)).isEqualTo(1_000_000);
    }

    @Test
    void aQuantileOfWhatIsLongerThanAllBoundsIsTheLastBound() {
        counts.record(Long.MAX_VALUE / 2);
        assertThat(counts.read().quantile(0.5)).isEqualTo(10_000_000_000L);
    }

    @Test
    void sumsAndDifferencesAreOfEachClass() {
        counts.record(5_000);
        Durations first = counts.read();
        counts.record(20_000);
        Durations second = counts.read();
        assertThat(second.since(first).counts().subList(0, 3)).isEqualTo(List.of(0L, 1L, 0L));
        assertThat(second.since(first).totalNanos()).isEqualTo(20_000);
        assertThat(first.plus(second.since(first))).isEqualTo(second);
        assertThat(first.plus(Durations.NONE)).isEqualTo(first);
    }
}
