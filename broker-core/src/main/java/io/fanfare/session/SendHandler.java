package io.fanfare.session;

import io.fanfare.frame.Frame;
import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.ForeignHeaders;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Sender;
import io.fanfare.message.Target;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.publish.DedupId;
import io.fanfare.publish.Publisher;
import io.fanfare.publish.Submission;
import io.fanfare.quota.ReplyAddresses;
import io.fanfare.security.Authorizer;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.MessageCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Handles a connected client's SEND frames: makes messages of them, which the {@link Publisher} takes. */
final class SendHandler {

    /** Headers that ask for more than to pass on the message; most SENDs have none of them. */
    private static final HeaderNames ASKING =
            HeaderNames.of("transaction", "user-id", "reply-to", "dedup-id", "_AMQ_DUPL_ID");

    private final Publisher publisher;
    private final BrokerClock clock;
    private final DestinationParser parser;
    private final Sender sender;
    private final SubscribeHandler subscriptions;
    private final Permissions permissions;
    private final String user;
    private final DedupId.Owner ids;
    private final ConnectionLimits limits;
    private final ReplyAddresses replyAddresses;
    private final MessageCounts counts;

    /** The last destination and what it means: most clients keep sending to one. */
    private @Nullable String lastText;

    private List<Target> lastTargets = List.of();

    SendHandler(
            SessionServices services,
            DestinationParser parser,
            Subscription.Owner owner,
            SubscribeHandler subscriptions,
            Permissions permissions,
            DedupId.Owner ids) {
        this.publisher = services.publisher();
        this.clock = services.clock();
        this.parser = parser;
        this.sender = owner.sender();
        this.subscriptions = subscriptions;
        this.permissions = permissions;
        this.user = permissions.principal().name();
        this.ids = ids;
        this.limits = services.options().limits();
        this.replyAddresses = owner.deliveries().replyAddresses();
        this.counts = services.destinations().counts();
    }

    /**
     * Publishes a SEND's message, or puts it into its transaction. A reply that can't be had where its request has asked for it is
     * dropped: that is no fault of the client that answers.
     *
     * @return what became of it; null when it waits for a COMMIT or for its delay
     * @throws ProtocolException when it is refused; then it may come again with its {@code dedup-id}
     */
    @Nullable
    Outcome send(Frame frame, Transactions transactions) {
        List<Target> targets;
        try {
            targets = targets(frame);
        } catch (ProtocolException refused) {
            return droppedReply(frame, refused);
        }
        ForeignHeaders.checkSend(frame.headers(), targets);
        Message message = message(frame, targets);
        boolean asks = frame.headers().hasAny(ASKING);
        String transaction = asks ? frame.headers().get("transaction") : null;
        if (transaction == null) {
            publisher.checkOpen(targets, message);
        } else {
            // until COMMIT it takes memory, whatever it frees then
            publisher.checkOpen();
        }
        DedupId id = null;
        if (asks) {
            checkUser(frame);
            message = withReplyTo(frame, message);
            id = DedupId.of(frame.headers(), ids, limits);
        }
        if (transaction != null) {
            return transactions.get(transaction).send(new Submission(targets, message, id), publisher);
        }
        try {
            return orDropped(
                    frame,
                    id == null
                            ? publisher.publish(targets, message, null)
                            : publisher.publish(new Submission(targets, message, id)));
        } catch (ProtocolException refused) {
            return droppedReply(frame, refused);
        }
    }

    private Message message(Frame frame, List<Target> targets) {
        Message message = Message.of(frame, clock, sender);
        message.properties().check(targets);
        return user.isEmpty() ? message : message.with(message.headers().with(Headers.of("user-id", user)));
    }

    /** Drops what is a reply; what is none is refused. */
    private Outcome droppedReply(Frame frame, ProtocolException refused) {
        if (!isReply(frame)) {
            throw refused;
        }
        return droppedReply();
    }

    private Outcome droppedReply() {
        counts.dropped(Drop.REPLY_REFUSED, 1);
        return new Outcome(1, 0, 0, 1);
    }

    private boolean isReply(Frame frame) {
        String destination = frame.headers().get("destination");
        return destination != null && replyAddresses.contains(destination);
    }

    /** The same of what may still be refused. */
    private @Nullable Outcome orDropped(Frame frame, @Nullable Outcome outcome) {
        if (outcome == null || outcome.later() == null || !outcome.isOpen() || !isReply(frame)) {
            return outcome;
        }
        return Outcome.accepted(outcome.later().effect().get().exceptionally(refusal -> droppedReply()));
    }

    private List<Target> targets(Frame frame) {
        String text = lastText;
        if (text == null || !frame.headers().has("destination", text)) {
            text = frame.required("destination");
            List<Target> targets = parser.forSend(text);
            permissions.require(
                    Authorizer.Action.SEND,
                    targets.stream().map(Target::destination).toList());
            lastTargets = targets;
            lastText = text;
        }
        return lastTargets;
    }

    /** The connection has ended. */
    void end() {
        if (ids.kind() == DedupId.Kind.CONNECTION) {
            publisher.forget(ids);
        }
    }

    /** Permissions may have changed since the last SEND. */
    void forgetLast() {
        lastText = null;
    }

    /**
     * Makes sure of a destination that a SEND in a transaction named a while ago.
     *
     * @throws ProtocolException when messages may not be sent there any more
     */
    void checkAgain(Destination destination) {
        permissions.require(Authorizer.Action.SEND, List.of(destination));
    }

    private void checkUser(Frame frame) {
        String claimed = frame.headers().get("user-id");
        if (claimed != null && (user.isEmpty() || !claimed.equals(user))) {
            throw new ProtocolException(
                    "invalid user-id", "user-id names the sender, and this connection is not that user's");
        }
    }

    /** The message with the name under which others reach a destination that only its sender has. */
    private Message withReplyTo(Frame frame, Message message) {
        String replyTo = frame.headers().get("reply-to");
        if (replyTo == null || !DestinationParser.isTemporary(replyTo)) {
            return message;
        }
        String own = parser.ownName(replyTo);
        checkReplyTo(parser.forSend(own == null ? replyTo : own));
        if (own == null) {
            return message;
        }
        subscriptions.expectReplies(own);
        return message.with(message.headers().replace("reply-to", parser.globalName(own)));
    }

    private static void checkReplyTo(List<Target> targets) {
        if (targets.size() > 1) {
            // a service that answers would send to all of them, with its own permissions
            throw new ProtocolException("invalid reply-to", "reply-to names one destination");
        }
    }
}
