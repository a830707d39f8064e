package io.fanfare.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChatOptionsTest {

    @Test
    void withoutArgumentsPortsAreFreeOnesAndARemovalLastsAMinute() {
        assertThat(ChatOptions.parse()).isEqualTo(new ChatOptions(0, 0, Duration.ofSeconds(60)));
    }

    @Test
    void everyOptionIsRead() {
        assertThat(ChatOptions.parse("--port=1", "--ws-port=2", "--removal=1"))
                .isEqualTo(new ChatOptions(1, 2, Duration.ofSeconds(1)));
        assertThatThrownBy(() -> ChatOptions.parse("--removal=0"))
                .hasMessage("--removal must be a number from 1 to 86400, not 0");
    }
}
