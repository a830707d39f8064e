package io.fanfare.quota;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import io.fanfare.options.RateLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Delays a client that sends faster than its rates allow: its frames are not handled and its socket is not read, so that
 * in the end TCP slows the client down. Owned by the connection's loop.
 */
public final class Throttle {

    /** The connection that is delayed. */
    public interface Delayed {

        /** Stops reading, and keeps what has been read. */
        void suspend();

        /** Goes on with what was kept, and reads again. */
        void resume();

        /** Closes the connection. */
        void refuse(ProtocolException why);
    }

    /** Not for every single message that is too early. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Delayed connection;
    private final EventLoop loop;
    private final RateLimits limits;

    // made when there is something to count
    private @Nullable TokenBucket messages;
    private @Nullable TokenBucket bytes;
    private @Nullable TokenBucket subscribes;
    private @Nullable TokenBucket controls;
    private @Nullable UserQuota user;

    /** Runs while the client waits. */
    private @Nullable Timer timer;

    private long minuteBegan;
    private long waitedThisMinute;

    public Throttle(EventLoop loop, RateLimits limits, Delayed connection) {
        this.loop = loop;
        this.limits = limits;
        this.connection = connection;
    }

    /** From now on the rates of the client's user count, too. */
    public void user(UserQuota quota) {
        assert loop.isCurrent();
        user = quota;
    }

    /**
     * Counts a SEND.
     *
     * @throws ProtocolException when the client has been made to wait long enough; so do the methods below
     */
    public void message() {
        if (limits.maxMessageRate() > 0) {
            if (messages == null) {
                messages = bucket("messages", "max_message_rate", limits.maxMessageRate());
            }
            take(messages, 1);
        }
        if (user != null && user.messages() != null) {
            take(user.messages(), 1);
        }
    }

    /** Counts bytes that were read. */
    public void bytes(int count) {
        if (limits.maxByteRate() > 0) {
            if (bytes == null) {
                bytes = bucket("bytes", "max_byte_rate", limits.maxByteRate());
            }
            take(bytes, count);
        }
        if (user != null && user.bytes() != null) {
            take(user.bytes(), count);
        }
    }

    /** Counts a SUBSCRIBE or UNSUBSCRIBE. */
    public void subscribe() {
        if (limits.maxSubscribeRate() > 0) {
            if (subscribes == null) {
                subscribes =
                        bucket("SUBSCRIBE and UNSUBSCRIBE frames", "max_subscribe_rate", limits.maxSubscribeRate());
            }
            take(subscribes, 1);
        }
    }

    /** Counts heart-beats, Pings, or empty messages. */
    public void controls(int count) {
        if (count > 0 && limits.maxControlRate() > 0) {
            if (controls == null) {
                controls = bucket("pings, heart-beats or empty messages", "max_control_rate", limits.maxControlRate());
            }
            take(controls, count);
        }
    }

    private TokenBucket bucket(String what, String key, long perSecond) {
        return new TokenBucket(what, key, perSecond, limits.rateBurst());
    }

    private void take(TokenBucket bucket, long count) {
        assert loop.isCurrent();
        long ahead = bucket.take(count, loop.nanoTime());
        if (ahead > limits.maxRateDelay().toNanos()) {
            throw tooMuch(bucket, Duration.ofNanos(ahead));
        }
        if (ahead > 0 && timer == null) {
            await(bucket, Duration.ofNanos(ahead));
            connection.suspend();
        }
    }

    private void await(TokenBucket bucket, Duration ahead) {
        Duration wait = ahead.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : ahead;
        long now = loop.nanoTime();
        if (now - minuteBegan >= MINUTE || waitedThisMinute == 0) {
            minuteBegan = now;
            waitedThisMinute = 0;
        }
        waitedThisMinute += wait.toNanos();
        if (waitedThisMinute > limits.maxRateDelay().toNanos()) {
            throw tooMuch(bucket, Duration.ofNanos(waitedThisMinute));
        }
        timer = loop.schedule(wait, () -> waited(bucket));
    }

    private ProtocolException tooMuch(TokenBucket bucket, Duration wait) {
        return new ProtocolException(
                "rate limit",
                Limits.exceeded(
                        "this client sends more than " + bucket + ", and would have to wait %,d ms of a minute",
                        wait.toMillis(),
                        limits.maxRateDelay().toMillis(),
                        "max_rate_delay"),
                CloseCode.RATE_LIMIT);
    }

    private void waited(TokenBucket bucket) {
        assert loop.isCurrent();
        timer = null;
        long ahead = bucket.ahead(loop.nanoTime());
        if (ahead > 0) {
            try {
                // more of it came with the same read, or from the user's other connections
                await(bucket, Duration.ofNanos(ahead));
            } catch (ProtocolException e) {
                connection.refuse(e);
            }
            return;
        }
        connection.resume();
    }

    /** The client has gone. */
    public void end() {
        assert loop.isCurrent();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
