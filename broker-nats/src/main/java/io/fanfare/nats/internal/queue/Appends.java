package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way into streams. One at a time of each lane is with the engine, so that a lane keeps its order although
 * messages are sent again; many lanes are at once. Owned by the worker, but for {@link #bytes}.
 */
final class Appends {

    /** Messages that are with the engine at a time. */
    private static final int MAX_OUT = 256;

    /** After this time without an answer a message is sent again, with its id. */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String ID = "Nats-Msg-Id";

    private final Worker worker;
    private final Link link;
    private final QueueLimits limits;
    private final Duration patience;
    private final AtomicLong bytes = new AtomicLong();
    private final Map<Append.Lane, ArrayDeque<Append>> lanes = new HashMap<>();

    /** Those whose first message may be sent. */
    private final ArrayDeque<Append.Lane> ready = new ArrayDeque<>();

    private int out;

    Appends(Worker worker, Link link, QueueLimits limits, Duration patience) {
        this.worker = worker;
        this.link = link;
        this.limits = limits;
        this.patience = patience;
    }

    /** Octets of messages that the engine has not confirmed. Any thread may ask. */
    long bytes() {
        return bytes.get();
    }

    /** A message comes; any thread may bring it. */
    void add(Append append, @Nullable Object sender) {
        bytes.addAndGet(append.record().length);
        worker.execute(() -> {
            Append.Lane lane = new Append.Lane(append.queue(), sender);
            ArrayDeque<Append> waiting = lanes.computeIfAbsent(lane, l -> new ArrayDeque<>(2));
            waiting.add(append);
            if (waiting.size() == 1) {
                ready.add(lane);
                sendReady();
            }
        });
    }

    private void sendReady() {
        while (out < MAX_OUT && !ready.isEmpty()) {
            Append.Lane lane = ready.remove();
            ArrayDeque<Append> waiting = lanes.get(lane);
            if (waiting != null && !waiting.element().isOut() && lane.queue().whenReady(() -> goOn(lane))) {
                send(lane, waiting.element());
            }
        }
    }

    private void goOn(Append.Lane lane) {
        if (lanes.containsKey(lane)) {
            ready.add(lane);
            sendReady();
        }
    }

    private void send(Append.Lane lane, Append append) {
        out++;
        append.goes();
        worker.then(attempt(append), (answer, failure) -> {
            out--;
            append.returns();
            answered(lane, append, answer, failure);
            sendReady();
        });
    }

    private CompletableFuture<Message> attempt(Append append) {
        Message message = NatsMessage.builder()
                .subject(append.queue().name().subject())
                .headers(new Headers().put(ID, append.id()))
                .data(append.record())
                .build();
        return link.request(message, ATTEMPT);
    }

    private void answered(Append.Lane lane, Append append, @Nullable Message answer, @Nullable Throwable failure) {
        if (answer == null || failure != null) {
            again(lane, append);
            return;
        }
        try {
            PublishAck ack = new PublishAck(answer);
            end(lane, append);
            append.result().complete(append.outcome(ack.isDuplicate()));
        } catch (JetStreamApiException e) {
            ProtocolException refusal = refusal(append, e);
            if (refusal == null) {
                again(lane, append);
            } else {
                end(lane, append);
                append.result().completeExceptionally(refusal);
            }
        } catch (IOException e) {
            again(lane, append);
        }
    }

    /** Its stream may have no leader just now, or be gone. */
    private void again(Append.Lane lane, Append append) {
        if (append.isOver(System.nanoTime())) {
            end(lane, append);
            refuse(append);
        } else {
            append.queue().doubt();
            worker.later(PAUSE, () -> goOn(lane));
        }
    }

    /** The first message of a lane is done with. */
    private void end(Append.Lane lane, Append append) {
        ArrayDeque<Append> waiting = lanes.get(lane);
        if (waiting == null || waiting.peek() != append) {
            return;
        }
        waiting.remove();
        bytes.addAndGet(-append.record().length);
        if (waiting.isEmpty()) {
            lanes.remove(lane);
        } else {
            ready.add(lane);
        }
    }

    /** The refusal that an answer of the engine means; null: none, it may go better the next time. */
    private @Nullable ProtocolException refusal(Append append, JetStreamApiException answer) {
        String why = answer.getErrorDescription();
        String address = append.queue().address().replace("%", "%%");
        if (why.contains("maximum messages exceeded")) {
            return new ProtocolException(
                    "queue full",
                    Limits.exceeded(
                            address + " holds %,d messages",
                            limits.messages(),
                            limits.messages(),
                            "max_queue_messages"));
        }
        if (why.contains("maximum bytes exceeded")) {
            return new ProtocolException(
                    "queue full",
                    Limits.exceeded(
                            address + " has no room for %,d B more",
                            append.record().length,
                            limits.bytes(),
                            "max_queue_bytes"));
        }
        boolean mayGoBetter = answer.getErrorCode() >= 500;
        return mayGoBetter
                ? null
                : new ProtocolException("queue unavailable", append.queue().address() + ": " + why);
    }

    /** Refuses what has waited too long; what is with the engine is looked at when its attempt ends. Called now and then. */
    void refuseLate() {
        long now = System.nanoTime();
        for (Append.Lane lane : List.copyOf(lanes.keySet())) {
            Append first = first(lane);
            while (first != null && first.isOver(now) && !first.isOut()) {
                end(lane, first);
                refuse(first);
                first = first(lane);
            }
        }
        sendReady();
    }

    private @Nullable Append first(Append.Lane lane) {
        ArrayDeque<Append> waiting = lanes.get(lane);
        return waiting == null ? null : waiting.peek();
    }

    private void refuse(Append append) {
        append.result()
                .completeExceptionally(new ProtocolException(
                        "queue unavailable",
                        append.queue().address() + " could not be reached for " + patience.toMillis() + " ms"
                                + append.queue().trouble()
                                + (append.attempts() == 0 ? "" : "; the message may be there all the same")));
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    /** Refuses all. */
    void end() {
        List.copyOf(lanes.values()).forEach(waiting -> waiting.forEach(this::refuse));
        lanes.clear();
        ready.clear();
    }
}
