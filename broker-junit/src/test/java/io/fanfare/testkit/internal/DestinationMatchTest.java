package io.fanfare.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationMatchTest {

    @ParameterizedTest
    @CsvSource({
        "/topic/a,/topic/a,true",
        "/topic/a,/topic/b,false",
        "/topic/a,/topic/a.b,false",
        "/topic/*,/topic/a,true",
        "/topic/*,/topic/a.b,false",
        "/topic/*.b,/topic/a.b,true",
        "/topic/#,/topic/a.b/c,true",
        "/topic/**,/topic/a,true",
        "/topic/a.#,/topic/a,true",
        "/topic/a.#,/topic/b,false",
        "/topic/a.#,/topic/a/b,false",
        "/topic/a/*,/topic/a.b,false",
        "/topic/a/*,/topic/a/b,true",
        "/#,/queue/a,true",
        "/#,/topic/a,true"
    })
    void patternMeansDestination(String pattern, String destination, boolean means) {
        assertThat(DestinationMatch.matches(pattern, destination)).isEqualTo(means);
    }
}
