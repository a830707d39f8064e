package io.fanfare.server.internal.net;

import io.fanfare.loop.BrokerClock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.nio.DefaultSelectorHandler;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of a transport, one on each of its selector threads: before the thread selects, its loop takes a turn.
 *
 * <p>No exception may escape into Grizzly's SelectorRunner: it would close the connection that it handled last, which may
 * be the listening socket.
 */
public final class EventLoops extends DefaultSelectorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BrokerClock clock;
    private final Map<SelectorRunner, SelectorLoop> loops = new ConcurrentHashMap<>();

    /** Open once a loop's thread has started. */
    private final CountDownLatch begun = new CountDownLatch(1);

    private final AtomicInteger turns = new AtomicInteger();

    /**
     * None yet.
     *
     * @param clock that they go by
     */
    public EventLoops(BrokerClock clock) {
        this.clock = clock;
    }

    /** The loop that owns this connection; called on that loop's thread. */
    public SelectorLoop of(NIOConnection connection) {
        return of(connection.getSelectorRunner());
    }

    /** All loops whose threads have started. */
    public Collection<SelectorLoop> all() {
        return Collections.unmodifiableCollection(loops.values());
    }

    /**
     * Each of the loops in turn, for a session that comes by no socket.
     *
     * @throws IllegalStateException when one of the loops' threads calls this, which is to wait for a loop, or none has started
     */
    public SelectorLoop next() {
        List<SelectorLoop> all;
        try {
            if (!begun.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("no event loop has started within " + TIMEOUT);
            }
            all = List.copyOf(loops.values());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an event loop", e);
        }
        if (all.stream().anyMatch(SelectorLoop::isCurrent)) {
            throw new IllegalStateException("an event loop can't wait for itself or another");
        }
        return all.get(Math.floorMod(turns.getAndIncrement(), all.size()));
    }

    private SelectorLoop of(SelectorRunner runner) {
        SelectorLoop loop = loops.get(runner);
        return loop != null ? loop : begun(runner);
    }

    private SelectorLoop begun(SelectorRunner runner) {
        SelectorLoop loop = loops.computeIfAbsent(runner, this::start);
        begun.countDown();
        return loop;
    }

    private SelectorLoop start(SelectorRunner runner) {
        SelectorLoop loop = new SelectorLoop(runner, clock);
        clock.started(loop);
        return loop;
    }

    @Override
    public boolean preSelect(SelectorRunner runner) throws IOException {
        boolean selects = super.preSelect(runner);
        try {
            of(runner).turn();
        } catch (Throwable e) {
            LOG.error("bug in the event loop", e);
        }
        return selects;
    }

    /** Selects without Grizzly's spin detection, which takes frequent wake-ups for a broken selector. */
    @Override
    public Set<SelectionKey> select(SelectorRunner runner) throws IOException {
        Selector selector = runner.getSelector();
        SelectorLoop loop = of(runner);
        long millis = loop.beforeSelect();
        if (millis == 0 || !runner.getPostponedTasks().isEmpty()) {
            selector.selectNow();
        } else {
            selector.select(millis);
        }
        loop.afterSelect();
        return selector.selectedKeys();
    }
}
