package io.fanfare.server;

import io.fanfare.server.internal.net.AcceptStrategy;
import io.fanfare.server.internal.net.EventLoops;
import io.fanfare.server.internal.net.ServerThreads;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;

/**
 * Grizzly's transport of one server, with its event loops. It is made on a thread of its own while the caller makes the broker:
 * to load the classes of each takes as long as the other, the first time in a JVM.
 */
final class ServerTransport {

    private static final AtomicInteger SERVERS = new AtomicInteger();

    /** What is made meanwhile. */
    private record Made(EventLoops loops, TCPNIOTransport grizzly) {}

    private final ServerOptions options;
    private final String name = "fanfare-" + SERVERS.incrementAndGet();
    private final ServerThreads loopThreads = new ServerThreads(name + "-loop-");
    private final ServerThreads startThreads = new ServerThreads(name + "-start-");
    private final ExecutorService loopExecutor;
    private final FutureTask<Made> made;

    /** Begins to make it. */
    ServerTransport(ServerOptions options) {
        this.options = options;
        this.loopExecutor = Executors.newFixedThreadPool(options.listen().loops(), loopThreads);
        this.made = new FutureTask<>(this::make);
        startThreads.newThread(made).start();
    }

    private Made make() {
        EventLoops loops = new EventLoops(options.broker().clock());
        TCPNIOTransport grizzly = TCPNIOTransportBuilder.newInstance()
                .setIOStrategy(new AcceptStrategy(loops))
                .setSelectorRunnersCount(options.listen().loops())
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setKeepAlive(true)
                .build();
        grizzly.setKernelThreadPool(loopExecutor);
        grizzly.setWorkerThreadPoolConfig(null);
        grizzly.setSelectorHandler(loops);
        return new Made(loops, grizzly);
    }

    ServerOptions options() {
        return options;
    }

    /** The server's name, which the names of its threads begin with. */
    String name() {
        return name;
    }

    /** Threads that end when something has been made for the start. */
    ServerThreads startThreads() {
        return startThreads;
    }

    /** The loops; those whose threads have started are in it. */
    EventLoops loops() {
        return made().loops();
    }

    TCPNIOTransport grizzly() {
        return made().grizzly();
    }

    private Made made() {
        try {
            return made.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException bad ? bad : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** Has the loops' threads end, when the transport has been shut down. */
    void endLoops() {
        loopExecutor.shutdownNow();
    }

    /** Waits for the end of all threads. */
    void awaitEnd() {
        loopThreads.awaitEnd();
        startThreads.awaitEnd();
    }
}
