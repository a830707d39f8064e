package io.fanfare.testing;

import io.fanfare.backplane.Lease;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.backplane.SharedOperations;
import io.fanfare.backplane.SharedQueue;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.status.QueuedMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Queues that the nodes of one test share; the test says when messages are handed out, and may hold what confirms their end. */
public final class HandQueues implements SharedOperations {

    private final Map<Destination, List<Kept>> kept = new LinkedHashMap<>();
    private final List<Source> sources = new ArrayList<>();
    private @Nullable Source closedLast;
    private final Set<String> ids = new HashSet<>();
    private int numbers;

    /** How each lease ended, such as {@code 1 settled}, in their order. */
    public final List<String> ends = new ArrayList<>();

    /** Ends that wait to be confirmed; confirmed at once unless {@link #holdsEnds}. */
    public final Queue<CompletableFuture<Void>> unconfirmed = new ArrayDeque<>();

    public boolean holdsEnds;

    /** What is handed out may have been so before. */
    public boolean isDoubtful;

    /** What nodes want is handed out as soon as they do. */
    public boolean handsOutAtOnce;

    /** How often operators have asked. */
    public int looks;

    /** Consumers at nodes that are not of the test. */
    public int consumersElsewhere;

    private static final class Kept {
        private final int number;
        private final byte[] record;
        private int deliveries;
        private boolean isOut;

        private Kept(int number, byte[] record) {
            this.number = number;
            this.record = record;
        }
    }

    private final class Source implements QueueSource {
        private final Destination queue;
        private final QueueTaker taker;
        private int wanted;

        private Source(Destination queue, QueueTaker taker) {
            this.queue = queue;
            this.taker = taker;
        }

        @Override
        public void want(int messages) {
            wanted = messages;
            if (handsOutAtOnce) {
                handOut();
            }
        }

        @Override
        public void close() {
            sources.remove(this);
            closedLast = this;
        }
    }

    boolean add(Destination queue, Message message, @Nullable String id) {
        if (id != null && !ids.add(id)) {
            return false;
        }
        ByteBuffer record = MessageRecord.write(queue, message, BrokerClock.SYSTEM);
        kept.computeIfAbsent(queue, q -> new ArrayList<>()).add(new Kept(++numbers, record.array()));
        return true;
    }

    QueueSource take(Destination queue, QueueTaker taker) {
        Source source = new Source(queue, taker);
        sources.add(source);
        return source;
    }

    List<SharedQueue> status() {
        return kept.entrySet().stream()
                .map(each -> new SharedQueue(
                        each.getKey(),
                        each.getValue().stream().filter(one -> !one.isOut).count(),
                        each.getValue().stream().filter(one -> one.isOut).count(),
                        each.getValue().stream()
                                .mapToLong(one -> one.record.length)
                                .sum(),
                        each.getValue().isEmpty() ? null : 1_000L,
                        numbers,
                        each.getValue().stream()
                                .mapToLong(one -> one.deliveries)
                                .sum(),
                        consumersElsewhere))
                .toList();
    }

    @Override
    public long clear(Destination topic) {
        throw new ProtocolException("topic unavailable", "the topic is kept elsewhere, and was not reached");
    }

    @Override
    public void look() {
        looks++;
    }

    @Override
    public void look(Destination queue) {
        looks++;
    }

    @Override
    public Optional<List<QueuedMessage>> peek(Destination queue, long after, int most, long maxBytes) {
        return Optional.ofNullable(kept.get(queue))
                .map(all -> all.stream()
                        .filter(each -> each.number > after)
                        .limit(most)
                        .map(HandQueues::shown)
                        .toList());
    }

    private static QueuedMessage shown(Kept each) {
        Message message = MessageRecord.read(ByteBuffer.wrap(each.record), BrokerClock.SYSTEM)
                .message();
        return new QueuedMessage(
                each.number, "" + each.number, message.headers(), message.body(), 0, 4, each.deliveries);
    }

    @Override
    public Optional<Long> purge(Destination queue) {
        return Optional.ofNullable(kept.remove(queue)).map(all -> (long) all.size());
    }

    @Override
    public boolean delete(Destination queue) {
        boolean isFree = kept.getOrDefault(queue, List.of()).stream().noneMatch(each -> each.isOut);
        if (isFree) {
            kept.remove(queue);
        }
        return isFree;
    }

    /** How many messages the nodes want of a queue, those that have consumers. */
    public List<Integer> wanted(String queue) {
        return sources.stream()
                .filter(each -> each.queue.name().equals(queue))
                .map(each -> each.wanted)
                .toList();
    }

    /** Messages of a queue that have not ended, by their numbers, which go through all queues. */
    public List<Integer> left(String queue) {
        return kept.getOrDefault(Destination.queue(queue), List.of()).stream()
                .map(each -> each.number)
                .toList();
    }

    /** Hands out what is ready as far as nodes want it, the first message first. */
    public void handOut() {
        for (Source source : List.copyOf(sources)) {
            for (Kept each : List.copyOf(kept.getOrDefault(source.queue, List.of()))) {
                if (!each.isOut && source.wanted > 0) {
                    hand(each, source);
                }
            }
        }
    }

    /** Hands out the first message that is ready to a node that does not want it any more: it was on its way. */
    public void handLate(String queue) {
        Source source = sources.stream()
                .filter(each -> each.queue.name().equals(queue))
                .findFirst()
                .orElseThrow();
        hand(kept.get(source.queue).get(0), source);
    }

    /** Hands out the first message that is ready to the node that has closed its source last: it was on its way. */
    public void handToTheLastThatHasClosed() {
        Source source = Objects.requireNonNull(closedLast);
        hand(
                kept.get(source.queue).stream()
                        .filter(each -> !each.isOut)
                        .findFirst()
                        .orElseThrow(),
                source);
    }

    private void hand(Kept message, Source to) {
        message.isOut = true;
        message.deliveries++;
        MessageRecord record = MessageRecord.read(ByteBuffer.wrap(message.record), BrokerClock.SYSTEM);
        to.taker.take(record.message(), message.deliveries, new HandLease(to.queue, message));
    }

    private final class HandLease implements Lease {
        private final Destination queue;
        private final Kept message;
        private final boolean isDoubtful = HandQueues.this.isDoubtful;
        private boolean ended;

        private HandLease(Destination queue, Kept message) {
            this.queue = queue;
            this.message = message;
        }

        @Override
        public String id() {
            return "dead letter " + message.number;
        }

        @Override
        public boolean isDoubtful() {
            return isDoubtful;
        }

        @Override
        public CompletionStage<Void> settle() {
            kept.getOrDefault(queue, new ArrayList<>()).remove(message);
            return end("settled");
        }

        @Override
        public CompletionStage<Void> giveBack(long millis) {
            message.isOut = false;
            return end("given back for " + millis);
        }

        @Override
        public CompletionStage<Void> discard() {
            kept.get(queue).remove(message);
            return end("discarded");
        }

        private CompletionStage<Void> end(String how) {
            if (ended) {
                throw new AssertionError("message " + message.number + " ends twice: " + how);
            }
            ended = true;
            ends.add(message.number + " " + how);
            CompletableFuture<Void> stage = new CompletableFuture<>();
            if (holdsEnds) {
                unconfirmed.add(stage);
            } else {
                stage.complete(null);
            }
            return stage;
        }
    }
}
