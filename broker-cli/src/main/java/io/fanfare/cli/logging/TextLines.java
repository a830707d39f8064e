package io.fanfare.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Encodes an event of the log as a line of text: local time, level, logger without its package, message; behind it the trace
 * of an exception. A message is one line, whatever clients put into it. In Java: Logback's patterns take a tenth of the start.
 */
final class TextLines extends LineEncoder {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    /** A second's text: of a storm of connections, many lines are of the same second. */
    private record Second(long epochSecond, String text) {

        static Second of(Instant instant) {
            return new Second(instant.getEpochSecond(), TIME.format(instant));
        }
    }

    private volatile Second second = Second.of(Instant.EPOCH);

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        appendTime(event.getInstant(), line);
        String level = event.getLevel().toString();
        // names of levels have at most five letters
        line.append(' ').append(level).append(" ".repeat(6 - level.length()));
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(' ');
        appendEscaped(event.getFormattedMessage(), line);
        line.append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append(System.lineSeparator());
        }
        return line.toString().getBytes(UTF_8);
    }

    private void appendTime(Instant instant, StringBuilder line) {
        Second its = second;
        if (its.epochSecond != instant.getEpochSecond()) {
            its = Second.of(instant);
            second = its;
        }
        int millis = instant.getNano() / 1_000_000;
        line.append(its.text)
                .append('.')
                .append(millis / 100)
                .append(millis / 10 % 10)
                .append(millis % 10);
    }

    private static void appendEscaped(String message, StringBuilder line) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '\r' || c == '\n') {
                line.append("\\n");
            } else {
                line.append(c);
            }
        }
    }
}
