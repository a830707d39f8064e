package io.fanfare.nats.internal.live;

import io.fanfare.nats.internal.connect.Flush;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Finds out whether what was published is at the NATS server: one round trip for all that wait, on a thread of its own. */
final class Flusher {

    /**
     * Those that wait for one round trip.
     *
     * @param reconnects of the connection when their messages were published: another server does not have these
     */
    private record Waiting(@Nullable Connection through, long reconnects, List<CompletableFuture<Boolean>> all) {

        void complete(boolean isThere) {
            all.forEach(each -> each.complete(isThere));
        }
    }

    /** As many as RECEIPTs that clients wait for, each with at most {@code Answers.MAX_WAITING}. */
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();

    private final Thread thread = new Thread(this::run, "fanfare-nats-flusher");

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Completes these with whether what has been published by now has got to the server.
     *
     * @param through null: there is no server, so it has not
     */
    void flush(@Nullable Connection through, List<CompletableFuture<Boolean>> waiters) {
        queue.add(new Waiting(through, through == null ? 0 : reconnects(through), waiters));
    }

    private static long reconnects(Connection of) {
        return of.getStatistics().getReconnects();
    }

    private void run() {
        List<Waiting> all = new ArrayList<>();
        try {
            while (true) {
                all.add(queue.take());
                queue.drainTo(all);
                Connection through = all.get(all.size() - 1).through();
                boolean isThere = through != null && isFlushed(through);
                long reconnects = through == null ? 0 : reconnects(through);
                // of what went to a server that was lost meanwhile, nothing is known
                all.forEach(
                        each -> each.complete(isThere && each.through() == through && each.reconnects() == reconnects));
                all.clear();
            }
        } catch (InterruptedException e) {
            all.addAll(queue);
            all.forEach(each -> each.complete(false));
        }
    }

    private static boolean isFlushed(Connection through) throws InterruptedException {
        try {
            Flush.of(through);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void close() {
        thread.interrupt();
    }
}
