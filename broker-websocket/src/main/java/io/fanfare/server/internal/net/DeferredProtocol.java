package io.fanfare.server.internal.net;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.glassfish.grizzly.Processor;

/**
 * A listener's protocol that is made behind the start of its server, on a thread that ends with that; the loop of the first
 * connection waits for it, or makes it. What it needs is more than half of the classes of a JVM's first start.
 */
public final class DeferredProtocol implements Supplier<Processor<?>> {

    private final FutureTask<Processor<?>> made;
    private final ServerThreads threads;

    /**
     * A protocol that nothing has asked for yet.
     *
     * @param threads creates the thread, and knows when it has ended
     */
    public DeferredProtocol(ServerThreads threads, Supplier<Processor<?>> maker) {
        this.threads = threads;
        this.made = new FutureTask<>(maker::get);
    }

    /** Has it made soon. */
    public void begin() {
        threads.newThread(made).start();
    }

    /**
     * Makes it, unless that has been done.
     *
     * @throws IllegalArgumentException as the maker does
     */
    @Override
    public Processor<?> get() {
        made.run();
        try {
            return made.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException bad ? bad : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while its protocol was made", e);
        }
    }
}
