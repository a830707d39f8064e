package io.fanfare.server;

import io.fanfare.broker.Broker;
import io.fanfare.broker.LocalSubscription;
import io.fanfare.broker.MessageHandler;
import io.fanfare.broker.SubscriptionOptions;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.server.internal.net.ServerThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that call handlers of subscriptions in the same program, unless these have an executor of their own. A handler has
 * at most one of them at a time, and none while there is no message for it.
 */
final class Handlers {

    private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);

    /** An event loop that takes longer hangs. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ServerThreads threads = new ServerThreads("fanfare-handler-");

    /** Null before the first subscription that needs it. */
    private @Nullable ExecutorService executor;

    private boolean stopped;

    /** Subscribes, and waits until the subscription is in effect. */
    LocalSubscription subscribe(
            Broker broker, EventLoop loop, String destination, SubscriptionOptions options, MessageHandler handler) {
        SubscriptionOptions all = options.orExecutor(executor());
        CompletableFuture<LocalSubscription> subscribed =
                broker.subscribe(loop, destination, all, handler).toCompletableFuture();
        try {
            return subscribed.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProtocolException refused) {
                throw refused;
            }
            throw new IllegalStateException("the subscription has failed", e.getCause());
        } catch (TimeoutException e) {
            subscribed.thenAccept(LocalSubscription::close);
            throw new IllegalStateException("the event loop has not subscribed within " + TIMEOUT, e);
        } catch (InterruptedException e) {
            subscribed.thenAccept(LocalSubscription::close);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while subscribing", e);
        }
    }

    private synchronized ExecutorService executor() {
        if (stopped) {
            throw new IllegalStateException("the server is closed");
        }
        if (executor == null) {
            // no thread before there is a message
            executor = Executors.newCachedThreadPool(threads);
        }
        return executor;
    }

    /** Ends the threads; a handler that is being called is interrupted. */
    void stop() {
        ExecutorService last;
        synchronized (this) {
            stopped = true;
            last = executor;
        }
        if (last != null) {
            last.shutdownNow();
            try {
                threads.awaitEnd();
            } catch (IllegalStateException e) {
                LOG.warn("a handler of messages does not return: {}", e.getMessage());
            }
        }
    }
}
