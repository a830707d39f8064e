package io.fanfare.broker;

import io.fanfare.loop.EventLoop;
import io.fanfare.session.ClientStatus;
import io.fanfare.session.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Visits the sessions of one loop, some in each turn. Owned by that loop.
 *
 * @param <C> collects what is seen
 */
final class SessionVisit<C> {

    /** Looks at a client. */
    @FunctionalInterface
    interface Visitor<C> {

        /** Adds a client to what has been collected; returns how many steps that took. */
        int visit(C collector, Session session, ClientStatus client);
    }

    private final Iterator<Session> sessions;
    private final Visitor<C> visitor;
    private final C collector;
    private final CompletableFuture<C> done = new CompletableFuture<>();

    private SessionVisit(List<Session> sessions, Visitor<C> visitor, C collector) {
        this.sessions = sessions.iterator();
        this.visitor = visitor;
        this.collector = collector;
    }

    /**
     * Visits all connected clients; called by any thread.
     *
     * @param collector makes a collector for each loop, which that loop alone touches
     * @return the collectors, when all clients have been visited; completed on an event loop, or at once
     */
    static <C> CompletionStage<List<C>> all(Collection<Session> sessions, Supplier<C> collector, Visitor<C> visitor) {
        Map<EventLoop, List<Session>> byLoop = sessions.stream().collect(Collectors.groupingBy(Session::loop));
        List<CompletableFuture<C>> parts = new ArrayList<>();
        byLoop.forEach((loop, own) -> {
            SessionVisit<C> visit = new SessionVisit<>(own, visitor, collector.get());
            parts.add(visit.done);
            loop.executeInParts(steps -> visit.run(steps));
        });
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> parts.stream().map(CompletableFuture::join).toList());
    }

    /** Whether there is more to do. */
    private boolean run(int steps) {
        try {
            for (int left = steps; left > 0 && sessions.hasNext(); ) {
                Session session = sessions.next();
                assert session.loop().isCurrent();
                ClientStatus client = session.status();
                left -= client == null ? 1 : visitor.visit(collector, session, client);
            }
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
            throw e;
        }
        if (!sessions.hasNext()) {
            done.complete(collector);
        }
        return sessions.hasNext();
    }

    /**
     * Finds a connected client; called by any thread.
     *
     * @param id of its session
     * @param action makes the result, on the client's loop
     * @return the result; empty: there is no such client; completed on an event loop, or at once
     */
    static <T> CompletionStage<Optional<T>> find(
            Collection<Session> sessions, String id, BiFunction<Session, ClientStatus, T> action) {
        return SessionVisit.<List<T>>all(sessions, () -> new ArrayList<>(1), (found, session, client) -> {
                    if (client.id().equals(id)) {
                        found.add(action.apply(session, client));
                    }
                    return 1;
                })
                .thenApply(parts -> parts.stream().flatMap(List::stream).findFirst());
    }
}
