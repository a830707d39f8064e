package io.fanfare.cli.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.hook.DefaultShutdownHook;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The log as it is without a file of Logback's own: lines on standard error. In Java, since reading a file of XML takes a
 * tenth of the start; {@code -Dlogback.configurationFile} and files on the class path come first. Logback calls it once, as
 * a service.
 */
@ConfiguratorRank(ConfiguratorRank.FALLBACK + 1)
public final class DefaultLog extends ContextAwareBase implements Configurator {

    private static final int QUEUED_LINES = 8192;

    @Override
    public ExecutionStatus configure(LoggerContext log) {
        AsyncAppender lines = asynchronous(log, standardError(log));
        Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(lines);
        log.getLogger("org.glassfish").setLevel(Level.WARN);
        writeRestAtEnd(log);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext log) {
        TextLines encoder = new TextLines();
        encoder.setContext(log);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(log);
        appender.setName("stderr");
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    /** Event loops write these lines: where standard error takes none, lines are lost, and no client waits. */
    private static AsyncAppender asynchronous(LoggerContext log, ConsoleAppender<ILoggingEvent> behind) {
        AsyncAppender appender = new AsyncAppender();
        appender.setContext(log);
        appender.setName("async");
        appender.setQueueSize(QUEUED_LINES);
        appender.setDiscardingThreshold(0);
        appender.setNeverBlock(true);
        appender.addAppender(behind);
        appender.start();
        return appender;
    }

    private static void writeRestAtEnd(LoggerContext log) {
        DefaultShutdownHook hook = new DefaultShutdownHook();
        hook.setContext(log);
        Runtime.getRuntime().addShutdownHook(new Thread(hook, "log-end"));
    }
}
