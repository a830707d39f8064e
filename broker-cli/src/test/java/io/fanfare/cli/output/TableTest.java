package io.fanfare.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void textIsAlignedAndNumbersAreToTheRight() {
        Table table =
                new Table("queue", "depth", "oldest").row("/queue/a", 12, "3 s").row("/queue/longer", 1_000, "");

        assertThat(table.text(Colours.OFF).lines())
                .containsExactly("queue          depth  oldest", "/queue/a          12  3 s", "/queue/longer   1000");
    }

    @Test
    void jsonHasAnObjectForEachRowWithTypedValues() {
        Table table =
                new Table("queue", "max rate", "durable").row("a\"b", 1.5, true).row("c", 2L, false);

        assertThat(table.json())
                .isEqualTo("[{\"queue\":\"a\\\"b\",\"max_rate\":1.5,\"durable\":true},"
                        + "{\"queue\":\"c\",\"max_rate\":2,\"durable\":false}]");
    }

    @Test
    void withoutRowsThereAreTheNamesAndAnEmptyArray() {
        Table table = new Table("a", "b");

        assertThat(table.text(Colours.OFF).lines()).containsExactly("a  b");
        assertThat(table.json()).isEqualTo("[]");
    }

    @Test
    void namesAreBoldWithColours() {
        assertThat(new Table("a").row("x").text(Colours.ON).lines()).containsExactly("\u001B[1ma\u001B[0m", "x");
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThatThrownBy(() -> new Table("a", "b").row("x")).hasMessage("1 cells for 2 columns");
    }
}
