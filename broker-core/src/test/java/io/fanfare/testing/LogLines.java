package io.fanfare.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What loggers say from {@code INFO} on, and nobody else hears, until this is closed. */
public final class LogLines implements AutoCloseable {

    private final List<Logger> loggers;
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    /** Those of loggers of these names: a class has its full name. */
    public LogLines(String... names) {
        loggers = Stream.of(names)
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList();
        lines.start();
        loggers.forEach(logger -> {
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(lines);
        });
    }

    /** All so far, in their order. */
    public List<String> all() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The same, with their levels and exceptions. */
    public List<ILoggingEvent> events() {
        return List.copyOf(lines.list);
    }

    @Override
    public void close() {
        loggers.forEach(logger -> {
            logger.detachAppender(lines);
            logger.setLevel(null);
            logger.setAdditive(true);
        });
    }
}
