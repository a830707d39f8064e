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

/** What load balancers and supervisors want to know of a server. Any thread may ask. */
public final class Health {

    private final Broker broker;
    private final Supplier<? extends Collection<? extends EventLoop>> loops;
    private final BooleanSupplier accepting;
    private final Duration patience;
    private final Map<EventLoop, Pulse> pulses = new ConcurrentHashMap<>();

    /**
     * The health of one server.
     *
     * @param loops the loops that there are when they are asked for
     * @param accepting whether all ports accept
     * @param patience how long a loop may be busy and is still taken for alive
     */
    public Health(
            Broker broker,
            Supplier<? extends Collection<? extends EventLoop>> loops,
            BooleanSupplier accepting,
            Duration patience) {
        this.broker = broker;
        this.loops = loops;
        this.accepting = accepting;
        this.patience = patience;
    }

    /** Why the process had better be replaced; empty: it lives. Waits for a loop that is busy. */
    Optional<String> reasonToReplace() {
        Collection<? extends EventLoop> all = loops.get();
        all.forEach(loop -> pulse(loop).send());
        return all.stream()
                .filter(loop -> !pulse(loop).comesBackWithin(patience))
                .map(loop -> loop + " has not turned for " + patience.toMillis() + " ms")
                .findFirst();
    }

    private Pulse pulse(EventLoop loop) {
        return pulses.computeIfAbsent(loop, Pulse::new);
    }

    /** Why no client should be sent here right now; empty: they may come. */
    Optional<String> reasonToAvoid() {
        if (broker.isDraining()) {
            return Optional.of("draining: the server is about to stop");
        }
        if (!accepting.getAsBoolean()) {
            return Optional.of("not listening: a port does not accept");
        }
        if (broker.isMemoryFull()) {
            return Optional.of("memory alarm: the broker holds as much as it may (max_memory_bytes)");
        }
        return Optional.empty();
    }
}
