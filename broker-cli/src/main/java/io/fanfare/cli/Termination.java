package io.fanfare.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGTERM, Ctrl-C and a lost terminal do to a process that serves: the first one ends it in order, the second one at
 * once. A shutdown hook would be told of the first alone. The exit code is 0 for both: the process was asked to end.
 *
 * <p>{@code sun.misc.Signal} is the one way to hear of a second signal, and javac lets nobody name it without a warning.
 */
final class Termination implements InvocationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

    private final Runnable inOrder;
    private final AtomicBoolean asked = new AtomicBoolean();

    private Termination(Runnable inOrder) {
        this.inOrder = inOrder;
    }

    /**
     * From now on ends the process in this order.
     *
     * @param inOrder what has to be done before the end
     */
    static void by(Runnable inOrder) {
        Termination termination = new Termination(inOrder);
        for (String name : SIGNALS) {
            try {
                termination.handles(name);
            } catch (ReflectiveOperationException e) {
                // Windows has no HUP, and java -Xrs leaves all of them to the system
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

    /** Called on a thread of its own for each signal. */
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws ReflectiveOperationException {
        if (!method.getName().equals("handle")) {
            return method.invoke(this, arguments);
        }
        if (asked.getAndSet(true)) {
            Runtime.getRuntime().halt(0);
        }
        try {
            inOrder.run();
            Runtime.getRuntime().halt(0);
        } catch (RuntimeException | Error e) {
            LOG.error("bug while shutting down", e);
            Runtime.getRuntime().halt(1);
        }
        return null;
    }
}
