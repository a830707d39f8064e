package io.fanfare.nats.internal.queue;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests by one connection: one subscription for all their answers, and no timer for each. Owned by the worker.
 */
final class Calls {

    private static final int RADIX = Character.MAX_RADIX;

    private final Connection connection;
    private final String inbox;
    private final Map<Long, Call> open = new HashMap<>();
    private long last;

    /**
     * A request that has not been answered.
     *
     * @param deadline by {@link System#nanoTime}
     * @param then gets the answer; null: none has come in time
     */
    private record Call(long deadline, Consumer<@Nullable Message> then) {}

    /** @throws IllegalStateException when the connection has ended */
    Calls(Connection connection, Worker worker) {
        this.connection = connection;
        this.inbox = connection.createInbox() + ".";
        Dispatcher answers = connection.createDispatcher(message -> worker.execute(() -> came(message)));
        answers.setPendingLimits(-1, -1);
        answers.subscribe(inbox + "*");
    }

    private void came(Message answer) {
        String subject = answer.getSubject();
        Call call = open.remove(Long.parseLong(subject, inbox.length(), subject.length(), RADIX));
        if (call != null) {
            call.then().accept(answer);
        }
    }

    /**
     * Sends a request; what can't be sent has no answer in time.
     *
     * @param then called by the worker, later
     * @throws IllegalArgumentException when the server takes smaller messages only
     */
    void send(
            String subject, @Nullable Headers headers, byte[] data, Duration atMost, Consumer<@Nullable Message> then) {
        last++;
        open.put(last, new Call(System.nanoTime() + atMost.toNanos(), then));
        try {
            connection.publish(subject, inbox + Long.toString(last, RADIX), headers, data);
        } catch (IllegalStateException e) {
            // without a server for so long that no more is kept for it
            return;
        } catch (IllegalArgumentException e) {
            open.remove(last);
            throw e;
        }
    }

    /** Ends those that have had no answer in time. Called now and then. */
    void look(long now) {
        List<Call> late = new ArrayList<>();
        open.values().removeIf(each -> each.deadline() - now <= 0 && late.add(each));
        late.forEach(each -> each.then().accept(null));
    }

    /** Ends all of them without an answer. */
    void fail() {
        List<Call> all = List.copyOf(open.values());
        open.clear();
        all.forEach(each -> each.then().accept(null));
    }

    /** Forgets all: no answer is told any more. */
    void end() {
        open.clear();
    }
}
