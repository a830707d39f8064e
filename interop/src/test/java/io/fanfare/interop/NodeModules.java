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

/** A folder of scripts, copied into {@code target} and with its npm packages installed there once. */
final class NodeModules {

    /** Drivers of other people's clients. */
    static final NodeModules CLIENTS = new NodeModules(Path.of("src/test/js"), Path.of("target/js"));

    /** This repository's own module for pages, with its tests. */
    static final NodeModules LIVE = new NodeModules(Path.of("../clients/js"), Path.of("target/live"));

    private static final String LOCK = "package-lock.json";
    private static final long DEADLINE_MINUTES = 3;

    private final Path source;
    private final Path target;

    /** A copy of the lock file that the installed packages belong to. */
    private final Path installed;

    private NodeModules(Path source, Path target) {
        this.source = source;
        this.target = target;
        this.installed = target.resolve("installed.json");
    }

    /** The directory to run scripts in. */
    synchronized Path directory() {
        try {
            copy();
            if (!isInstalled()) {
                install();
                Files.copy(source.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files of the folder and of those in it, but no packages that have been installed there. */
    private void copy() throws IOException {
        try (Stream<Path> files = Files.walk(source, 2)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = source.relativize(file);
                if (!name.startsWith("node_modules")) {
                    Files.createDirectories(target.resolve(name).getParent());
                    Files.copy(file, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private boolean isInstalled() throws IOException {
        return Files.exists(installed) && Files.mismatch(installed, source.resolve(LOCK)) < 0;
    }

    /** From npm's cache where that has them; the lock file holds their hashes. */
    private void install() throws IOException {
        Path log = target.resolve("npm.log");
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"))
                .directory(target.toFile())
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
