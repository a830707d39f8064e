package io.fanfare.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** The limit on the files that this process may have open, of which each connection is one. */
final class OpenFiles {

    /** What a broker without clients has open: its jar, selectors, listeners and log. */
    private static final int OWN = 100;

    private OpenFiles() {}

    /** What stands in the way of so many connections, as a sentence; empty: nothing, or the system has no such limit. */
    static Optional<String> tooFewFor(int connections) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? sentence(system.getMaxFileDescriptorCount(), connections)
                : Optional.empty();
    }

    static Optional<String> sentence(long files, int connections) {
        if (files - OWN >= connections) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                "limits.max_connections is %,d, but this process may have %,d files open: clients beyond that wait until others"
                        + " leave; raise the limit (ulimit -n, LimitNOFILE= of the unit, --ulimit nofile= of a container)",
                connections, files));
    }
}
