package io.fanfare.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fanfare.testing.Await;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What one connection of a client reported, in order. Any thread may add to it; the test takes from it. */
final class Events {

    private static final long DEADLINE_SECONDS = Await.DEADLINE.toSeconds();

    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();

    void add(Event event) {
        queue.add(event);
    }

    /** The next event; it must be of this kind. */
    Event next(Event.Kind kind) {
        Event event = take("a " + kind);
        assertThat(event.kind()).as("kind of %s", event).isEqualTo(kind);
        return event;
    }

    Event message() {
        return next(Event.Kind.MESSAGE);
    }

    /** The next event is the RECEIPT with this id. */
    void receipt(String id) {
        Event event = next(Event.Kind.RECEIPT);
        assertThat(event.header("receipt-id")).isEqualTo(id);
    }

    /** The first event of this kind; others that come before it do not matter. */
    Event await(Event.Kind kind) {
        while (true) {
            Event event = take("a " + kind);
            if (event.kind() == kind) {
                return event;
            }
        }
    }

    /** Nothing has been reported that the test has not taken. */
    void assertNone() {
        assertThat(queue).isEmpty();
    }

    private Event take(String what) {
        try {
            Event event = queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                fail(what + " did not come within " + DEADLINE_SECONDS + " s");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
