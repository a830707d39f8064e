package io.fanfare.publish;

import io.fanfare.backplane.Backplane;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Retain;
import io.fanfare.message.Sender;
import io.fanfare.message.Target;
import io.fanfare.options.DedupOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.Drop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way in for messages, from SEND, COMMIT and embedders alike: it refuses while the broker drains or its memory is
 * full, lets expired messages go, keeps delayed ones, and hands all others to their destinations. Any thread may call.
 */
public final class Publisher {

    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private final Destinations destinations;
    private final Carrier carrier;
    private final Memory memory;
    private final DrainMode drain;
    private final Loops loops;
    private final DedupWindows windows;
    private final int maxDelayed;

    /** Messages that wait for their delay. */
    private final Set<DelayedBatch> waiting = ConcurrentHashMap.newKeySet();

    /** Those of them whose delay is over. */
    private final DueBatches due;

    private final PublisherWait wait;

    /** As many permits as there may be messages more that wait for their delay. */
    private final Semaphore delayed;

    /**
     * Publishes nothing yet.
     *
     * @param backplane carries messages to other nodes; null: this node is the only one
     */
    public Publisher(
            Destinations destinations,
            @Nullable Backplane backplane,
            Memory memory,
            DrainMode drain,
            Loops loops,
            QueueOptions options,
            DedupOptions dedup) {
        this.destinations = destinations;
        this.carrier = new Carrier(destinations, backplane);
        this.memory = memory;
        this.drain = drain;
        this.loops = loops;
        this.windows = new DedupWindows(dedup, memory, loops);
        this.maxDelayed = options.maxDelayed();
        this.delayed = new Semaphore(maxDelayed);
        this.wait = new PublisherWait(destinations.topics(), memory);
        this.due = new DueBatches(loops, this::publishDelayed);
    }

    /**
     * Makes sure that a message may come in at all.
     *
     * @throws ProtocolException when the broker drains or its memory is full
     */
    public void checkOpen() {
        drain.check();
        if (memory.isFull()) {
            throw new ProtocolException("memory alarm", memory.alarm(), CloseCode.OVERLOAD);
        }
    }

    /**
     * Makes sure that a message may come in now. While memory is full, this is only the removal of a last value which frees
     * more than its message takes, and each value can be removed once.
     *
     * @throws ProtocolException as {@link #checkOpen()} says
     */
    public void checkOpen(List<Target> targets, Message message) {
        if (!makesRoom(targets, message)) {
            checkOpen();
        } else {
            drain.check();
        }
    }

    /** The same for a publisher that is no connection and waits so long where one would not be read from; null: it is refused soon. */
    public void awaitOpen(List<Target> targets, Message message, @Nullable Duration longest) {
        checkOpen(targets, message);
        wait.await(targets, longest);
    }

    private boolean makesRoom(List<Target> targets, Message message) {
        return message.properties().retain() == Retain.REMOVE
                && message.properties().delay() == 0
                && targets.size() == 1
                && destinations.topics().makesRoom(targets.get(0).destination(), message);
    }

    /**
     * Publishes a message, unless it is a repeat.
     *
     * @return what became of it; null when it waits for its delay
     * @throws ProtocolException when it is refused, as {@link #publish(List, Message, DedupId)} says; its id is free then
     */
    public @Nullable Outcome publish(Submission submission) {
        DedupId id = submission.id();
        if (id == null) {
            return publish(submission.targets(), submission.message(), null);
        }
        try (DedupWindow window = windows.enter(id.owner())) {
            DedupAttempt attempt = window.begin(List.of(submission));
            if (attempt.fresh().isEmpty()) {
                countRepeat(submission);
                return attempt.repeats().get(0).outcome();
            }
            return attempt.run(() -> publish(submission.targets(), submission.message(), id));
        }
    }

    /**
     * Whether a message need not wait for COMMIT because it is a repeat; then it is counted as one.
     *
     * @param ids of messages that wait for the same COMMIT
     */
    public boolean isRepeat(Submission submission, Set<DedupId> ids) {
        DedupId id = submission.id();
        if (id == null || (!ids.contains(id) && !isPublished(id))) {
            return false;
        }
        countRepeat(submission);
        return true;
    }

    private boolean isPublished(DedupId id) {
        try (DedupWindow window = windows.enter(id.owner())) {
            // one that is not decided is asked for again with the COMMIT
            return window.isPublished(id);
        }
    }

    private void countRepeat(Submission submission) {
        destinations.counts().dropped(Drop.DUPLICATE, submission.targets().size());
    }

    /** Forgets the ids of an owner that sends no more. */
    public void forget(DedupId.Owner owner) {
        windows.end(owner);
    }

    /**
     * Publishes a message that is no repeat.
     *
     * @param id by which other nodes know a repeat of it; null: none
     * @return what became of it; null when it waits for its delay
     * @throws ProtocolException when a queue has no room, or too many messages wait for their delay
     */
    public @Nullable Outcome publish(List<Target> targets, Message message, @Nullable DedupId id) {
        if (message.properties().mayExpire() && message.isExpired(loops.clock().uptimeMillis())) {
            destinations.counts().expired(targets.size());
            return new Outcome(targets.size(), 0, 0, targets.size());
        }
        long delay = message.properties().delay();
        if (delay == 0 && targets.size() == 1) {
            Target target = targets.get(0);
            List<Message> one = List.of(message.to(target));
            Outcome outcome = carrier.publish(target.destination(), one, id);
            return destinations.counted(target.destination(), one, outcome);
        }
        Batch batch = new Batch();
        batch.add(targets, message, id);
        return publish(Map.of(delay, batch));
    }

    /**
     * Publishes all of these but those that are repeats by now, or, when one is refused, nothing. Where it is not known yet
     * whether a message is in that one of them repeats, they wait for that.
     *
     * @param submissions of one owner, no two with one id
     * @return what became of them; null when all wait for their delay, or there are none
     * @throws ProtocolException when a queue has no room, or too many messages wait for their delay
     */
    public @Nullable Outcome commit(List<Submission> submissions) {
        DedupId any = submissions.stream()
                .map(Submission::id)
                .filter(Objects::nonNull)
                .findAny()
                .orElse(null);
        if (any == null) {
            return publish(batches(submissions));
        }
        try (DedupWindow window = windows.enter(any.owner())) {
            DedupAttempt attempt = window.begin(submissions);
            CompletionStage<Outcome> undecided = attempt.undecided();
            if (undecided != null) {
                return Outcome.accepted(commitBehind(undecided, submissions));
            }
            Outcome outcome = attempt.run(() -> publish(batches(attempt.fresh())));
            attempt.repeats().forEach(each -> countRepeat(each.submission()));
            return outcome;
        }
    }

    /**
     * Publishes them once it is decided whether a message is in that one of them repeats: all of them, if it is not. Until then
     * their sender is not read from, as what it sends comes behind them.
     */
    private CompletionStage<Outcome> commitBehind(CompletionStage<Outcome> first, List<Submission> submissions) {
        long bytes = submissions.stream().mapToLong(Submission::bytes).sum();
        Sender sender = submissions.get(0).message().sender();
        memory.hold(bytes);
        if (sender != null) {
            sender.holdBack(1);
        }
        return first.handle((accepted, refusal) -> {
                    memory.hold(-bytes);
                    try {
                        return whole(commit(submissions));
                    } finally {
                        if (sender != null) {
                            sender.holdBack(-1);
                        }
                    }
                })
                .thenCompose(Function.identity());
    }

    private static CompletionStage<Outcome> whole(@Nullable Outcome outcome) {
        Outcome known = outcome == null ? Outcome.NOTHING : outcome;
        return known.later() == null
                ? CompletableFuture.completedFuture(known)
                : known.later().effect().get();
    }

    /** Messages by the delay that they wait, in milliseconds. */
    private static Map<Long, Batch> batches(List<Submission> submissions) {
        Map<Long, Batch> batches = new LinkedHashMap<>();
        for (Submission each : submissions) {
            batches.computeIfAbsent(each.message().properties().delay(), delay -> new Batch())
                    .add(each.targets(), each.message(), each.id());
        }
        return batches;
    }

    /**
     * Publishes all of these, or nothing.
     *
     * @param batches by their delay in milliseconds
     * @return what became of those without a delay; null when there are none
     */
    private @Nullable Outcome publish(Map<Long, Batch> batches) {
        List<Batch> reserved = new ArrayList<>(batches.size());
        try {
            for (Map.Entry<Long, Batch> each : batches.entrySet()) {
                each.getValue().reserve(carrier, each.getKey() > 0);
                reserved.add(each.getValue());
            }
            reserveDelays(
                    (int) batches.keySet().stream().filter(delay -> delay > 0).count());
        } catch (ProtocolException e) {
            reserved.forEach(batch -> batch.release(destinations));
            throw e;
        }
        Outcome outcome = null;
        for (Map.Entry<Long, Batch> each : batches.entrySet()) {
            if (each.getKey() > 0) {
                delay(each.getValue(), each.getKey());
            } else {
                outcome = each.getValue().publish(carrier);
            }
        }
        return outcome;
    }

    private void reserveDelays(int batches) {
        if (batches > 0 && !delayed.tryAcquire(batches)) {
            throw new ProtocolException(
                    "too many delayed messages",
                    Limits.exceeded(
                            "%,d messages wait for their delay",
                            maxDelayed - delayed.availablePermits(), maxDelayed, "max_delayed"));
        }
    }

    /** Publishes later what has its room already; a loop does it, whatever has become of the connection. */
    private void delay(Batch batch, long millis) {
        Duration delay = Duration.ofMillis(Math.min(millis, LONGEST_DELAY.toMillis()));
        DelayedBatch delayedBatch = new DelayedBatch(batch);
        batch.hold(memory);
        waiting.add(delayedBatch);
        delayedBatch.schedule(loops, delay, () -> due.add(delayedBatch));
    }

    private int publishDelayed(DelayedBatch each) {
        Batch batch = taken(each);
        if (batch == null) {
            return 0;
        }
        batch.publish(carrier);
        return batch.messageCount();
    }

    /** Takes the messages of a batch, which wait no more; null: they do not wait any more. */
    private @Nullable Batch taken(DelayedBatch due) {
        Batch batch = due.take();
        if (batch != null) {
            waiting.remove(due);
            delayed.release();
            batch.letGo(memory);
        }
        return batch;
    }

    /** Lets go of messages that wait for their delay, and of all {@code dedup-id}s. */
    public void clear() {
        for (DelayedBatch each : waiting) {
            Batch batch = taken(each);
            if (batch != null) {
                batch.release(destinations);
            }
        }
        windows.clear();
    }
}
