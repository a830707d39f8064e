package io.fanfare.topic;

import io.fanfare.frame.Headers;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.options.TopicRule;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.testing.Received;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Topics that keep values or histories, and subscriptions that want some of that. */
abstract class ReplayFixture extends TopicFixture {

    static final Destination OTHER = Destination.topic("a.c");
    static final Destination HISTORY = Destination.topic("h.a");
    static final Destination ALL = Destination.pattern("a.*");
    static final ReplayRequest WANTED = request("retained", "true");
    static final ReplayRequest ONLY = request("retained", "only");
    static final ReplayRequest FIRST = request("from", "first");
    static final ReplayRequest NEXT = request("from", "next");

    /** How often a client was told the end of its values, where no value could. */
    int ends;

    private static ReplayRequest request(String... headers) {
        return ReplayRequest.of(Headers.of(headers));
    }

    @BeforeEach
    void someKeep() {
        topics(
                TopicRule.of("/topic/a.#").retainByKey("k"),
                TopicRule.of("/topic/h.#").history(10_000));
    }

    static Message value(String key, String body) {
        return message(body, "k", key);
    }

    final void values(Destination topic, int count) {
        for (int i = 0; i < count; i++) {
            publish(topic, value("" + i, topic.name() + i));
        }
    }

    final TestSubscription subscription(Destination... destinations) {
        return new TestSubscription(peer(), "0", destinations);
    }

    final TestSubscription subscribed(ReplayRequest request, Destination... destinations) {
        TestSubscription subscription = subscription(destinations);
        subscribe(subscription, request, () -> ends++);
        return subscription;
    }

    /** Messages with the marks that they have: {@code BODY retained end dropped:N}. */
    static List<String> marked(TestSubscription subscription) {
        return subscription.peer().take().stream().map(ReplayFixture::marked).toList();
    }

    private static String marked(Received each) {
        return each.text()
                + (each.has("retained") ? " retained" : "")
                + (each.has("snapshot") ? " " + each.header("snapshot") : "")
                + (each.has("dropped") ? " dropped:" + each.header("dropped") : "");
    }
}
