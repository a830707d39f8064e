package io.fanfare.session;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.message.Outcome;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.Unsettled;
import org.jspecify.annotations.Nullable;

/** Does what a connected client's frames say. Owned by its session's loop. */
final class CommandHandler {

    private final Session session;
    private final Replies replies;
    private final StompVersion version;
    private final ClientIdentity identity;
    private final SubscribeHandler subscriptions;
    private final SendHandler sends;
    private final Transactions transactions;
    private final Deliveries deliveries;

    CommandHandler(
            Session session,
            Replies replies,
            StompVersion version,
            ClientIdentity identity,
            SubscribeHandler subscriptions,
            SendHandler sends,
            Transactions transactions,
            Deliveries deliveries) {
        this.session = session;
        this.replies = replies;
        this.version = version;
        this.identity = identity;
        this.subscriptions = subscriptions;
        this.sends = sends;
        this.transactions = transactions;
        this.deliveries = deliveries;
    }

    /**
     * Does what a frame says.
     *
     * @throws ProtocolException when it can't be done
     */
    void handle(Frame frame) {
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
                transactions.begin(frame.required("transaction"));
                receipt(frame, null);
            }
            case COMMIT -> {
                transactions.commit(frame.required("transaction"), sends);
                receipt(frame, null);
            }
            case ABORT -> {
                transactions.abort(frame.required("transaction"));
                receipt(frame, null);
            }
            case DISCONNECT -> {
                receipt(frame, null);
                session.close(CloseCode.NORMAL, "");
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
        if (ClientIdentity.isRenewal(frame)) {
            identity.renew(frame);
        } else {
            receipt(frame, sends.send(frame, transactions));
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
}
