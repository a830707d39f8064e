package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script {@code fanfare}, in a folder of its own where it finds the jar as in a checkout. */
class ScriptIT {

    @TempDir
    private Path folder;

    private Path archive;

    @BeforeEach
    void checkout() throws IOException {
        Path target = Files.createDirectories(folder.resolve("broker-cli/target"));
        Files.copy(Path.of("..", "fanfare"), folder.resolve("fanfare"));
        // the archive knows the file, which may have other names
        Files.createSymbolicLink(target.resolve("fanfare.jar"), Fanfare.JAR.toAbsolutePath());
        archive = target.resolve("fanfare.jsa");
    }

    @Test
    void classesComeFromTheArchive() throws Exception {
        Files.createSymbolicLink(archive, Fanfare.ARCHIVE.toAbsolutePath());
        Path loaded = folder.resolve("loaded");

        assertThat(run("-Xlog:class+load:file=" + loaded, "--version")).matches("fanfare \\d+\\.\\d+.*");
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.matches(".* io\\.fanfare\\.cli\\.Main source: shared objects file.*"));
    }

    @Test
    void nothingIsSaidOfAnArchiveThatIsMissingOrIsNone() throws Exception {
        assertThat(run("", "--version")).matches("fanfare \\d+\\.\\d+.*");
        Files.writeString(archive, "something else");
        assertThat(run("", "--version")).matches("fanfare \\d+\\.\\d+.*");
    }

    @Test
    void nothingIsSaidOfAnArchiveForAnotherJar() throws Exception {
        Files.createSymbolicLink(archive, Fanfare.ARCHIVE.toAbsolutePath());
        Path jar = folder.resolve("broker-cli/target/fanfare.jar");
        Files.delete(jar);
        Files.copy(Fanfare.JAR, jar);
        // older than the archive, so that the script takes that
        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));

        assertThat(run("", "--version")).matches("fanfare \\d+\\.\\d+.*");
    }

    @Test
    void aBrokerHasASmallYoungGenerationAndSmallMethodsUnlessItsOperatorWantsOthers() {
        assertThat(flags("-XX:+PrintFlagsFinal", "serve"))
                .containsEntry("MaxNewSize", 16L << 20)
                .containsEntry("FreqInlineSize", 100L)
                .containsEntry("InlineSmallCode", 1_000L)
                .containsEntry("TrimNativeHeapInterval", 5_000L);
        assertThat(flags("-XX:+PrintFlagsFinal -Xmn24m", "serve")).containsEntry("MaxNewSize", 24L << 20);
    }

    @Test
    void shortCommandsAreCompiledForAQuickStart() {
        assertThat(flags("-XX:+PrintFlagsFinal", "pub")).containsEntry("TieredStopAtLevel", 1L);
        assertThat(flags("-XX:+PrintFlagsFinal", "bench")).containsEntry("TieredStopAtLevel", 4L);
    }

    /** The numbers that the JVM prints of its flags. */
    private Map<String, Long> flags(String javaOptions, String command) {
        return run(javaOptions, command, "--help")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[2].equals("=") && words[3].matches("\\d{1,18}"))
                .collect(Collectors.toMap(words -> words[1], words -> Long.valueOf(words[3]), (one, other) -> other));
    }

    /** What the script prints, with these options of the JVM. */
    private String run(String javaOptions, String... arguments) {
        Map<String, String> environment =
                Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS", javaOptions);
        String script = folder.resolve("fanfare").toString();
        List<String> command = new ArrayList<>(List.of(Needs.shell("bash").toString(), script));
        command.addAll(List.of(arguments));
        return Program.output(environment, command);
    }
}
