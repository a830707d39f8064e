package io.fanfare.testkit.internal;

import io.fanfare.broker.Broker;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.Selection;
import io.fanfare.status.TopicStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;

/** Throws away what the destinations of a broker hold. */
public final class Reset {

    private static final int MOST = 10_000;
    private static final Duration ENDING = Duration.ofSeconds(5);

    private Reset() {}

    /**
     * Waits for the end of some sessions, then purges queues, and deletes what topics keep and the durable subscriptions of
     * absent clients; others stay connected and subscribed.
     *
     * @param ended ids of sessions whose clients have gone
     * @throws IllegalStateException when they do not end within five seconds
     */
    public static void keepingConnections(Broker broker, Set<String> ended) {
        Clients clients = new Clients(broker);
        if (!Poll.until(ENDING, () -> clients.all().stream().noneMatch(each -> ended.contains(each.id())))) {
            throw new IllegalStateException("connections do not end: " + clients.all());
        }
        destinations(broker);
    }

    private static void destinations(Broker broker) {
        var operations = broker.operations();
        var inspection = broker.inspection();
        inspection
                .durableSubscriptions(new Selection<>(
                        all -> true, Comparator.comparing(DurableSubscriptionStatus::toString), 0, MOST))
                .items()
                .forEach(each -> operations.deleteDurableSubscription(each.user(), each.clientId(), each.name()));
        inspection
                .queues(new Selection<>(all -> true, Comparator.comparing(QueueStatus::destination), 0, MOST))
                .items()
                .forEach(each -> operations.purge(each.destination()));
        inspection
                .topics(new Selection<>(
                        topic -> topic.retained() + topic.history() > 0,
                        Comparator.comparing(TopicStatus::destination),
                        0,
                        MOST))
                .items()
                .forEach(each -> operations.clearTopic(each.destination()));
    }
}
