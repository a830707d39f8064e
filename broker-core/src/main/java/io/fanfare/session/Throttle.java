package io.fanfare.session;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes one client wait that sends faster than {@link BrokerOptions} let it: its frames are not handled and its socket is not
 * read, so that in the end it is TCP that slows the client down. Owned by the session's loop.
 */
public final class Throttle {

    /** Not for every single message that is too early. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Session session;
    private final Intake intake;
    private final EventLoop loop;
    private final BrokerOptions limits;

    // made when there is something to count
    private @Nullable TokenBucket messages;
    private @Nullable TokenBucket bytes;
    private @Nullable TokenBucket subscribes;
    private @Nullable TokenBucket controls;
    private @Nullable UserQuota user;

    /** Runs while the client waits. */
    private @Nullable Timer waiting;

    /** What the client waits for, unread; null: it does not wait. */
    private @Nullable TokenBucket exceeded;

    /** What has been read already and is not to be handled yet: no more than one read brings. */
    private @Nullable ByteArrayOutputStream kept;

    private long minuteBegan;
    private long waitedThisMinute;

    public Throttle(Session session, Intake intake, BrokerOptions limits) {
        this.session = session;
        this.intake = intake;
        this.loop = session.loop();
        this.limits = limits;
    }

    /** From now on the client's user counts, too. */
    public void user(UserQuota principal) {
        user = principal;
    }

    // Each of these throws when the client has been made to wait long enough.

    public void message() {
        if (limits.rates().maxMessageRate() > 0) {
            if (messages == null) {
                messages = rate("messages", "max_message_rate", limits.rates().maxMessageRate());
            }
            take(messages, 1);
        }
        if (user != null && user.messages() != null) {
            take(user.messages(), 1);
        }
    }

    public void bytes(int count) {
        if (limits.rates().maxByteRate() > 0) {
            if (bytes == null) {
                bytes = rate("bytes", "max_byte_rate", limits.rates().maxByteRate());
            }
            take(bytes, count);
        }
        if (user != null && user.bytes() != null) {
            take(user.bytes(), count);
        }
    }

    public void subscribe() {
        if (limits.rates().maxSubscribeRate() > 0) {
            if (subscribes == null) {
                subscribes = rate(
                        "SUBSCRIBE and UNSUBSCRIBE frames",
                        "max_subscribe_rate",
                        limits.rates().maxSubscribeRate());
            }
            take(subscribes, 1);
        }
    }

    public void controls(int count) {
        if (count > 0 && limits.rates().maxControlRate() > 0) {
            if (controls == null) {
                controls = rate(
                        "pings, heart-beats or empty messages",
                        "max_control_rate",
                        limits.rates().maxControlRate());
            }
            take(controls, count);
        }
    }

    private TokenBucket rate(String what, String key, long perSecond) {
        return new TokenBucket(what, key, perSecond, limits.rates().rateBurst());
    }

    private void take(TokenBucket rate, long count) {
        long ahead = rate.take(count, loop.nanoTime());
        if (ahead > limits.rates().maxRateDelay().toNanos()) {
            throw tooMuch(rate, Duration.ofNanos(ahead));
        }
        if (ahead > 0 && exceeded == null) {
            await(rate, Duration.ofNanos(ahead));
            exceeded = rate;
            intake.pause();
        }
    }

    private void await(TokenBucket rate, Duration ahead) {
        Duration wait = ahead.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : ahead;
        long now = loop.nanoTime();
        if (now - minuteBegan >= MINUTE || waitedThisMinute == 0) {
            minuteBegan = now;
            waitedThisMinute = 0;
        }
        waitedThisMinute += wait.toNanos();
        if (waitedThisMinute > limits.rates().maxRateDelay().toNanos()) {
            throw tooMuch(rate, Duration.ofNanos(waitedThisMinute));
        }
        waiting = loop.schedule(wait, () -> reconsider(rate));
    }

    private ProtocolException tooMuch(TokenBucket rate, Duration wait) {
        return new ProtocolException(
                "rate limit",
                String.format(
                        Locale.ROOT,
                        "this client sends more than %s, and would have to wait %,d ms of a minute; %,d is the most"
                                + " (max_rate_delay)",
                        rate,
                        wait.toMillis(),
                        limits.rates().maxRateDelay().toMillis()),
                CloseCode.RATE_LIMIT);
    }

    private void reconsider(TokenBucket rate) {
        waiting = null;
        long ahead = rate.ahead(loop.nanoTime());
        if (ahead > 0) {
            try {
                // more of it came with the same read, or from the user's other connections
                await(rate, Duration.ofNanos(ahead));
            } catch (ProtocolException e) {
                session.refuse(e);
            }
            return;
        }
        ByteArrayOutputStream rest = kept;
        end();
        if (rest != null) {
            session.decode(ByteBuffer.wrap(rest.toByteArray()));
        }
    }

    /** Whether the client waits: nothing of it is to be handled. */
    public boolean isWaiting() {
        return exceeded != null;
    }

    /** Takes the rest of what was read before the client began to wait. */
    public void keep(ByteBuffer rest) {
        if (rest.hasRemaining()) {
            if (kept == null) {
                kept = new ByteArrayOutputStream(rest.remaining());
            }
            kept.write(rest.array(), rest.arrayOffset() + rest.position(), rest.remaining());
            rest.position(rest.limit());
        }
    }

    /** The client waits no more, or has gone. */
    public void end() {
        kept = null;
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        if (exceeded != null) {
            exceeded = null;
            intake.resume();
        }
    }
}
