package io.fanfare.session;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.DestinationQuota;
import io.fanfare.message.Outcome;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.Unsettled;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Principal;
import io.fanfare.topic.BackloggedSubscriptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connected client's frames and what they do. Owned by its session's loop. */
public final class CommandHandler {

    private final Session session;
    private final Broker broker;
    private final Replies replies;
    private final String id;
    private final StompVersion version;
    private final boolean softErrors;
    private final ClientIdentity identity;
    private final Deliveries deliveries;
    private final BackloggedSubscriptions laggards;
    private final DestinationQuota holdings;
    private final SubscribeHandler subscriptions;
    private final Transactions transactions;
    private final SendHandler publishing;

    private CommandHandler(
            Session session,
            Broker broker,
            Authentication login,
            Replies replies,
            Framing framing,
            StompVersion version,
            Headers connect,
            Principal principal) {
        this.session = session;
        this.broker = broker;
        this.replies = replies;
        this.version = version;
        this.id = broker.newSessionId();
        this.softErrors = "true".equals(connect.get("soft-errors"));
        String user = principal.name();
        DestinationParser parser = new DestinationParser(broker.options(), id, user.isEmpty() ? id : user);
        this.deliveries = new Deliveries(session, broker.destinations());
        this.laggards =
                new BackloggedSubscriptions(session, broker.options().outbox().maxOutboxBytes());
        this.holdings = new DestinationQuota(broker.options().limits().maxDestinationsPerConnection());
        this.identity = new ClientIdentity(session, this, login, broker.options(), principal);
        Permissions permissions = identity.permissions();
        this.subscriptions =
                new SubscribeHandler(session, broker, parser, version, framing, permissions, connect.get("client-id"));
        this.transactions = new Transactions(broker.options(), broker.destinations(), deliveries);
        this.publishing = new SendHandler(session, broker, parser, subscriptions, permissions);
    }

    /**
     * The version that a CONNECT or STOMP frame leads to.
     *
     * @throws ProtocolException when there is no common one
     */
    public static StompVersion version(Headers connect) {
        String accepted = connect.find("accept-version").orElse("1.0");
        return StompVersion.highestOf(accepted)
                .orElseThrow(() -> new ProtocolException(
                        "no common version",
                        "accept-version is " + Printable.of(accepted) + ", but this broker speaks "
                                + StompVersion.ALL));
    }

    /** Answers CONNECT or STOMP with CONNECTED. */
    public static CommandHandler begin(
            Session session,
            Broker broker,
            Authentication login,
            Replies replies,
            Framing framing,
            Headers connect,
            Principal principal) {
        StompVersion version = version(connect);
        CommandHandler conversation =
                new CommandHandler(session, broker, login, replies, framing, version, connect, principal);
        replies.connected(
                version,
                conversation.id,
                conversation.softErrors,
                conversation.identity.expiry().left());
        broker.connected(conversation.id);
        return conversation;
    }

    public StompVersion version() {
        return version;
    }

    public Deliveries deliveries() {
        return deliveries;
    }

    public BackloggedSubscriptions laggards() {
        return laggards;
    }

    public DestinationQuota holdings() {
        return holdings;
    }

    /**
     * Does what a frame says.
     *
     * @throws ProtocolException when it can't be done, and the connection ends with it
     */
    public void handle(Frame frame) {
        try {
            obey(frame);
        } catch (ProtocolException e) {
            if (!softErrors || !isRefusable(frame.command())) {
                throw e;
            }
            softError(frame, e);
        }
    }

    public boolean hasSoftErrors() {
        return softErrors;
    }

    /** Tells a client that has asked for it what is refused, and goes on. */
    public void softError(Frame refused, ProtocolException why) {
        broker.softErrors().add(session, refused.command(), why);
        replies.softError(
                version,
                why,
                Headers.builder()
                        .add("error-command", refused.command().name())
                        .addIfPresent("receipt-id", refused.headers().get("receipt"))
                        .build());
    }

    /** What a client may be told without losing its connection, if it has asked for that. */
    private static boolean isRefusable(Command command) {
        return switch (command) {
            case SEND, SUBSCRIBE, UNSUBSCRIBE, ACK, NACK, BEGIN, COMMIT, ABORT -> true;
            case CONNECT, STOMP, DISCONNECT, CONNECTED, MESSAGE, RECEIPT, ERROR -> false;
        };
    }

    private void obey(Frame frame) {
        switch (frame.command()) {
            case SEND -> send(frame);
            case SUBSCRIBE -> {
                // the RECEIPT is a barrier: what is delivered at once comes behind it, in this loop's mailbox
                subscriptions.subscribe(frame);
                receipt(frame, null);
            }
            case UNSUBSCRIBE -> {
                subscriptions.unsubscribe(frame);
                receipt(frame, null);
            }
            case ACK, NACK -> acknowledge(frame);
            case BEGIN -> {
                transactions.begin(Session.required(frame, "transaction"));
                receipt(frame, null);
            }
            case COMMIT -> {
                transactions.commit(Session.required(frame, "transaction"), publishing);
                receipt(frame, null);
            }
            case ABORT -> {
                transactions.abort(Session.required(frame, "transaction"));
                receipt(frame, null);
            }
            case DISCONNECT -> {
                receipt(frame, null);
                session.disconnect();
            }
            case CONNECT, STOMP ->
                throw new ProtocolException(
                        "already connected", "a connection has one " + frame.command() + ", and this one is connected");
            case CONNECTED, MESSAGE, RECEIPT, ERROR ->
                throw new ProtocolException(
                        "unexpected command", frame.command() + " frames come from brokers, not from clients");
        }
    }

    private void send(Frame frame) {
        if (ClientIdentity.isMeant(frame)) {
            identity.renew(frame);
        } else {
            receipt(frame, publishing.send(frame, transactions));
        }
    }

    /** A SEND's new credentials count. */
    public void renewed(Frame send) {
        String receipt = send.headers().get("receipt");
        if (receipt != null) {
            replies.renewed(version, receipt, identity.expiry().left());
        }
    }

    /**
     * What the client may do may have changed: subscriptions that it may not have any more end.
     *
     * @throws ProtocolException when there is one, and the connection ends with it
     */
    public void reconsider() {
        publishing.forgetLast();
        subscriptions.endForbidden((subscription, where) -> {
            String id = subscription.encoding().subscription();
            ProtocolException why = new ProtocolException(
                    "permission withdrawn",
                    "you may no longer " + Permissions.text(Authorizer.Action.SUBSCRIBE, where)
                            + ", so that subscription has ended",
                    CloseCode.POLICY);
            if (!softErrors) {
                throw why;
            }
            replies.softError(
                    version,
                    why,
                    Headers.builder()
                            .add("error-command", Command.SUBSCRIBE.name())
                            .addIfPresent("error-subscription", id)
                            .build());
        });
    }

    /** The session will expire soon, and who has asked for it is told. */
    public void expiresSoon() {
        Duration left = identity.expiry().left();
        if (softErrors && left != null) {
            replies.softError(
                    version,
                    new ProtocolException(
                            "session expires soon",
                            "the token that this connection came with expires in " + left.toMillis()
                                    + " ms; SEND a new one to " + ClientIdentity.DESTINATION),
                    Headers.builder().add("session-expires", left.toMillis()).build());
        }
    }

    private void acknowledge(Frame frame) {
        Deliveries.Verdict verdict = verdict(frame);
        Unsettled delivery = deliveries.find(frame, version);
        String transaction = frame.headers().get("transaction");
        if (transaction == null) {
            deliveries.settle(delivery, verdict);
        } else {
            transactions.get(transaction).settle(delivery, verdict);
        }
        receipt(frame, null);
    }

    private Deliveries.Verdict verdict(Frame frame) {
        if (frame.command() == Command.ACK) {
            return Deliveries.Verdict.ACK;
        }
        if (version == StompVersion.V1_0) {
            throw new ProtocolException("unknown command", "NACK came with STOMP 1.1; this connection speaks 1.0");
        }
        boolean requeue = !"false".equals(frame.headers().get("requeue"));
        return requeue ? Deliveries.Verdict.REQUEUE : Deliveries.Verdict.REJECT;
    }

    /** RECEIPT after the effect: clients take it as "your message is in" (STOMP 1.2, RECEIPT). */
    private void receipt(Frame frame, @Nullable Outcome outcome) {
        String receipt = frame.headers().get("receipt");
        if (receipt != null) {
            replies.receipt(version, receipt, outcome);
        }
    }

    /**
     * The socket has taken bytes.
     *
     * @param written the outbox's count of bytes written
     */
    public void written(long written) {
        deliveries.written(written);
    }

    /**
     * What was written beyond this point will not leave; {@link #end} or {@link #cutOff} follows.
     *
     * @param appended the outbox's count of bytes up to there
     */
    public void dropped(long appended) {
        deliveries.dropped(appended);
    }

    /** The connection was lost while the last bytes were on their way out, after {@link #end}. */
    public void cutOff() {
        deliveries.giveAllBack();
    }

    /** Everything that was written has left. */
    public void drained() {
        deliveries.drained();
        laggards.flushed();
        subscriptions.flushed(replies);
    }

    /**
     * Lets go of everything: transactions roll back, subscriptions end, unsettled messages go back. What is on its way
     * out may still leave: {@link #written} and {@link #dropped} tell what becomes of it.
     */
    public void end() {
        identity.expiry().stop();
        transactions.abortAll();
        // first what was delivered, then the subscriptions: who takes over begins with the oldest
        deliveries.giveAllBack();
        subscriptions.endAll();
        broker.disconnected(id);
    }
}
