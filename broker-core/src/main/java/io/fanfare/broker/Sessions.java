package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.session.Session;
import io.fanfare.status.SessionStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The sessions of a broker, from the open connection to its end. Any thread may call. */
final class Sessions {

    private final Set<Session> all = ConcurrentHashMap.newKeySet();

    void add(Session session) {
        all.add(session);
    }

    void remove(Session session) {
        all.remove(session);
        synchronized (all) {
            all.notifyAll();
        }
    }

    int count() {
        return all.size();
    }

    /** Those of this moment. */
    Set<Session> all() {
        return Set.copyOf(all);
    }

    /** Those of this moment whose clients are CONNECTED. */
    List<SessionStatus> seen() {
        return all.stream().map(Session::seen).filter(Objects::nonNull).toList();
    }

    /** Has each do something, soon and on its loop. */
    void execute(Consumer<Session> task) {
        for (Session session : all) {
            session.loop().execute(() -> task.accept(session));
        }
    }

    /** Closes each, soon and on its loop: with an ERROR, behind everything that was on its way to the client. */
    void close(CloseCode code, String reason) {
        execute(session -> session.dismiss(code, reason));
    }

    /** Waits until there is none; false when that takes longer, or the thread is interrupted. */
    boolean awaitNone(Duration atMost) {
        return await(all::isEmpty, atMost);
    }

    /** As {@link #awaitNone}, for these alone. */
    boolean awaitEnd(Set<Session> some, Duration atMost) {
        return await(() -> Collections.disjoint(some, all), atMost);
    }

    private boolean await(BooleanSupplier isOver, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (all) {
            while (!isOver.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(all, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }
}
