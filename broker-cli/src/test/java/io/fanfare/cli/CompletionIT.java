package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import io.fanfare.testing.RunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads the scripts of completion into the shells that they are for. */
class CompletionIT {

    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path bash = Needs.shell("bash");
        Path script;
        try (Fanfare completion = Fanfare.run("completion", "bash")) {
            script = script("bash", completion);
        }
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
        try (InProcess completion = InProcess.run("completion", "csh")) {
            assertThat(completion.exitCode()).isEqualTo(2);
            assertThat(completion.err().get(0))
                    .startsWith("fanfare: invalid value")
                    .contains("bash, zsh, fish");
        }
    }

    private Path script(String shell) throws IOException {
        try (InProcess completion = InProcess.run("completion", shell)) {
            return script(shell, completion);
        }
    }

    private Path script(String shell, RunningCommand completion) throws IOException {
        completion.succeeds();
        return Files.write(folder.resolve("completion." + shell), completion.out());
    }

    /** What a program prints, without the line end. */
    private String run(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return Program.output(Map.of("HOME", folder.toString()), command);
    }
}
