package io.fanfare.client;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A client's subscription to a destination. Safe for use by several threads. */
public final class Subscription {

    private final ClientConnection connection;
    private final String id;
    private final String destination;
    private final Consumer<Frame> onMessage;
    private final CompletableFuture<Frame> confirmed = new CompletableFuture<>();
    private final CompletableFuture<StompException> ended = new CompletableFuture<>();

    Subscription(ClientConnection connection, String id, String destination, Consumer<Frame> onMessage) {
        this.connection = connection;
        this.id = id;
        this.destination = destination;
        this.onMessage = onMessage;
    }

    /** The {@code subscription} header of its messages. */
    public String id() {
        return id;
    }

    /** The destination as it was subscribed to. */
    public String destination() {
        return destination;
    }

    /**
     * Completed by SUBSCRIBE's RECEIPT: every message that is sent to the destination afterwards reaches this
     * subscription. Fails with a {@link StompException} when the broker refuses or the connection ends first.
     */
    public CompletableFuture<Frame> confirmed() {
        return confirmed;
    }

    /** Unsubscribes; see {@link #unsubscribe(Headers)}. */
    public CompletableFuture<Frame> unsubscribe() {
        return unsubscribe(Headers.EMPTY);
    }

    /**
     * Unsubscribes. Messages that are on their way still come; the future is completed behind the last of them.
     *
     * @param more further headers of the UNSUBSCRIBE, such as {@code durable}
     */
    public CompletableFuture<Frame> unsubscribe(Headers more) {
        Headers headers = Headers.of("id", id).with(more);
        return connection
                .request(Command.UNSUBSCRIBE, headers, ClientConnection.NO_BODY)
                .thenApply(receipt -> {
                    connection.forget(this);
                    return receipt;
                });
    }

    /** Completed with the reason when the connection ends before the subscription does. */
    CompletableFuture<StompException> ended() {
        return ended;
    }

    void onMessage(Frame message) {
        onMessage.accept(message);
    }

    @Override
    public String toString() {
        return "subscription " + id + " to " + destination;
    }
}
