package io.fanfare.cli.config;

/** How the process logs. Not thread-safe. */
final class Logging {

    LogFormat format = LogFormat.TEXT;

    LogFormat format() {
        return format;
    }

    void format(LogFormat value) {
        format = value;
    }
}
