package io.fanfare.admin.metrics;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Command;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.DeathReason;
import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.Refusal;
import io.fanfare.statistics.SlowAction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;

/**
 * Binds what a broker counts to a {@link MeterRegistry}: {@code new FanfareMetrics(server.broker()).bindTo(registry)}.
 * The meters are listed in docs/metrics.md. They read the broker's own counters when the registry is scraped, and cost
 * nothing between scrapes. A registry takes one broker. Any thread may call.
 */
public final class FanfareMetrics implements MeterBinder {

    /** Queues with series of their own, unless another number is asked for. */
    public static final int MAX_QUEUES = 100;

    private static final List<Command> FROM_CLIENTS = List.of(
            Command.CONNECT,
            Command.STOMP,
            Command.SEND,
            Command.SUBSCRIBE,
            Command.UNSUBSCRIBE,
            Command.ACK,
            Command.NACK,
            Command.BEGIN,
            Command.COMMIT,
            Command.ABORT,
            Command.DISCONNECT);
    private static final List<Command> TO_CLIENTS =
            List.of(Command.CONNECTED, Command.MESSAGE, Command.RECEIPT, Command.ERROR);

    private final Reading reading;

    /** The metrics of a broker, with series of their own for {@link #MAX_QUEUES} queues. */
    public FanfareMetrics(Broker broker) {
        this(broker, MAX_QUEUES);
    }

    /**
     * The metrics of a broker.
     *
     * @param maxQueues queues with series of their own, those with the most messages; all others together are the queue
     *     {@code other}
     * @throws IllegalArgumentException when that is negative
     */
    public FanfareMetrics(Broker broker, int maxQueues) {
        if (maxQueues < 0) {
            throw new IllegalArgumentException("maxQueues is " + maxQueues + "; it must not be negative");
        }
        this.reading = new Reading(broker, maxQueues, System::nanoTime);
    }

    /** Adds the meters; may be called for several registries. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, reading);
        bindConnections(meters);
        bindFrames(meters);
        bindMessages(meters);
        bindDestinations(meters);
        bindMemory(meters);
        Times.bind(meters);
        QueueMeters.bind(meters);
        reading.refresh();
    }

    /** Reads the broker now, so that the next scrape has its queues and loops of this moment. */
    public void refresh() {
        reading.refresh();
    }

    private static void bindConnections(Meters meters) {
        meters.gauge("connections", "Open connections", now -> now.connections().open());
        meters.gauge(
                "connections.blocked",
                "Connections whose socket takes nothing more just now",
                now -> now.connections().blocked());
        meters.counter(
                "connections.opened",
                "Connections opened",
                now -> now.connections().opened());
        meters.counters(
                "connections.closed",
                "Connections ended, by reason",
                "reason",
                Disconnect.values(),
                now -> now.connections().closed());
        meters.counters(
                "connections.refused",
                "Sockets and handshakes refused, by reason",
                "reason",
                Refusal.values(),
                now -> now.connections().refused());
        meters.counter(
                "logins.failed",
                "Logins refused, or not decided by the authenticator",
                now -> now.connections().failedLogins());
        meters.counter(
                "soft.errors",
                "Frames refused without an end of their connection",
                now -> now.connections().softErrors());
        meters.counters(
                "slow.consumers",
                "Clients slower than their messages, by what was done about them",
                "action",
                SlowAction.values(),
                BrokerStatistics::slowConsumers);
    }

    private static void bindFrames(Meters meters) {
        meters.commands(
                "frames.received",
                "Frames from clients, by command",
                FROM_CLIENTS,
                now -> now.frames().received());
        meters.commands(
                "frames.sent",
                "Frames to clients, by command",
                TO_CLIENTS,
                now -> now.frames().sent());
        meters.bytesCounter(
                "received", "Octets of STOMP from clients", now -> now.frames().bytesReceived());
        meters.bytesCounter(
                "sent", "Octets that clients' sockets took", now -> now.frames().bytesSent());
        meters.counter(
                "compressed.messages",
                "Messages that were compressed, each once for all connections that share the octets",
                now -> now.compression().messages());
        meters.bytesCounter(
                "compression.input",
                "Octets that were compressed",
                now -> now.compression().bytesBefore());
        meters.bytesCounter(
                "compression.output",
                "Octets that these became",
                now -> now.compression().bytesAfter());
    }

    private static void bindMessages(Meters meters) {
        String published = "Messages published, by kind of destination";
        meters.counter("messages.published", published, now -> now.messages().toTopics(), "to", "topic");
        meters.counter("messages.published", published, now -> now.messages().toQueues(), "to", "queue");
        meters.counter(
                "messages.delivered",
                "Messages given to subscribers' connections",
                now -> now.messages().delivered());
        meters.counter(
                "messages.redelivered",
                "Deliveries of messages that had been delivered before",
                now -> now.messages().redelivered());
        meters.counter(
                "messages.expired",
                "Messages whose time to live was over",
                now -> now.messages().expired());
        meters.counters(
                "messages.dropped",
                "Messages dropped, by reason",
                "reason",
                Drop.values(),
                now -> now.messages().dropped());
        meters.counters(
                "messages.dead.lettered",
                "Messages put into dead-letter queues, by reason",
                "reason",
                DeathReason.values(),
                now -> now.messages().deadLettered());
    }

    private static void bindDestinations(Meters meters) {
        meters.gauge(
                "topics",
                "Topics with subscribers, or with messages that they keep",
                now -> now.destinations().topics());
        meters.gauge(
                "presence.topics",
                "Topics at which a session is present, or whose presence a subscriber asks for",
                now -> now.destinations().presenceTopics());
        meters.gauge(
                "queues",
                "Queues with consumers or messages",
                now -> now.destinations().queues());
        meters.gauge(
                "durable.subscriptions",
                "Durable subscriptions, those of absent clients included",
                now -> now.destinations().durableSubscriptions());
        meters.gauge(
                "retained.values",
                "Last values that topics keep",
                now -> now.kept().values());
        meters.bytesGauge(
                "retained", "About what last values take", now -> now.kept().valueBytes());
        meters.bytesGauge(
                "history",
                "About what the histories of topics take",
                now -> now.kept().historyBytes());
    }

    private static void bindMemory(Meters meters) {
        meters.bytesGauge(
                "memory.held", "Memory held for clients", now -> now.memory().held());
        meters.bytesGauge(
                "memory.limit",
                "Memory beyond which SEND is refused (max_memory_bytes)",
                now -> now.memory().limit());
        meters.bytesGauge(
                "memory.under.way",
                "Memory of what is on its way to subscribers",
                now -> now.memory().underWay());
        meters.bytesGauge(
                "memory.high.mark",
                "What may be on its way before publishers wait (high_memory_bytes)",
                now -> now.memory().highMark());
        meters.bytesGauge(
                "outbox",
                "Bytes that wait for full sockets, shared ones once",
                now -> now.loops().stream()
                        .mapToLong(BrokerStatistics.Loop::outboxBytes)
                        .sum());
        meters.bytesGauge(
                "mailbox",
                "Bytes of messages that wait for an event loop",
                now -> now.loops().stream()
                        .mapToLong(BrokerStatistics.Loop::mailboxBytes)
                        .sum());
    }
}
