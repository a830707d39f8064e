package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads the scripts of completion into the shells that they are for. */
class CompletionIT {

    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path bash = Needs.shell("bash");
        Path script = script("bash");
        String complete = "source " + script
                + "; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_fanfare 2>/dev/null; echo ${COMPREPLY[@]}";

        assertThat(run(bash, "-c", complete.formatted("fanfare ser", 1))).isEqualTo("serve");
        assertThat(run(bash, "-c", complete.formatted("fanfare token ma", 2))).isEqualTo("make");
        assertThat(run(bash, "-c", complete.formatted("fanfare pub --rec", 2))).isEqualTo("--receipt");
    }

    @Test
    void zshLoadsItsScript() throws Exception {
        Path zsh = Needs.shell("zsh");
        Path script = script("zsh");

        assertThat(run(
                        zsh,
                        "-fc",
                        "autoload -U compinit; compinit -u -d " + folder.resolve("dump") + "; source " + script
                                + "; print $_comps[fanfare]"))
                .contains("_complete_fanfare");
    }

    @Test
    void fishCompletesCommandsOptionsAndValues() throws Exception {
        Path fish = Needs.shell("fish");
        Path script = script("fish");
        String complete = "source " + script + "; complete -C '%s'";

        assertThat(run(fish, "-N", "-c", complete.formatted("fanfare ser"))).isEqualTo("serve\tRuns a broker.");
        assertThat(run(fish, "-N", "-c", complete.formatted("fanfare token ma")))
                .startsWith("make\t");
        assertThat(run(fish, "-N", "-c", complete.formatted("fanfare token --ki")))
                .isEmpty();
        assertThat(run(fish, "-N", "-c", complete.formatted("fanfare token make --ki")))
                .startsWith("--kid\t");
        assertThat(run(fish, "-N", "-c", complete.formatted("fanfare sub --ack client-")))
                .startsWith("client-individual");
        assertThat(run(fish, "-N", "-c", complete.formatted("fanfare completion z")))
                .startsWith("zsh");
    }

    @Test
    void otherShellsAreRefused() {
        try (Fanfare completion = Fanfare.run("completion", "csh")) {
            assertThat(completion.exitCode()).isEqualTo(2);
            assertThat(completion.err().get(0))
                    .startsWith("fanfare: invalid value")
                    .containsIgnoringCase("bash, zsh, fish");
        }
    }

    private Path script(String shell) throws IOException {
        try (Fanfare completion = Fanfare.run("completion", shell)) {
            assertThat(completion.exitCode()).as("%s", completion).isZero();
            return Files.write(folder.resolve("completion." + shell), completion.out());
        }
    }

    /** What a program prints to both outputs, without the line end; it must succeed. */
    private String run(Path program, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOME", folder.toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("%s has ended", command)
                .isTrue();
        String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }
}
