package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.testing.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The npm packages of {@code src/test/js}, installed once into {@code target/js} beside copies of its scripts. */
final class NodeModules {

    private static final Path SOURCE = Path.of("src/test/js");
    private static final Path TARGET = Path.of("target/js");

    /** A copy of the lock file that the installed packages belong to. */
    private static final Path INSTALLED = TARGET.resolve("installed.json");

    private static final String LOCK = "package-lock.json";
    private static final long DEADLINE_MINUTES = 3;

    private NodeModules() {}

    /** The directory to run scripts in. */
    static synchronized Path directory() {
        try {
            Files.createDirectories(TARGET);
            try (Stream<Path> files = Files.list(SOURCE)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, TARGET.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (!isInstalled()) {
                install();
                Files.copy(SOURCE.resolve(LOCK), INSTALLED, StandardCopyOption.REPLACE_EXISTING);
            }
            return TARGET;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInstalled() throws IOException {
        return Files.exists(INSTALLED) && Files.mismatch(INSTALLED, SOURCE.resolve(LOCK)) < 0;
    }

    /** From npm's cache where that has them; the lock file holds their hashes. */
    private static void install() throws IOException {
        Path log = TARGET.resolve("npm.log");
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"))
                .directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process npm = Launch.inTurn(builder::start);
        try {
            if (!npm.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
                npm.destroyForcibly();
                Needs.unmet("npm ci did not end within " + DEADLINE_MINUTES + " min");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (npm.exitValue() != 0) {
            Needs.unmet("npm ci failed, is there a way to the npm registry? " + Files.readString(log, UTF_8));
        }
    }
}
