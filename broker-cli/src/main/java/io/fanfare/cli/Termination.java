package io.fanfare.cli;

import io.fanfare.cli.logging.ProcessLog;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGTERM, SIGINT and SIGHUP: the first signal shuts the process down in order, the second one ends it at once.
 * A shutdown hook would not notice the second one. The exit code is 0 for both, as the end was requested.
 *
 * <p>{@code sun.misc.Signal} is the only API for a second signal. It is called by reflection, because javac warns about
 * every mention of its name.
 */
final class Termination implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

    private final Runnable shutdown;
    private final AtomicBoolean requested = new AtomicBoolean();

    private Termination(Runnable shutdown) {
        this.shutdown = shutdown;
    }

    /**
     * Handles the signals from now on.
     *
     * @param shutdown runs before the process ends
     */
    static void by(Runnable shutdown) {
        Termination termination = new Termination(shutdown);
        for (String name : SIGNALS) {
            try {
                termination.handles(name);
            } catch (ReflectiveOperationException e) {
                // Windows has no HUP, and with java -Xrs none can be handled
                LOG.debug("no handler for SIG{}", name, e);
            }
        }
    }

    private void handles(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, this);
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }

    /** Handles one signal; called on a thread of its own for each. */
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws ReflectiveOperationException {
        if (!method.getName().equals("handle")) {
            return method.invoke(this, arguments);
        }
        if (requested.getAndSet(true)) {
            Runtime.getRuntime().halt(0);
        }
        try {
            shutdown.run();
            end(0);
        } catch (RuntimeException | Error e) {
            try {
                LOG.error("bug while shutting down", e);
            } finally {
                // where the jar was replaced meanwhile, no class can be loaded any more
                end(1);
            }
        }
        return null;
    }

    private static void end(int exitCode) {
        try {
            new ProcessLog().close();
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
