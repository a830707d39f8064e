package io.fanfare.nats.history;

import io.fanfare.client.StompClient;
import io.fanfare.client.Subscription;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.nats.history.Event.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Reads a topic, and goes to another node now and then; of a kept topic it goes on where it was. */
final class TopicReader extends Worker {

    private static final int STAY_MILLIS = 8_000;

    private final String topic;
    private final boolean resumes;

    /** What it has got last. */
    private volatile @Nullable Cursor cursor;

    private record Cursor(String epoch, long seq) {

        static @Nullable Cursor of(Headers headers) {
            String epoch = headers.get("epoch");
            String seq = headers.get("seq");
            return epoch == null || seq == null ? null : new Cursor(epoch, Long.parseLong(seq));
        }
    }

    /**
     * A reader.
     *
     * @param resumes whether the topic is kept
     */
    TopicReader(History history, List<URI> nodes, String topic, boolean resumes, long seed) {
        super(history, nodes, "reader", seed);
        this.topic = topic;
        this.resumes = resumes;
    }

    @Override
    void work(StompClient client, String name, CountDownLatch closed) {
        Cursor from = cursor;
        Headers asked = !resumes || from == null ? Headers.EMPTY : Headers.of("from", from.epoch() + "/" + from.seq());
        Subscription subscription = client.subscribe(topic, asked, message -> received(name, message));
        subscription.confirmed().thenAccept(receipt -> {
            boolean recovered = receipt.headers().has("recovered", "true");
            if (resumes && cursor == null) {
                cursor = Cursor.of(receipt.headers());
            }
            history.add(Kind.SUBSCRIBED, name, topic, "", from == null ? 0 : from.seq(), recovered);
        });
        do {
            await(closed, 1 + random.nextInt(STAY_MILLIS));
        } while (goesOn() && closed.getCount() > 0 && random.nextInt(3) > 0);
    }

    private void received(String name, Frame message) {
        Cursor place = Cursor.of(message.headers());
        if (resumes && place != null) {
            cursor = place;
        }
        String id = new String(message.body(), StandardCharsets.UTF_8);
        history.add(Kind.RECEIVED, name, topic, id, place == null ? 0 : place.seq(), false);
    }
}
