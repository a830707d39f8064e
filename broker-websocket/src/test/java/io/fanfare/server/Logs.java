package io.fanfare.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/**
 * What is logged: whatever says so, and apart from it what nobody should see, errors, and warnings with an exception; ours,
 * and Grizzly's and Tyrus'.
 */
final class Logs implements AutoCloseable {

    private final List<String> bad = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger julRoot = java.util.logging.Logger.getLogger("");

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            boolean thrown = event.getThrowableProxy() != null;
            lines.add(event.getFormattedMessage());
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                    || (thrown && event.getLevel().isGreaterOrEqual(Level.WARN))) {
                bad.add(event.getFormattedMessage()
                        + (thrown ? ThrowableProxyUtil.asString(event.getThrowableProxy()) : ""));
            }
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                bad.add(entry.getLoggerName() + " " + entry.getMessage() + " " + entry.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Logs() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        julRoot.addHandler(handler);
    }

    /** Every line so far of the loggers that are not silent. */
    List<String> lines() {
        return lines;
    }

    /** What has come since the last call. */
    List<String> takeBad() {
        List<String> taken = List.copyOf(bad);
        bad.clear();
        return taken;
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        julRoot.removeHandler(handler);
    }
}
