package io.fanfare.session;

import io.fanfare.backplane.InOrder;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.message.Outcome;
import io.fanfare.message.PendingOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers a connected client's frames in their order, although some of them wait for other nodes. A client with many such
 * frames is not read from. Owned by the session's loop.
 */
final class Answers {

    /** Frames of one client that wait for their answers. */
    static final int MAX_WAITING = 1024;

    /**
     * Where a subscription begins.
     *
     * @param known headers of the RECEIPT that say so; completed now or later, on the loop
     * @param later for one that may still be refused: completed with these, or failed with the refusal; null: it has begun
     * @param withdraw ends the subscription where it is refused
     */
    record Where(CompletableFuture<Headers> known, @Nullable CompletionStage<Headers> later, Runnable withdraw) {

        static Where of(CompletableFuture<Headers> known) {
            return new Where(known, null, () -> {});
        }
    }

    private final Session session;
    private final Inbound inbound;
    private final Replies replies;
    private final SoftErrorReplies softErrors;
    private final StompVersion version;

    /** Null until an answer has to wait. */
    private @Nullable InOrder waiting;

    private boolean closing;
    private boolean ended;

    Answers(Session session, Inbound inbound, Replies replies, SoftErrorReplies softErrors, StompVersion version) {
        this.session = session;
        this.inbound = inbound;
        this.replies = replies;
        this.softErrors = softErrors;
        this.version = version;
    }

    /**
     * Answers a SEND.
     *
     * @param outcome what became of it; null: nothing yet
     */
    void sent(Frame frame, @Nullable Outcome outcome) {
        PendingOutcome later = outcome == null ? null : outcome.later();
        if (later == null || !(later.isNeeded() || isWanted(frame))) {
            receipt(frame, outcome);
        } else {
            await(frame, later, true);
        }
    }

    /**
     * Answers a COMMIT.
     *
     * @param outcome what became of its messages; null: nothing yet
     */
    void committed(Frame frame, @Nullable Outcome outcome) {
        PendingOutcome later = outcome == null ? null : outcome.later();
        if (later == null || !(later.isNeeded() || isWanted(frame))) {
            receipt(frame, null);
        } else {
            await(frame, later, false);
        }
    }

    private static boolean isWanted(Frame frame) {
        return frame.headers().has("receipt");
    }

    private void await(Frame frame, PendingOutcome later, boolean tellsEffect) {
        await(frame, later.effect().get(), tellsEffect);
    }

    /**
     * Answers an ACK or NACK.
     *
     * @param effect completed when it is known outside of this node; null: this node is all
     */
    void settled(Frame frame, @Nullable CompletionStage<Void> effect) {
        if (effect == null || !isWanted(frame)) {
            receipt(frame, null);
        } else {
            await(frame, effect, (head, done) -> sendReceipt(head, null), () -> {});
        }
    }

    private void await(Frame frame, CompletionStage<Outcome> stage, boolean tellsEffect) {
        await(frame, stage, (head, effect) -> sendReceipt(head, tellsEffect ? effect : null), () -> {});
    }

    private <T> void await(
            Frame frame, CompletionStage<T> stage, BiConsumer<Frame, @Nullable T> receipt, Runnable withdraw) {
        if (waiting == null) {
            waiting = new InOrder(session.loop());
        }
        // without its body
        Frame head = Frame.of(frame.command(), frame.headers());
        waiting.runBehind(stage, (effect, refusal) -> {
            if (refusal == null) {
                receipt.accept(head, effect);
            } else {
                withdraw.run();
                refuseLate(head, refusal);
            }
            readOn();
        });
        if (waiting.size() >= MAX_WAITING) {
            inbound.suspend(Inbound.Wait.ANSWERS);
        }
    }

    private void readOn() {
        assert session.loop().isCurrent();
        if (!closing && waiting != null && waiting.size() <= MAX_WAITING / 2) {
            inbound.resume(Inbound.Wait.ANSWERS);
        }
    }

    private void refuseLate(Frame frame, Throwable refusal) {
        if (refusal instanceof ProtocolException why && softErrors.cover(frame.command())) {
            softErrors.refused(frame, why);
        } else {
            session.failed(frame, refusal instanceof RuntimeException why ? why : new IllegalStateException(refusal));
        }
    }

    /** RECEIPT after the effect: clients take it as "your message is in" (STOMP 1.2, RECEIPT). */
    void receipt(Frame frame, @Nullable Outcome outcome) {
        assert session.loop().isCurrent();
        if (!isWanted(frame)) {
            return;
        }
        if (isWaiting()) {
            inOrder(() -> sendReceipt(frame, outcome));
        } else {
            sendReceipt(frame, outcome);
        }
    }

    private void sendReceipt(Frame frame, @Nullable Outcome outcome) {
        String receipt = frame.headers().get("receipt");
        if (receipt != null) {
            replies.receipt(version, receipt, outcome);
        }
    }

    /**
     * Answers a SUBSCRIBE with headers that say where it begins. What comes behind one by wildcard waits until that is answered: no
     * later subscription's messages come in front of its RECEIPT.
     */
    void subscribed(Frame frame, Where where) {
        assert session.loop().isCurrent();
        CompletionStage<Headers> later = where.later();
        CompletableFuture<Headers> known = where.known();
        if (later != null) {
            await(
                    frame,
                    later,
                    (head, found) -> sendWhere(head, found == null ? Headers.EMPTY : found),
                    where.withdraw());
        } else if (known.isDone()) {
            inOrder(() -> sendWhere(frame, known.join()));
        } else {
            inbound.suspend(Inbound.Wait.SUBSCRIBE);
            known.thenAccept(headers -> {
                if (!ended) {
                    inOrder(() -> sendWhere(frame, headers));
                    inbound.resume(Inbound.Wait.SUBSCRIBE);
                }
            });
        }
    }

    private void sendWhere(Frame frame, Headers where) {
        String receipt = frame.headers().get("receipt");
        if (receipt != null) {
            replies.subscribed(version, receipt, where);
        }
    }

    /** Answers a SEND of new credentials. */
    void renewed(Frame send, ClientIdentity identity) {
        String receipt = send.headers().get("receipt");
        if (receipt != null) {
            inOrder(() -> replies.renewed(version, receipt, identity.left()));
        }
    }

    /**
     * Tells a client with soft errors that its frame is refused.
     *
     * @throws ProtocolException the reason, for a client without
     */
    void refuse(Frame frame, ProtocolException why) {
        if (!softErrors.cover(frame.command())) {
            throw why;
        }
        inOrder(() -> softErrors.refused(frame, why));
    }

    /** Answers DISCONNECT: closes the connection, and looks at nothing that comes meanwhile. */
    void close() {
        assert session.loop().isCurrent();
        closing = true;
        if (isWaiting()) {
            inbound.suspend(Inbound.Wait.ANSWERS);
        }
        inOrder(() -> session.close(CloseCode.NORMAL, ""));
    }

    private boolean isWaiting() {
        return waiting != null && waiting.size() > 0;
    }

    private void inOrder(Runnable answer) {
        if (waiting == null) {
            answer.run();
        } else {
            waiting.run(answer);
        }
    }

    /** The connection has ended. */
    void end() {
        assert session.loop().isCurrent();
        ended = true;
        if (waiting != null) {
            waiting.end();
        }
    }
}
