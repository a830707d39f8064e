package io.fanfare.testkit;

import io.fanfare.testkit.wire.StompFrame;
import java.time.Duration;
import java.util.List;

/** A subscription of a {@link TestConnection}. Any thread may call. */
public final class TestSubscription {

    private final TestConnection connection;
    private final Inbox inbox;
    private final String id;
    private final String destination;
    private final Duration timeout;

    TestSubscription(TestConnection connection, Inbox inbox, String id, String destination, Duration timeout) {
        this.connection = connection;
        this.inbox = inbox;
        this.id = id;
        this.destination = destination;
        this.timeout = timeout;
    }

    /** The {@code id} of the SUBSCRIBE. */
    public String id() {
        return id;
    }

    public String destination() {
        return destination;
    }

    /** Takes the next MESSAGE; waits for it as long as the broker's expectations do. */
    public StompFrame next() {
        return next(timeout);
    }

    /**
     * Takes the next MESSAGE.
     *
     * @throws AssertionError when none comes in this time, or the connection ends
     */
    public StompFrame next(Duration most) {
        return inbox.nextMessage(id, most, "a message of " + destination);
    }

    /**
     * Takes the next MESSAGE, whose body must be this text.
     *
     * @throws AssertionError when it is another, or none comes in time
     */
    public StompFrame expect(String body) {
        StompFrame message = next();
        if (!message.text().equals(body)) {
            throw new AssertionError("expected a message \"" + body + "\" of " + destination + " but got\n" + message);
        }
        return message;
    }

    /**
     * Takes the next messages, whose bodies must be these texts, in this order.
     *
     * @throws AssertionError when one is another, or does not come in time
     */
    public void expectInOrder(String... bodies) {
        for (String body : bodies) {
            expect(body);
        }
    }

    /**
     * Makes sure that no message has come which was not taken, behind a barrier: the broker has answered what the connection
     * sent last, and what another thread of the broker had for it is there too.
     *
     * @throws AssertionError when there is one
     */
    public void expectNone() {
        connection.barrier();
        List<StompFrame> left = messages();
        if (!left.isEmpty()) {
            throw new AssertionError("expected no message of " + destination + " but got\n" + left.get(0));
        }
    }

    /** The messages that have come and were not taken. */
    public List<StompFrame> messages() {
        return inbox.messages(id);
    }

    /** Ends the subscription; returns when it has. */
    public void unsubscribe() {
        connection.request("UNSUBSCRIBE", "id", id).awaitReceipt();
    }
}
