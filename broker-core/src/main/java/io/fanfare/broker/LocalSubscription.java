package io.fanfare.broker;

import io.fanfare.frame.Headers;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A subscription of the program that the broker runs in. It is a session of its own, which operators see with the transport {@code
 * embedded}: permissions, limits, back-pressure and acknowledgement are those of a client. A handler that is slow is a client
 * that reads slowly: 64 KiB of messages wait for it, more wait in the session's outbox, and what happens at {@code
 * max_outbox_bytes} or after {@code write_timeout} without progress is what {@code overflow} says: by default the subscription
 * ends. Any thread may call.
 */
public final class LocalSubscription implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String destination;
    private final LocalConnection connection;
    private final Headers headers;

    LocalSubscription(String destination, LocalConnection connection, Headers headers) {
        this.destination = destination;
        this.connection = connection;
        this.headers = headers;
    }

    /** The destination as it was subscribed to. */
    public String destination() {
        return destination;
    }

    /** What the RECEIPT of the SUBSCRIBE said: where it begins in what its topic keeps; else empty. */
    public Headers headers() {
        return headers;
    }

    /** Whether calls of the handler may still begin. */
    public boolean isOpen() {
        return !connection.ended().isDone();
    }

    /**
     * Completed on an event loop when the subscription has ended, with the reason as a client would be told: the handler was
     * too slow, an operator has closed it, the broker drains or stops, or it has been {@linkplain Broker#clear cleared}. Empty
     * after {@link #close}.
     */
    public CompletionStage<String> ended() {
        return connection.ended().minimalCompletionStage();
    }

    /**
     * Unsubscribes. When it returns, a call of the handler that was under way has ended, unless the handler itself has called
     * this, or waits in the same way for the handler that has (two that close each other's subscriptions), or the thread was
     * interrupted; no further call begins; what that call has acknowledged counts. What else waits for
     * an acknowledgement goes back to its queue; with {@code ack:auto} what waits for the handler is lost, as it is when a client
     * goes. A durable subscription goes on without a subscriber.
     */
    @Override
    public void close() {
        end(false);
    }

    /** As {@link #close}; and ends a durable subscription for good. */
    public void delete() {
        end(true);
    }

    private void end(boolean isDeleted) {
        connection.calls().stop();
        // ahead of the end: the verdict of the call that is under way counts
        boolean mayWait = !connection.loop().isCurrent() && connection.calls().awaitEnd();
        connection.loop().execute(() -> connection.end(isDeleted));
        if (!mayWait) {
            return;
        }
        try {
            connection.ended().get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the event loop of the subscription has not ended it", e);
        }
    }

    @Override
    public String toString() {
        return "subscription to " + destination;
    }
}
