package io.fanfare.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortableHostTest {

    @Test
    void itMeasuresWhatTheJdkOffers() {
        Measurements measured = new PortableHost().measure();
        assertThat(measured.cpu().total()).isBetween(0.0, 100.0);
        assertThat(measured.cpu().cores()).isEmpty();
        assertThat(measured.memory().total()).isPositive();
        assertThat(measured.memory().used()).isBetween(1L, measured.memory().total());
        assertThat(measured.network().interfaces()).isEmpty();
        assertThat(measured.processes().count()).isPositive();
        assertThat(measured.processes().busiest()).hasSizeLessThanOrEqualTo(Host.BUSIEST);
        assertThat(measured.table()).isNotEmpty().hasSizeLessThanOrEqualTo(Host.ROWS);
    }
}
