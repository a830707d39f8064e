package io.fanfare.cli;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a machine must have for a test. Where it is missing the test is skipped, or fails when {@code CI=true}. */
final class Needs {

    private Needs() {}

    static void chromium() {
        Path program = Path.of("/usr/bin/chromium");
        if (!Files.isExecutable(program)) {
            String line = "no " + program + ": install it (Debian: apt-get install chromium)";
            if ("true".equals(System.getenv("CI"))) {
                fail(line);
            }
            abort(line);
        }
    }
}
