package io.fanfare.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DashboardOptionsTest {

    @Test
    void withoutArgumentsPortsAreFreeOnesAndASecondPasses() {
        assertThat(DashboardOptions.parse()).isEqualTo(DashboardOptions.every(Duration.ofSeconds(1)));
    }

    @Test
    void valuesFollowTheirNameOrAnEqualsSign() {
        assertThat(DashboardOptions.parse("--port", "8080", "--ws-port=15674", "--interval", "250"))
                .isEqualTo(new DashboardOptions(8080, 15674, Duration.ofMillis(250), Optional.empty()));
    }

    @Test
    void aBrokerThatRunsAlreadyIsAUrl() {
        assertThat(DashboardOptions.parse("--broker", "wss://push.example.com/ws")
                        .broker())
                .hasValue(URI.create("wss://push.example.com/ws"));
        refused(
                "--broker must be a URL such as ws://127.0.0.1:15674/ws, not localhost:15674",
                "--broker",
                "localhost:15674");
    }

    @Test
    void whatIsWrongIsSaidInASentence() {
        refused("there is no option --ports", "--ports", "1");
        refused("there is no option -p", "-p");
        refused("--port needs a value", "--port");
        refused("--port must be a number from 0 to 65535, not many", "--port", "many");
        refused("--ws-port must be a number from 0 to 65535, not 65536", "--ws-port=65536");
        refused("--interval must be a number from 100 to 3600000, not 99", "--interval=99");
    }

    private static void refused(String sentence, String... arguments) {
        assertThatThrownBy(() -> DashboardOptions.parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
