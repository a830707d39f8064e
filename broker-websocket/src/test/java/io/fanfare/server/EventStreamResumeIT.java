package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Event streams of topics that keep messages: where they begin, what they say of it, and how they go on. */
class EventStreamResumeIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer(server -> server.broker(BrokerOptions.builder()
            .topics(topics -> topics.rules(List.of(
                    TopicRule.of("/topic/kept.#").history(10),
                    TopicRule.of("/topic/room").withPresence())))
            .build()));

    private static EventStream subscribed(String query, String... requestLines) {
        return EventStream.get(SERVER.http(), "/sse?" + query, requestLines).begins();
    }

    @Test
    void behindALastEventIdComesWhatWasMissedOfATopicWithHistory() {
        EventStream stream = subscribed("destination=/topic/kept");
        StompSocket publisher = SERVER.connect(Transport.TCP);
        publisher.publishes("/topic/kept", "seen");
        String seen = stream.gotMessage("/topic/kept", "seen");
        String id = seen.substring(seen.lastIndexOf("id: ") + 4).strip();
        publisher.publishes("/topic/kept", "missed");

        EventStream again = subscribed("destination=/topic/kept&from=first", "Last-Event-ID: " + id);
        assertThat(again.gotMessage("/topic/kept", "missed")).contains("\"recovered\":\"true\"", "\"replayed\":\"1\"");
        publisher.publishes("/topic/kept", "live");
        again.gotMessage("/topic/kept", "live");
    }

    @Test
    void aStreamThatHasHadNoMessageGoesOnWhereItBegan() {
        SERVER.broker().publish("/topic/kept.began", Headers.EMPTY, "before".getBytes(UTF_8));
        EventStream stream = subscribed("destination=/topic/kept.began");
        String head = stream.next("id: ");
        assertThat(head).matches("id: [a-z0-9]+-\\d+-\\d+");
        SERVER.broker().publish("/topic/kept.began", Headers.EMPTY, "missed".getBytes(UTF_8));

        EventStream again = subscribed("destination=/topic/kept.began", "Last-Event-ID: " + head.substring(4));
        assertThat(again.gotMessage("/topic/kept.began", "missed")).contains("\"recovered\":\"true\"");
    }

    @Test
    void whatComesFirstHasTheIdsThatCount() {
        SERVER.broker().publish("/topic/kept.first", Headers.EMPTY, "1".getBytes(UTF_8));
        assertThat(subscribed("destination=/topic/kept.first&from=first").next("data: "))
                .contains("\"body\":\"1\"");
    }

    @Test
    void aGapIsSaidAlsoWhereNoMessageCanSayIt() {
        EventStream stream = subscribed("destination=/topic/kept.gap", "Last-Event-ID: elsewhere-1-7");
        assertThat(stream.next())
                .matches("event: subscribed\ndata: \\{\"recovered\":\"false\"}\nid: [a-z0-9]+-\\d+-\\d+");
        stream = subscribed("destination=/topic/none&from=first");
        assertThat(stream.next()).isEqualTo("event: subscribed\ndata: {\"recovered\":\"false\"}");
    }

    @Test
    void theEndOfASnapshotWithoutValuesIsToldAndIsNoPlaceToGoOn() {
        EventStream stream = subscribed("destination=/topic/kept.end&retained=true");
        stream.next("id: ");
        assertThat(stream.next())
                .isEqualTo(
                        "data: {\"headers\":{\"destination\":\"/topic/kept.end\",\"retained\":\"true\",\"snapshot\":\"end\"},"
                                + "\"destination\":\"/topic/kept.end\",\"body\":\"\"}");
    }

    @Test
    void anEmptyListOfThosePresentIsTold() {
        EventStream stream = subscribed("destination=/presence/topic/room");
        assertThat(stream.next()).contains("\"snapshot\":\"end\"").doesNotContain("\nid: ");
    }

    @Test
    void aLastEventIdOfATopicThatKeepsNothingIsTakenAndTheGapSaid() {
        SERVER.connect(Transport.TCP).publishes("/topic/a", "missed");
        EventStream stream = subscribed("destination=/topic/a", "Last-Event-ID: x-1-1");
        assertThat(stream.next()).isEqualTo("event: subscribed\ndata: {\"recovered\":\"false\"}");
        SERVER.connect(Transport.TCP).publishes("/topic/a", "live");

        stream.gotMessage("/topic/a", "live");
    }
}
