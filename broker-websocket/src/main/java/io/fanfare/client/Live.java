package io.fanfare.client;

import io.fanfare.frame.Frame;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The present of a destination in a map: takes the snapshot of last values, follows the changes, resumes where it was on the
 * next connection, and says when something was missed. It outlives clients, which don't reconnect: a program that has
 * connected anew attaches it to the new client.
 *
 * <pre>{@code
 * Live prices = client.live("/topic/prices", LiveOptions.builder()
 *         .key("symbol")
 *         .onChange(change -> System.out.println(change.key() + ": " + change.value()))
 *         .onGap((gap, live) -> System.err.println("missed: " + gap))
 *         .build());
 * prices.ready().join();
 * ...
 * prices.attach(StompClient.connect(uri)); // the connection was lost
 * }</pre>
 *
 * <p>Every method may be called from any thread. Callbacks run one at a time, mostly on the connection's own thread; methods
 * other than {@link #state} wait for a callback that runs on another thread. A callback that throws is logged.
 */
public final class Live implements AutoCloseable {

    /**
     * A change of one key, which has been made already.
     *
     * @param value the newest message of the key, its body whole; null: the key is gone
     * @param previous the message before; null: the key is new
     * @param isSnapshot whether a snapshot brought it, and not a message that was just sent
     */
    public record Change(
            String key, @Nullable Frame value, @Nullable Frame previous, boolean isSnapshot) {}

    /**
     * What was missed, or can't be known.
     *
     * @param messages how many, with {@link Reason#DROPPED}; else 0
     */
    public record Gap(Reason reason, long messages) {}

    /** Why something is missing. */
    public enum Reason {
        /** The broker no longer has all messages since the connection was lost; a snapshot replaces the map. */
        NOT_RECOVERED,
        /** Destinations with wildcards, or several, don't resume; a snapshot replaces the map. */
        SNAPSHOT,
        /** The broker left out messages because this client is slow; {@link Live#refresh} makes the map right. */
        DROPPED,
        /** A patch came that can't be applied; a snapshot is taken anew. */
        PATCH,
        /** The broker keeps nothing for this destination, or is another one: the map has what came while attached. */
        UNSUPPORTED
    }

    /**
     * A session that is subscribed to the topic.
     *
     * @param session the header of that name of its CONNECTED
     * @param user empty: it has no login
     * @param since when it joined
     * @param reason why it has left: {@code unsubscribed}, {@code disconnected}, {@code lost}, {@code expired} or
     *     {@code closed}; null: it has not
     */
    public record Member(
            String session,
            String user,
            Instant since,
            @Nullable String reason) {}

    /**
     * What has become of those that are present.
     *
     * @param member that has joined or left; null with {@link Type#HERE}
     */
    public record PresenceChange(Type type, @Nullable Member member) {

        /** The kind of change. */
        public enum Type {
            /** The members are complete: at the beginning, and on the next client again. */
            HERE,
            JOIN,
            LEAVE
        }
    }

    private final LiveFollower follower;

    Live(String destination, LiveOptions options, ClientTimer timer) {
        follower = new LiveFollower(destination, options, timer, this);
    }

    /** The newest message of each key: a view, for reading by any thread. */
    public Map<String, Frame> state() {
        return follower.state();
    }

    /**
     * Those that are subscribed to the topic, by their session, with {@link LiveOptions.Builder#onPresence}: a view, for reading
     * by any thread. While the connection is lost it is as it was.
     */
    public Map<String, Member> members() {
        return follower.members();
    }

    /** Whether the map is the present: not before the first snapshot, nor from a lost connection until it is made good. */
    public boolean isCurrent() {
        return follower.isCurrent();
    }

    /**
     * Completed as soon as the map is the present. Fails with a {@link StompException} when the broker refuses the subscription
     * or the connection ends before; the next attempt has a future of its own.
     */
    public CompletableFuture<Void> ready() {
        return follower.ready();
    }

    /** Where a new {@code Live} may resume with {@link LiveOptions.Builder#from}; empty where the broker has no history of it. */
    public Optional<String> cursor() {
        return follower.cursor();
    }

    /**
     * Goes on with another client, mostly because the one before has lost its connection.
     *
     * @return as {@link #ready}
     * @throws IllegalStateException after {@link #close}
     */
    public CompletableFuture<Void> attach(StompClient client) {
        return follower.attach(client);
    }

    /** Takes the snapshot anew, when the client is connected. */
    public void refresh() {
        follower.refresh();
    }

    /** Unsubscribes; the map stays as it is, and no callback comes any more. The client stays open. */
    @Override
    public void close() {
        follower.close();
    }
}
