package io.fanfare.cli.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.fanfare.admin.logging.LogLevel;
import io.fanfare.admin.logging.LogLevels;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The log of this process, as {@code logback.xml} has it. Any thread may call. */
public final class ProcessLog implements LogLevels {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    /** From now on each line is a JSON object. */
    public void writeJson() {
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        encoder.start();
        encode(context.getLogger(Logger.ROOT_LOGGER_NAME), encoder);
    }

    /** An asynchronous appender has others behind it. */
    private static void encode(AppenderAttachable<ILoggingEvent> appenders, JsonLines encoder) {
        appenders.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                stream.setEncoder(encoder);
            } else if (appender instanceof AsyncAppender async) {
                encode(async, encoder);
            }
        });
    }

    /** Writes what waits, for a second at most; nothing is logged any more. */
    public void close() {
        context.stop();
    }

    @Override
    public Map<String, LogLevel> all() {
        Map<String, LogLevel> all = new TreeMap<>();
        for (Logger logger : context.getLoggerList()) {
            if (logger.getLevel() != null) {
                all.put(logger.getName(), of(logger.getLevel()));
            }
        }
        return all;
    }

    @Override
    public LogLevel effective(String name) {
        // a logger that has been asked for would be kept for good
        String known = name;
        while (context.exists(known) == null) {
            int dot = known.lastIndexOf('.');
            known = dot < 0 ? Logger.ROOT_LOGGER_NAME : known.substring(0, dot);
        }
        return of(context.getLogger(known).getEffectiveLevel());
    }

    @Override
    public void set(String name, Optional<LogLevel> level) {
        context.getLogger(name)
                .setLevel(level.map(each -> Level.toLevel(each.name())).orElse(null));
    }

    private static LogLevel of(Level level) {
        return level.toInt() < Level.TRACE_INT ? LogLevel.TRACE : LogLevel.valueOf(level.toString());
    }
}
