package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.Broker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.support.ExecutorSubscribableChannel;

/** The prefixes of {@code enableSimpleBroker}. */
class PrefixTest {

    private static FanfareBrokerMessageHandler handler(String... prefixes) {
        ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
        return new FanfareBrokerMessageHandler(
                new Broker(), 1, channel, channel, channel, List.of(prefixes), new UserDestinations("/user/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/topic", "/topic/", "/topic/prices", "/queue", "/temp-queue/", "/presence", "/"})
    void whatTheBrokerKnowsIsTaken(String prefix) {
        assertThat(handler(prefix).getDestinationPrefixes()).hasSize(1);
    }

    @Test
    void withoutAnyAllThatTheBrokerKnowsIsForIt() {
        assertThat(handler().getDestinationPrefixes()).contains("/topic/", "/queue/", "/temp-topic/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/topics", "topic"})
    void anotherPrefixIsSaidAtTheStart(String prefix) {
        assertThatThrownBy(() -> handler("/topic", prefix))
                .hasMessageStartingWith(
                        "enableSimpleBroker(\"" + prefix + "\"): Fanfare's destinations begin with /topic/, /queue/");
    }
}
