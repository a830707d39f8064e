package io.fanfare.admin.logging;

import java.util.Map;
import java.util.Optional;

/**
 * The levels of a process's loggers, as its logging library has them. A logger's name is a class or a package,
 * {@code io.fanfare.connections} or {@code ROOT}. A level counts for its logger and for those below it, with a dot and
 * more behind the name, that have none of their own. Any thread calls.
 */
public interface LogLevels {

    /** The loggers that have a level of their own. */
    Map<String, LogLevel> all();

    /** The level that counts for a logger, its own or one that it has from another. */
    LogLevel effective(String name);

    /**
     * Changes a logger's own level.
     *
     * @param level empty: it has none of its own any more; not for {@code ROOT}
     */
    void set(String name, Optional<LogLevel> level);
}
