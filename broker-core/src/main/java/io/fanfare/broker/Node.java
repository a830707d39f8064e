package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.PresenceChange;
import io.fanfare.backplane.QueueLimits;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.publish.Destinations;
import io.fanfare.retention.RetentionRules;
import io.fanfare.session.ClientStatus;
import io.fanfare.session.Session;
import io.fanfare.session.SessionServices;
import io.fanfare.status.BrokerStatus;
import io.fanfare.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A broker as its backplane sees it. */
final class Node implements LocalNode {

    private final BrokerOptions options;
    private final Sessions sessions;
    private final Inspection inspection;
    private final Destinations destinations;
    private final Memory memory;

    private Node(BrokerOptions options, Sessions sessions, Inspection inspection, SessionServices services) {
        this.options = options;
        this.sessions = sessions;
        this.inspection = inspection;
        this.destinations = services.destinations();
        this.memory = services.memory();
    }

    /** Connects a broker to the other nodes, if there may be others, whose messages come from then on. */
    static void start(BrokerOptions options, Sessions sessions, Inspection inspection, SessionServices services) {
        Backplane backplane = options.backplane();
        if (backplane != null) {
            services.memory().alsoUnderWay(backplane::bytesUnderWay);
            services.destinations().presence().tellElsewhere(backplane::present);
            backplane.start(new Node(options, sessions, inspection, services));
        }
    }

    @Override
    public Outcome deliver(Destination destination, List<Message> messages) {
        return destination.kind() == Destination.Kind.QUEUE
                ? destinations.queues().publish(destination, messages)
                : destinations.topics().publish(destination, messages, Topics.Checks.DUE);
    }

    @Override
    public List<TopicRule> topicRules() {
        return options.topics().rules();
    }

    @Override
    public @Nullable TopicRule keptRule(Destination topic) {
        return destinations.topics().keptRule(topic);
    }

    @Override
    public @Nullable String keptKey(Destination topic, Message message) {
        return RetentionRules.key(keptRule(topic), message);
    }

    @Override
    public void order(TopicRule rule, String epoch, long lostUpTo) {
        if (destinations.topics().order(rule, epoch, lostUpTo)) {
            lost("what topics keep began anew");
        }
    }

    @Override
    public Outcome keep(Destination topic, long number, Message message) {
        return destinations.topics().publishAt(topic, number, message);
    }

    @Override
    public long clear(Destination topic, long number) {
        return destinations.topics().clearAt(topic, number);
    }

    @Override
    public boolean hasRoom() {
        return memory.hasRoom();
    }

    @Override
    public BrokerClock clock() {
        return memory.clock();
    }

    @Override
    public QueueLimits queueLimits() {
        QueueOptions queues = options.queues();
        return new QueueLimits(
                queues.maxQueueMessages(),
                queues.maxQueueBytes(),
                options.dedup().dedupWindow());
    }

    @Override
    public Duration durableExpiry() {
        return options.queues().durableExpiry();
    }

    @Override
    public BrokerStatus status() {
        return inspection.broker();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("topics", options.topics().rules().toString());
    }

    @Override
    public void refused(String why) {
        inspection.refused(why);
    }

    @Override
    public void lost(String why) {
        for (Session each : sessions.all()) {
            each.loop().execute(() -> {
                ClientStatus client = each.status();
                if (client != null && client.hasTopicSubscriptions()) {
                    each.dismiss(CloseCode.RESTARTING, why);
                }
            });
        }
    }

    @Override
    public List<PresenceChange> present() {
        return destinations.presence().own();
    }

    @Override
    public void present(String node, PresenceChange change) {
        destinations.presence().remote().apply(node, change);
    }

    @Override
    public void present(String node, List<PresenceChange> all) {
        destinations.presence().remote().replace(node, all);
    }

    @Override
    public void closeSessions(CloseCode code, String why) {
        sessions.close(code, why);
    }
}
