package io.fanfare.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The limit on the files that this process may have open, of which each connection is one. */
final class OpenFiles {

    /** What Linux tells of this process, proc(5). A management bean would know more systems, and delay each start. */
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private static final String NAME = "Max open files ";

    /** What a broker without clients has open: its jar, selectors, listeners and log. */
    private static final int OWN = 100;

    private OpenFiles() {}

    /** What stands in the way of so many connections, as a sentence; empty: nothing, or the system does not tell. */
    static Optional<String> tooFewFor(int connections) {
        try {
            return sentence(Files.readAllLines(LIMITS), connections);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<String> sentence(List<String> limits, int connections) {
        return limits.stream()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()).strip().split(" ", 2)[0])
                // or "unlimited"
                .filter(files -> files.matches("\\d{1,9}") && Integer.parseInt(files) - OWN < connections)
                .map(files -> "limits.max_connections is " + connections + ", but this process may have " + files
                        + " files open: clients beyond that wait until others leave; raise the limit (ulimit -n,"
                        + " LimitNOFILE= of the unit, --ulimit nofile= of a container)")
                .findFirst();
    }
}
