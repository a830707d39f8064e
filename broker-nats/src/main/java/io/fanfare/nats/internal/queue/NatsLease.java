package io.fanfare.nats.internal.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.backplane.Lease;
import io.fanfare.frame.ProtocolException;
import io.nats.client.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lease of a message of a shared queue, which this node has. Its end is told to the engine by a request, so that what is confirmed has
 * happened. Owned by the worker, but for the methods of {@link Lease}.
 */
final class NatsLease implements Lease {

    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Holding holding;
    private final String stream;
    private final long sequence;
    private final Instant stored;
    private final boolean isDoubtful;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /** Where the engine listens for what becomes of it; of the last time it came. */
    private String replyTo;

    private boolean ending;
    private long deadline;

    /** The end that is told until it is confirmed; null: none. */
    private byte @Nullable [] told;

    /**
     * A message that has come.
     *
     * @param sequence in its stream
     * @param stored when its stream took it
     * @param isDoubtful as {@link Lease#isDoubtful}
     */
    NatsLease(Holding holding, String stream, long sequence, Instant stored, String replyTo, boolean isDoubtful) {
        this.holding = holding;
        this.stream = stream;
        this.sequence = sequence;
        this.stored = stored;
        this.replyTo = replyTo;
        this.isDoubtful = isDoubtful;
    }

    long sequence() {
        return sequence;
    }

    Instant stored() {
        return stored;
    }

    String replyTo() {
        return replyTo;
    }

    boolean isEnding() {
        return ending;
    }

    void cameAgain(String newReplyTo) {
        replyTo = newReplyTo;
    }

    @Override
    public String id() {
        return stream + " " + sequence + " " + stored;
    }

    @Override
    public boolean isDoubtful() {
        return isDoubtful;
    }

    @Override
    public CompletionStage<Void> settle() {
        return end(Holding.ACK);
    }

    @Override
    public CompletionStage<Void> discard() {
        return end(Holding.DISCARD);
    }

    private CompletionStage<Void> end(byte[] how) {
        holding.worker().execute(() -> {
            ending = true;
            deadline = System.nanoTime() + holding.patience().toNanos();
            told = how;
            tell(how);
        });
        return end;
    }

    /** Another server leads, which may not have heard of the end. */
    void elected() {
        if (told != null) {
            tell(told);
        }
    }

    private void tell(byte[] how) {
        holding.link().call(replyTo, how, ATTEMPT, answer -> told(how, answer));
    }

    private void told(byte[] how, @Nullable Message answer) {
        if (end.isDone()) {
            // told more than once, as another server was elected
            return;
        }
        if (answer != null && !answer.isStatusMessage()) {
            holding.ended(this);
            end.complete(null);
        } else if (System.nanoTime() - deadline < 0) {
            holding.worker().later(PAUSE, () -> tell(how));
        } else {
            // should it come to this node once more, no consumer gets it
            holding.ended(this);
            end.completeExceptionally(new ProtocolException(
                    "queue unavailable",
                    "the end of a message could not be told to the engine for "
                            + holding.patience().toMillis() + " ms; it may come again"));
        }
    }

    /**
     * Once, and without a repeat: it could take the message from a consumer that got it meanwhile. Where the engine does not hear it,
     * the message is given to others when the node has not asked for more time.
     */
    @Override
    public CompletionStage<Void> giveBack(long millis) {
        holding.worker().execute(() -> {
            ending = true;
            holding.left(this);
            holding.givesBack();
            String to = replyTo;
            long since = System.nanoTime();
            holding.returns().execute(() -> {
                if (System.nanoTime() - since > holding.ackWait().dividedBy(2).toNanos()) {
                    // the engine may have given it to another by now, or soon will
                    holding.worker().execute(this::gaveBack);
                    return;
                }
                holding.clean();
                CompletableFuture<Message> answer = holding.link().request(to, giveBackText(millis), ATTEMPT);
                holding.worker().then(answer, (told, failure) -> gaveBack());
            });
        });
        return end;
    }

    private void gaveBack() {
        holding.gaveBack();
        end.complete(null);
    }

    /** Tells the engine that any node may have a message again, after some milliseconds. */
    static byte[] giveBackText(long millis) {
        String text = millis == 0 ? "-NAK" : "-NAK {\"delay\": " + TimeUnit.MILLISECONDS.toNanos(millis) + "}";
        return text.getBytes(US_ASCII);
    }
}
