package io.fanfare.auth;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Options of {@link UsersFile}.
 *
 * @param file the users, a line each
 * @param threads passcodes that are checked at a time; a check takes some hundredths of a second of a processor
 * @param maxWaiting checks that may wait for a thread; clients that come when there are more are told to try again later
 * @param cacheTime how long a right passcode is remembered, so that it counts without a check; 0 or more. A new hash in the
 *     file ends that
 * @param maxCached right passcodes that are remembered; at the limit the least used are forgotten
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

    /** The defaults: a thread for each processor, 2,000 waiting checks, 10,000 passcodes remembered for an hour. */
    public static UsersOptions of(Path file) {
        return new UsersOptions(file, Runtime.getRuntime().availableProcessors(), 2_000, Duration.ofHours(1), 10_000);
    }
}
