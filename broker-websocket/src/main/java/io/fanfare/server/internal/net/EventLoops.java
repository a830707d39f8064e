package io.fanfare.server.internal.net;

import io.fanfare.loop.BrokerClock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    private final BrokerClock clock;
    private final Map<SelectorRunner, SelectorLoop> loops = new ConcurrentHashMap<>();

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

    private SelectorLoop of(SelectorRunner runner) {
        SelectorLoop loop = loops.get(runner);
        return loop != null ? loop : loops.computeIfAbsent(runner, this::start);
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
