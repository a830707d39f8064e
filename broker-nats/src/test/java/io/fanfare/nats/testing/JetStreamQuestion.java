package io.fanfare.nats.testing;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What is asked of JetStream. */
public interface JetStreamQuestion {

    boolean ask(JetStreamManagement management) throws IOException, JetStreamApiException;

    /** Whether one of these servers says yes; false also without an answer. */
    static boolean holds(List<String> urls, JetStreamQuestion question) {
        Options options = new Options.Builder()
                .servers(urls.toArray(String[]::new))
                .noReconnect()
                .connectionTimeout(Duration.ofSeconds(1))
                .build();
        try (Connection connection = Nats.connect(options)) {
            return question.ask(connection.jetStreamManagement());
        } catch (IOException | JetStreamApiException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
