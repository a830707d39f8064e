package io.fanfare.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of one broker. Any thread may call. */
public final class BrokerListeners {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerListeners.class);

    /** Each registration is an object of its own: one listener may be added twice. */
    private static final class Registration {
        private final BrokerListener listener;

        Registration(BrokerListener listener) {
            this.listener = listener;
        }
    }

    private final List<Registration> all = new CopyOnWriteArrayList<>();

    /** Adds a listener, until the result is run. */
    public Runnable add(BrokerListener listener) {
        Registration registration = new Registration(listener);
        all.add(registration);
        return () -> all.remove(registration);
    }

    /** Whether there is any: where it is false, no event need be made. */
    public boolean any() {
        return !all.isEmpty();
    }

    /** Calls each of them. */
    public void tell(Consumer<BrokerListener> event) {
        for (Registration each : all) {
            try {
                event.accept(each.listener);
            } catch (RuntimeException | Error e) {
                // an assertion that fails in a test's listener, too: the loop goes on
                LOG.error("bug in the listener {}", each.listener.getClass().getName(), e);
            }
        }
    }
}
