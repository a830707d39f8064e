package io.fanfare.testkit;

import io.fanfare.testkit.internal.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Waits for messages at a destination: those that were published since the test began, and those to come. Each condition
 * waits until a message meets it and all that were said before, and fails when none has by the deadline:
 *
 * <pre>{@code
 * broker.expect("/topic/confirmations").within(ofSeconds(5)).header("type", "order").bodyContains("\"id\":1");
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class Expectation {

    private final PublicationLog record;
    private final String destination;
    private final Failure failure;
    private final List<String> said = new ArrayList<>();
    private Predicate<PublishedMessage> fits;
    private Duration time;
    private long deadline;

    Expectation(
            PublicationLog record,
            String destination,
            Predicate<PublishedMessage> there,
            Duration time,
            Failure failure) {
        this.record = record;
        this.destination = destination;
        this.fits = there;
        this.failure = failure;
        this.time = time;
        this.deadline = System.nanoTime() + time.toNanos();
    }

    /** Waits for a message, at most this long from now; the conditions that follow have the same deadline. */
    public Expectation within(Duration most) {
        time = most;
        deadline = System.nanoTime() + most.toNanos();
        return check(1);
    }

    /** Waits for a message whose body has this text in it. */
    public Expectation bodyContains(String text) {
        return and("body contains \"" + text + "\"", message -> message.text().contains(text));
    }

    /** Waits for a message whose body is this text. */
    public Expectation body(String text) {
        return and("body is \"" + text + "\"", message -> message.text().equals(text));
    }

    /** Waits for a message with this header; the first of its name counts. */
    public Expectation header(String name, String value) {
        return and(
                "header " + name + ":" + value,
                message -> message.header(name).filter(value::equals).isPresent());
    }

    /** Waits for a message for which this holds. */
    public Expectation matching(Predicate<PublishedMessage> condition) {
        return and("matching a predicate", condition);
    }

    /** Waits for a message for which this holds; the text says what in the failure. */
    public Expectation matching(String what, Predicate<PublishedMessage> condition) {
        return and(what, condition);
    }

    /** Waits for so many messages that meet all that was said, and fails when there are more by then. */
    public Expectation count(int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("expectNone is for no message");
        }
        check(messages);
        int found = record.all(fits).size();
        if (found > messages) {
            throw failed(messages + " messages, but " + found + " have come,");
        }
        return this;
    }

    /** The first message that meets all that was said; waits for it. */
    public PublishedMessage message() {
        return check(1).messages().get(0);
    }

    /** All messages that meet what was said, of this moment. */
    public List<PublishedMessage> messages() {
        return record.all(fits);
    }

    private Expectation and(String what, Predicate<PublishedMessage> condition) {
        said.add(what);
        fits = fits.and(condition);
        return check(1);
    }

    private Expectation check(int count) {
        if (!record.await(fits, count, deadline)) {
            throw failed(count == 1 ? "a message" : count + " messages");
        }
        return this;
    }

    private AssertionError failed(String what) {
        String conditions = said.isEmpty() ? "" : " with " + String.join(" and ", said);
        return failure.of(
                "expected " + what + " at " + destination + conditions + " within " + time.toMillis() + " ms",
                destination);
    }
}
