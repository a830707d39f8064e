package io.fanfare.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a machine must have for a client to run. Where it is missing the tests are skipped, or fail when {@code CI=true}. */
final class Needs {

    private Needs() {}

    /** Node and npm. */
    static void node() {
        onPath("node", "nodejs");
        onPath("npm", "npm");
    }

    /** The system's Python with stomp.py. */
    static void stompPy() {
        file(Path.of("/usr/bin/python3"), "python3-stomp");
        file(Path.of("/usr/lib/python3/dist-packages/stomp/connect.py"), "python3-stomp");
    }

    static void chromium() {
        file(Path.of("/usr/bin/chromium"), "chromium");
    }

    private static void onPath(String program, String debianPackage) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        if (!found) {
            unmet("no " + program + " on the PATH: install it (Debian: apt-get install " + debianPackage + ")");
        }
    }

    private static void file(Path path, String debianPackage) {
        if (!Files.exists(path)) {
            unmet("no " + path + ": install it (Debian: apt-get install " + debianPackage + ")");
        }
    }

    /** Ends the test: skipped, with this line as the reason, or failed where everything must be there. */
    static void unmet(String line) {
        if ("true".equals(System.getenv("CI"))) {
            fail(line);
        }
        abort(line);
    }
}
