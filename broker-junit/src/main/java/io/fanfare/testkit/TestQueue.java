package io.fanfare.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Inspection;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * A queue, looked at and not taken from; each call looks anew. The iteration has the messages that are ready for a consumer,
 * the first 10,000 of them, so that {@code assertThat(broker.queue("/queue/orders")).isEmpty()} reads as it should.
 */
public final class TestQueue implements Iterable<QueuedMessage> {

    private static final int MOST = 10_000;

    private final Inspection inspection;
    private final String destination;

    TestQueue(Inspection inspection, String destination) {
        this.inspection = inspection;
        this.destination = destination;
    }

    /** The messages that are ready for a consumer. */
    public List<QueuedMessage> messages() {
        return inspection.peek(destination, -1, MOST, Long.MAX_VALUE).orElse(List.of());
    }

    /** The bodies of these, read as UTF-8. */
    public List<String> bodies() {
        return messages().stream().map(each -> new String(each.body(), UTF_8)).toList();
    }

    @Override
    public Iterator<QueuedMessage> iterator() {
        return messages().iterator();
    }

    /** The number of messages that are ready for a consumer. */
    public int size() {
        return count(QueueStatus::depth);
    }

    /** The number of messages that consumers have, or that are on their way to them. */
    public int unacknowledged() {
        return count(QueueStatus::unacknowledged);
    }

    public int consumers() {
        return count(QueueStatus::consumers);
    }

    private int count(ToIntFunction<QueueStatus> what) {
        return inspection.queue(destination).map(what::applyAsInt).orElse(0);
    }

    @Override
    public String toString() {
        return destination + " " + bodies();
    }
}
