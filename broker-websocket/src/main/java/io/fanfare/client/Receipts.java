package io.fanfare.client;

import io.fanfare.frame.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Receipts that were asked for and have not come. Safe for use by several threads. */
final class Receipts {

    /** How many may be pending; the next one fails. */
    static final int MAX_PENDING = 65_536;

    private final Map<String, CompletableFuture<Frame>> pending = new HashMap<>();
    private @Nullable StompException closed;
    private long last;

    /** A receipt to ask for; its future has failed already when there can be none. */
    record Expected(String id, CompletableFuture<Frame> future) {}

    synchronized Expected expect() {
        String id = "r" + ++last;
        if (closed != null) {
            return new Expected(id, CompletableFuture.failedFuture(closed));
        }
        if (pending.size() == MAX_PENDING) {
            String text =
                    String.format("%,d receipts are pending, which is the limit; wait for some of them", MAX_PENDING);
            return new Expected(id, CompletableFuture.failedFuture(new StompException(text)));
        }
        CompletableFuture<Frame> future = new CompletableFuture<>();
        pending.put(id, future);
        return new Expected(id, future);
    }

    /** The RECEIPT has come; one that was not asked for is ignored. */
    void complete(String id, Frame receipt) {
        CompletableFuture<Frame> future = remove(id);
        if (future != null) {
            future.complete(receipt);
        }
    }

    /** The RECEIPT will not come; false when it was not asked for. */
    boolean fail(String id, StompException reason) {
        CompletableFuture<Frame> future = remove(id);
        return future != null && future.completeExceptionally(reason);
    }

    /** Fails all pending ones, and every one asked for later. */
    void close(StompException reason) {
        List<CompletableFuture<Frame>> rest;
        synchronized (this) {
            closed = reason;
            rest = new ArrayList<>(pending.values());
            pending.clear();
        }
        rest.forEach(future -> future.completeExceptionally(reason));
    }

    private synchronized @Nullable CompletableFuture<Frame> remove(String id) {
        return pending.remove(id);
    }
}
