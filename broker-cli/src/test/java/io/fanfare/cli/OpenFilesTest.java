package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limit on open files")
class OpenFilesTest {

    @Test
    @DisplayName("is told where it is too low for the connections, with both numbers")
    void tooLow() {
        assertThat(OpenFiles.sentence(1024, 50_000))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("limits.max_connections is 50,000, but this process may have 1,024 files open"));
    }

    @Test
    @DisplayName("is not told where it suffices for the connections and for what the broker itself has open")
    void sufficient() {
        assertThat(OpenFiles.sentence(50_100, 50_000)).isEmpty();
        assertThat(OpenFiles.sentence(50_099, 50_000)).isPresent();
    }
}
