package io.fanfare.examples;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a test needs of the machine it runs on. Where that is missing the test is skipped with a line that says what to
 * install; where {@code CI} is {@code true} it fails, so that nothing is skipped there unseen.
 */
public final class Needs {

    private Needs() {}

    /** The system's Chromium, under one of the names it goes by. */
    public static Path chromium() {
        return program("chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    }

    private static Path program(String debianPackage, String... names) {
        return Arrays.stream(names)
                .flatMap(name -> find(name).stream())
                .findFirst()
                .orElseGet(() -> missing(debianPackage));
    }

    private static Optional<Path> find(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path missing(String debianPackage) {
        String what = "needs " + debianPackage + " (Debian: apt-get install " + debianPackage + ")";
        if ("true".equals(System.getenv("CI"))) {
            return fail(what);
        }
        return abort(what);
    }
}
