package io.fanfare.broker;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message as a {@link MessageHandler} gets it. Any thread may call. */
public final class Delivery {

    private final Frame message;
    private final LocalConnection connection;
    private final AtomicBoolean settled = new AtomicBoolean();

    Delivery(Frame message, LocalConnection connection) {
        this.message = message;
        this.connection = connection;
    }

    /** The destination that it was sent to, as the subscriber writes it. */
    public String destination() {
        return Objects.requireNonNullElse(message.headers().get("destination"), "");
    }

    /** All headers of the MESSAGE, in order. */
    public Headers headers() {
        return message.headers();
    }

    /** The octets of the body; not to be changed. */
    public byte[] body() {
        return message.body();
    }

    /** The body read as UTF-8; malformed bytes become U+FFFD. */
    public String bodyAsString() {
        return message.bodyAsString();
    }

    /** The MESSAGE as it would be sent to a client. */
    public Frame frame() {
        return message;
    }

    /**
     * Acknowledges it, and with {@code ack:client} all messages before it. The broker obeys soon, in the order of these calls.
     * Does nothing when the message is acknowledged or given back already, or the subscription is closed.
     *
     * @throws IllegalStateException when the subscription has {@code ack:auto}
     */
    public void ack() {
        settle(Command.ACK, Headers.EMPTY);
    }

    /** As {@link #ack}, but gives it back to the queue, where it is delivered again. */
    public void nack() {
        settle(Command.NACK, Headers.EMPTY);
    }

    /** As {@link #nack}, but it goes to the dead letters, and is not delivered again. */
    public void reject() {
        settle(Command.NACK, Headers.of("requeue", "false"));
    }

    private void settle(Command verdict, Headers more) {
        String id = message.headers().get("ack");
        if (id == null) {
            throw new IllegalStateException("the subscription has ack:auto; there is nothing to acknowledge");
        }
        if (settled.compareAndSet(false, true)) {
            connection.says(verdict, Headers.of("id", id).with(more));
        }
    }

    /** The handler has thrown an exception. */
    void failed() {
        if (isToBeAcknowledged()) {
            nack();
        }
    }

    /** Whether the broker waits for a verdict on it. */
    boolean isToBeAcknowledged() {
        return message.headers().has("ack");
    }

    @Override
    public String toString() {
        return message.toString();
    }
}
