package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The limit on open files")
class OpenFilesTest {

    private static Optional<String> with(String soft) {
        return OpenFiles.sentence(
                List.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max processes             96456                96456                processes ",
                        "Max open files            " + soft + "                1048576              files     "),
                50_000);
    }

    @Test
    @DisplayName("is told where it is too low for the connections, with both numbers")
    void tooLow() {
        assertThat(with("1024"))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("limits.max_connections is 50000, but this process may have 1024 files open"));
    }

    @Test
    @DisplayName("is not told where it suffices for the connections and for what the broker itself has open")
    void sufficient() {
        assertThat(with("50100")).isEmpty();
        assertThat(with("50099")).isPresent();
        assertThat(with("unlimited")).isEmpty();
    }

    @Test
    @DisplayName("is not told where the system does not say it")
    void unknown() {
        assertThat(OpenFiles.sentence(List.of(), 50_000)).isEmpty();
    }
}
