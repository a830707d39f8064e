package io.fanfare.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs callbacks whose failures have nowhere to go but the log. */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(StompClient.class);

    private Callbacks() {}

    static void run(Runnable callback, String name) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{} threw", name, e);
        }
    }

    /** The default {@code onError}. */
    static void log(StompException failure) {
        LOG.warn("{}", failure.getMessage(), failure.getCause());
    }
}
