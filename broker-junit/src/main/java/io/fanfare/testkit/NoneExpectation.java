package io.fanfare.testkit;

import io.fanfare.testkit.internal.Failure;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Fails when a message comes. {@link #within} means that none has come by then, which says little on a slow machine: a test
 * that first awaits what comes behind, such as the RECEIPT of the application's last SEND, and then asks {@link #soFar}, is
 * quicker and exact. Not thread-safe.
 */
public final class NoneExpectation {

    private final PublicationLog record;
    private final String destination;
    private final Failure failure;
    private Predicate<PublishedMessage> fits;

    NoneExpectation(PublicationLog record, String destination, Predicate<PublishedMessage> there, Failure failure) {
        this.record = record;
        this.destination = destination;
        this.fits = there;
        this.failure = failure;
    }

    /** Only messages count for which this holds. */
    public NoneExpectation matching(Predicate<PublishedMessage> condition) {
        fits = fits.and(condition);
        return this;
    }

    /** Only messages count whose body has this text in it. */
    public NoneExpectation bodyContains(String text) {
        return matching(message -> message.text().contains(text));
    }

    /** Fails when there is one already. */
    public void soFar() {
        within(Duration.ZERO);
    }

    /** Fails when there is one already, and as soon as one comes within this time. */
    public void within(Duration time) {
        boolean come = record.await(fits, 1, System.nanoTime() + time.toNanos());
        if (come) {
            throw failure.of("expected no such message at " + destination, destination);
        }
    }
}
