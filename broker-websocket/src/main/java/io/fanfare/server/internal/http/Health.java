package io.fanfare.server.internal.http;

import io.fanfare.broker.Broker;
import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The health of a server, as supervisors (liveness) and load balancers (readiness) ask for it. Any thread may ask. */
public final class Health {

    private final Broker broker;
    private final Supplier<? extends Collection<? extends EventLoop>> loops;
    private final BooleanSupplier accepting;
    private final Duration loopTimeout;
    private final Map<EventLoop, LoopProbe> probes = new ConcurrentHashMap<>();

    /**
     * The health of one server.
     *
     * @param loops the loops that exist at the time of the call
     * @param accepting whether all ports accept connections
     * @param loopTimeout how long a loop may be busy and still counts as live
     */
    public Health(
            Broker broker,
            Supplier<? extends Collection<? extends EventLoop>> loops,
            BooleanSupplier accepting,
            Duration loopTimeout) {
        this.broker = broker;
        this.loops = loops;
        this.accepting = accepting;
        this.loopTimeout = loopTimeout;
    }

    /** Why the process should be restarted; empty: it is live. Waits for a loop that is busy. */
    Optional<String> livenessFailure() {
        Collection<? extends EventLoop> all = loops.get();
        all.forEach(loop -> probe(loop).send());
        return all.stream()
                .filter(loop -> !probe(loop).isAnsweredWithin(loopTimeout))
                .map(loop -> loop + " has not turned for " + loopTimeout.toMillis() + " ms")
                .findFirst();
    }

    private LoopProbe probe(EventLoop loop) {
        return probes.computeIfAbsent(loop, LoopProbe::new);
    }

    /** Why no client should be sent here right now; empty: the server is ready. */
    Optional<String> readinessFailure() {
        if (broker.isDraining()) {
            return Optional.of("draining: the server is about to stop");
        }
        if (!accepting.getAsBoolean()) {
            return Optional.of("not listening: a port does not accept");
        }
        if (broker.isMemoryFull()) {
            return Optional.of("memory alarm: the broker holds as much as it may (max_memory_bytes)");
        }
        return broker.inspection().isolation();
    }
}
