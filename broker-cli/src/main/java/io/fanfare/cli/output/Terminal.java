package io.fanfare.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A standard stream of this process, and whether a terminal is at its other end. */
public enum Terminal {
    IN(0),
    OUT(1),
    ERR(2);

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final int descriptor;

    Terminal(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether this stream is a terminal; where the system does not tell of one alone, whether input and output are. */
    public boolean isTerminal() {
        if (Files.isDirectory(DESCRIPTORS)) {
            try {
                Path target = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)));
                return target.startsWith("/dev/pts") || target.toString().matches("/dev/(tty.*|console|hvc\\d+)");
            } catch (IOException e) {
                // closed
                return false;
            }
        }
        // newer JDKs otherwise have a console without a terminal, too
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    /** Whether this stream gets colours: a terminal that knows them, whose user has not set NO_COLOR (no-color.org). */
    public boolean hasColours() {
        String refused = System.getenv("NO_COLOR");
        return isTerminal() && (refused == null || refused.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }
}
