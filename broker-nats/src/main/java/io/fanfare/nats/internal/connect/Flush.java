package io.fanfare.nats.internal.connect;

import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A round trip to the NATS server: what was published and subscribed before has got there. */
public final class Flush {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private Flush() {}

    /**
     * Waits for the round trip.
     *
     * @throws IOException when the server does not answer in two seconds, or the connection is lost
     */
    public static void of(Connection connection) throws IOException, InterruptedException {
        try {
            connection.flush(TIMEOUT);
        } catch (TimeoutException e) {
            throw new IOException("the NATS server has not answered", e);
        }
    }
}
