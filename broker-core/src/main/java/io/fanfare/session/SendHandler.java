package io.fanfare.session;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.MonotonicClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.publish.Batch;
import io.fanfare.security.Authorizer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a session does with SEND. Owned by the session's loop. */
public final class SendHandler {

    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private final Session session;
    private final Broker broker;
    private final DestinationParser parser;
    private final SubscribeHandler subscriptions;
    private final Permissions permissions;
    private final String user;

    /** The last destination and what it means: most clients keep sending to one. */
    private @Nullable String lastText;

    private List<Destination> lastTargets = List.of();

    /** Publishing for a connected session, in its user's name if it has one. */
    public SendHandler(
            Session session,
            Broker broker,
            DestinationParser parser,
            SubscribeHandler subscriptions,
            Permissions permissions) {
        this.session = session;
        this.broker = broker;
        this.parser = parser;
        this.subscriptions = subscriptions;
        this.permissions = permissions;
        this.user = permissions.principal().name();
    }

    /**
     * Publishes a SEND's message, or puts it into its transaction.
     *
     * @return what became of it; null when it waits for a COMMIT or for its delay
     */
    @Nullable
    public Outcome send(Frame frame, Transactions transactions) {
        broker.drain().admit();
        if (broker.memory().isFull()) {
            throw memoryAlarm();
        }
        List<Destination> targets = targets(frame);
        Message message = message(frame);
        String transaction = frame.headers().get("transaction");
        if (transaction != null) {
            transactions.get(transaction).send(targets, message);
            return null;
        }
        if (message.isExpired(MonotonicClock.millis())) {
            return new Outcome(targets.size(), 0, 0, targets.size());
        }
        if (message.properties().delay() > 0) {
            Batch batch = new Batch(broker.destinations());
            batch.add(targets, message);
            batch.reserve();
            try {
                reserveDelays(1);
            } catch (ProtocolException e) {
                batch.release();
                throw e;
            }
            delay(batch, message.properties().delay());
            return null;
        }
        return broker.destinations().publish(targets, message);
    }

    private ProtocolException memoryAlarm() {
        return new ProtocolException(
                "memory alarm",
                String.format(
                        Locale.ROOT,
                        "the broker holds %,d B, its limit is %,d (max_memory_bytes); it takes messages again when"
                                + " consumers have taken some",
                        broker.memoryBytes(),
                        broker.options().memory().maxMemoryBytes()),
                CloseCode.OVERLOAD);
    }

    private List<Destination> targets(Frame frame) {
        String text = lastText;
        if (text == null || !frame.headers().has("destination", text)) {
            text = Session.required(frame, "destination");
            List<Destination> targets = parser.forSend(text);
            permissions.require(Authorizer.Action.SEND, targets);
            lastTargets = targets;
            lastText = text;
        }
        for (int i = 0; i < lastTargets.size(); i++) {
            checkOwner(lastTargets.get(i), text);
        }
        return lastTargets;
    }

    /** What is allowed may have changed since the last SEND. */
    public void forgetLast() {
        lastText = null;
    }

    /**
     * Makes sure of a destination that a SEND in a transaction named a while ago.
     *
     * @throws ProtocolException when it has gone with its connection, or messages may not be sent there any more
     */
    public void checkAgain(Destination target, String text) {
        checkOwner(target, text);
        permissions.require(Authorizer.Action.SEND, List.of(target));
    }

    /**
     * Makes sure that a temporary destination is still there.
     *
     * @throws ProtocolException when it has gone with its connection
     */
    private void checkOwner(Destination target, String text) {
        String owner = DestinationParser.temporaryOwner(target);
        if (!owner.isEmpty() && !broker.hasSession(owner)) {
            throw new ProtocolException(
                    "no such destination",
                    Printable.of(text) + " belonged to a connection that has ended, and is gone with it");
        }
    }

    private Message message(Frame frame) {
        Message message = Message.of(frame, System.currentTimeMillis(), session);
        String claimed = frame.headers().get("user-id");
        if (claimed != null && (user.isEmpty() || !claimed.equals(user))) {
            throw new ProtocolException(
                    "invalid user-id", "user-id says who sends, and this connection is not that user");
        }
        if (!user.isEmpty()) {
            message = message.with(message.headers().with(Headers.of("user-id", user)));
        }
        String replyTo = frame.headers().get("reply-to");
        if (replyTo != null
                && (replyTo.startsWith(DestinationParser.TEMP_QUEUE)
                        || replyTo.startsWith(DestinationParser.TEMP_TOPIC))) {
            subscriptions.expectReplies(replyTo);
            message = message.with(message.headers().replace("reply-to", parser.globalName(replyTo)));
        }
        return message;
    }

    /**
     * Makes sure that so many batches may wait for their delay; {@link #delay} follows for each.
     *
     * @throws ProtocolException when too many wait already; nothing has changed then
     */
    public void reserveDelays(int batches) {
        if (!broker.delayed().tryAcquire(batches)) {
            throw new ProtocolException(
                    "too many delayed messages",
                    String.format(
                            Locale.ROOT,
                            "%,d messages wait for their delay, which is the limit (max_delayed)",
                            broker.options().queues().maxDelayed()));
        }
    }

    /** Publishes later what has its room already; the loop does it, whatever has become of the session. */
    public void delay(Batch batch, long millis) {
        Duration delay = Duration.ofMillis(Math.min(millis, LONGEST_DELAY.toMillis()));
        session.loop().schedule(delay, () -> {
            broker.delayed().release();
            batch.publish();
        });
    }
}
