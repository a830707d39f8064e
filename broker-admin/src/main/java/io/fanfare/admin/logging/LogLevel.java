package io.fanfare.admin.logging;

/** Amount that a logger writes: lines of this level and of those before it. */
public enum LogLevel {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
