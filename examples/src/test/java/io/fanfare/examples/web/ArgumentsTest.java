package io.fanfare.examples.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    private static final Set<String> KNOWN = Set.of("--port", "--every");

    @Test
    void valuesFollowTheirNameOrAnEqualsSign() {
        Arguments given = Arguments.parse(KNOWN, "--port", "80", "--every=7");
        assertThat(given.port("--port")).isEqualTo(80);
        assertThat(given.number("--every", 1, 0, 7)).isEqualTo(7);
    }

    @Test
    void whatIsMissingHasItsDefault() {
        assertThat(Arguments.parse(KNOWN).number("--every", 1, 0, 7)).isEqualTo(1);
        assertThat(Arguments.parse(KNOWN).port("--port")).isZero();
    }

    @Test
    void ofRepeatedArgumentsTheLastCounts() {
        assertThat(Arguments.parse(KNOWN, "--port=1", "--port=2").port("--port"))
                .isEqualTo(2);
    }
}
