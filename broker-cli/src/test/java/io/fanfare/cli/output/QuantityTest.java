package io.fanfare.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1572864,1.5 MiB", "1125899906842624,1024.0 TiB"})
    void bytesHaveTheLargestUnitThatTheyFill(long bytes, String text) {
        assertThat(Quantity.bytes(bytes).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "999,999 ms",
        "1000,1 s",
        "59999,59 s",
        "60000,1 min 0 s",
        "3599999,59 min 59 s",
        "3600000,1 h 0 min",
        "86399999,23 h 59 min",
        "90000000,1 d 1 h"
    })
    void timesHaveTheirTwoLargestUnits(long millis, String text) {
        assertThat(Quantity.millis(millis).text()).isEqualTo(text);
    }

    @Test
    void countsAndRatesAreReadable() {
        assertThat(Quantity.count(1_234_567).text()).isEqualTo("1,234,567");
        assertThat(Quantity.rate(0.25).text()).isEqualTo("0.3");
        assertThat(Quantity.rate(12_345.6).text()).isEqualTo("12,346");
    }

    @Test
    void aTableShowsTheTextToTheRightAndJsonHasTheNumber() {
        Table table = new Table("size").row(Quantity.bytes(2048)).row(Quantity.bytes(5));

        assertThat(table.text(Colours.OFF).lines()).containsExactly("   size", "2.0 KiB", "    5 B");
        assertThat(table.json()).isEqualTo("[{\"size\":2048.0},{\"size\":5.0}]");
    }
}
