package io.fanfare.auth;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How {@link UsersFile} checks passcodes.
 *
 * @param file the users, a line each
 * @param threads passcodes that are checked at a time; a check takes some hundredths of a second of a processor
 * @param maxWaiting checks that may wait for a thread; who comes when there are more is told to try again later
 * @param cacheTime how long somebody who was let in is let in again without a check, as long as the file says the same
 * @param maxCached how many of those are remembered
 */
public record UsersOptions(Path file, int threads, int maxWaiting, Duration cacheTime, int maxCached) {

    public UsersOptions {
        if (threads < 1 || maxWaiting < 1 || maxCached < 1) {
            throw new IllegalArgumentException("threads, maxWaiting and maxCached must be 1 or more");
        }
        if (cacheTime.isNegative()) {
            throw new IllegalArgumentException("cacheTime must be 0 or more");
        }
    }

    /** A file, and the defaults: a thread for each processor, 2,000 waiting, 10,000 remembered for an hour. */
    public static UsersOptions of(Path file) {
        return new UsersOptions(file, Runtime.getRuntime().availableProcessors(), 2_000, Duration.ofHours(1), 10_000);
    }
}
