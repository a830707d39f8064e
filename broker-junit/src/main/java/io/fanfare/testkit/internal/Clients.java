package io.fanfare.testkit.internal;

import io.fanfare.broker.Broker;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.Selection;
import io.fanfare.status.SubscriptionStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The clients of a broker, and what they are subscribed to. Any thread may call but those of the broker. */
public final class Clients {

    private static final int MOST = 10_000;
    private static final long TIMEOUT_SECONDS = 10;

    private final Broker broker;

    public Clients(Broker broker) {
        this.broker = broker;
    }

    /** The connected clients. */
    public List<ConnectionStatus> all() {
        return get(broker.inspection()
                        .connections(new Selection<>(all -> true, Comparator.comparing(ConnectionStatus::id), 0, MOST)))
                .items();
    }

    /** Subscriptions that fit. */
    public List<SubscriptionStatus> select(Predicate<SubscriptionStatus> fits) {
        Comparator<SubscriptionStatus> order =
                Comparator.comparing(SubscriptionStatus::connection).thenComparing(SubscriptionStatus::id);
        return get(broker.inspection().subscriptions(new Selection<>(fits, order, 0, MOST)))
                .items();
    }

    /**
     * Waits for the end of sessions.
     *
     * @param ended their ids
     * @return whether they have ended within this time
     */
    public boolean awaitEnd(Set<String> ended, Duration most) {
        return Poll.until(most, () -> all().stream().noneMatch(each -> ended.contains(each.id())));
    }

    private static <T> T get(CompletionStage<T> answer) {
        try {
            if (Thread.currentThread().isInterrupted()) {
                // also where the answer is there already, for which no future waits
                throw new InterruptedException();
            }
            return answer.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking the broker for its clients", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker does not tell its clients", e);
        }
    }
}
