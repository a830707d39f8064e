package io.fanfare.testkit.internal;

import io.fanfare.broker.Broker;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.Selection;
import io.fanfare.status.TopicStatus;
import java.util.Comparator;

/** Throws away what the destinations of a broker hold. */
public final class Reset {

    private static final int MOST = 10_000;

    private Reset() {}

    /** Purges queues, and deletes what topics keep and the durable subscriptions of absent clients. */
    public static void destinations(Broker broker) {
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
