package io.fanfare.broker;

import io.fanfare.frame.Command;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.publish.Destinations;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.session.SessionServices;
import io.fanfare.statistics.BrokerStatistics;
import io.fanfare.statistics.Count;
import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.Durations;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.statistics.LoopTimes;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.statistics.SlowAction;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Reads a broker's counters, those of all loops as one sum. Any thread may use one. */
final class StatisticsReader {

    /** Those with the fewest messages first; of several, those whose names come last. */
    private static final Comparator<QueueStatistics> BY_DEPTH = Comparator.comparingInt(QueueStatistics::depth)
            .thenComparing(QueueStatistics::destination, Comparator.reverseOrder());

    private final Sessions sessions;
    private final SessionServices services;
    private final SocketRefusals refusals;
    private final Destinations destinations;
    private final Memory memory;
    private final List<EventLoop> loops;

    StatisticsReader(Sessions sessions, SessionServices services, SocketRefusals refusals, Loops loops) {
        this.sessions = sessions;
        this.services = services;
        this.refusals = refusals;
        this.destinations = services.destinations();
        this.memory = services.memory();
        this.loops = loops.all();
    }

    BrokerStatistics read(int mostQueues) {
        QueueSums queues = new QueueSums(mostQueues);
        QueueAdministration.statistics(destinations.queues()).forEach(queues::add);
        RetentionAccount kept = destinations.topics().retained();
        return new BrokerStatistics(
                connections(),
                frames(),
                compression(),
                messages(),
                slowConsumers(),
                new BrokerStatistics.Destinations(
                        destinations.topics().count(),
                        destinations.presence().topicCount(),
                        destinations.queues().count(),
                        destinations.durables().count(),
                        queues.ready,
                        queues.unacknowledged,
                        queues.bytes,
                        queues.consumers),
                queues.deepest(),
                new BrokerStatistics.Kept(kept.keys(), kept.valueBytes(), kept.historyBytes()),
                new BrokerStatistics.MemoryUse(
                        memory.bytes(), memory.maxBytes(), memory.underWay(), memory.highBytes()),
                loops.stream().map(loop -> times(loop).publishToWrite().read()).reduce(Durations.NONE, Durations::plus),
                loops.stream().map(StatisticsReader::loop).toList());
    }

    private static LoopTimes times(EventLoop loop) {
        return loop.counts().times();
    }

    private static BrokerStatistics.Loop loop(EventLoop loop) {
        return new BrokerStatistics.Loop(
                times(loop).turns().read(), times(loop).lag().read(), loop.mailboxBytes(), loop.outboxBytes());
    }

    private BrokerStatistics.Connections connections() {
        Map<Disconnect, Long> closed = LoopCounts.zeros(Disconnect.class);
        loops.forEach(loop -> loop.counts().addClosed(closed));
        return new BrokerStatistics.Connections(
                sessions.count(),
                sum(Count.BLOCKED),
                sum(Count.CONNECTIONS_OPENED),
                closed,
                refusals.sums(),
                services.refusedLogins().sum(),
                services.softErrors().count());
    }

    private BrokerStatistics.Frames frames() {
        Map<Command, Long> received = LoopCounts.zeros(Command.class);
        Map<Command, Long> sent = LoopCounts.zeros(Command.class);
        loops.forEach(loop -> {
            loop.counts().addReceived(received);
            loop.counts().addSent(sent);
        });
        return new BrokerStatistics.Frames(received, sent, sum(Count.BYTES_RECEIVED), sum(Count.BYTES_SENT));
    }

    private BrokerStatistics.Compression compression() {
        return new BrokerStatistics.Compression(
                sum(Count.COMPRESSED), sum(Count.BYTES_BEFORE_COMPRESSION), sum(Count.BYTES_AFTER_COMPRESSION));
    }

    private BrokerStatistics.Messages messages() {
        MessageCounts counts = destinations.counts();
        Map<Drop, Long> dropped = counts.dropped();
        loops.forEach(loop -> loop.counts().addDropped(dropped));
        return new BrokerStatistics.Messages(
                counts.toTopics(),
                counts.toQueues(),
                sum(Count.DELIVERED),
                sum(Count.REDELIVERED),
                counts.expired(),
                dropped,
                counts.dead());
    }

    private Map<SlowAction, Long> slowConsumers() {
        Map<SlowAction, Long> actions = LoopCounts.zeros(SlowAction.class);
        loops.forEach(loop -> loop.counts().addSlow(actions));
        return actions;
    }

    private long sum(Count count) {
        return loops.stream().mapToLong(loop -> loop.counts().get(count)).sum();
    }

    /** What all queues hold, and the ones that hold the most. */
    private static final class QueueSums {

        private final int most;
        private final PriorityQueue<QueueStatistics> deepest = new PriorityQueue<>(BY_DEPTH);
        private long ready;
        private long unacknowledged;
        private long bytes;
        private long consumers;

        QueueSums(int most) {
            this.most = most;
        }

        void add(QueueStatistics queue) {
            ready += queue.ready();
            unacknowledged += queue.unacknowledged();
            bytes += queue.bytes();
            consumers += queue.consumers();
            // a temporary queue's name is one client's, and means nothing once that has gone
            if (queue.destination().startsWith("/queue/")) {
                deepest.add(queue);
                if (deepest.size() > most) {
                    deepest.remove();
                }
            }
        }

        List<QueueStatistics> deepest() {
            return deepest.stream().sorted(BY_DEPTH.reversed()).toList();
        }
    }
}
