package io.fanfare.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare completion}: prints a script by which a shell completes commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script by which a shell completes fanfare's commands and options.",
            "bash and zsh: source <(fanfare completion bash), in ~/.bashrc or, with zsh for bash, in ~/.zshrc.",
            "fish: fanfare completion fish > ~/.config/fish/completions/fanfare.fish"
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {

    private enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.BASH;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine fanfare = new CommandLine(spec.root());
        PrintWriter out = spec.commandLine().getOut();
        // picocli's script for bash loads bashcompinit in zsh
        out.print(
                shell == Shell.FISH
                        ? FishCompletion.of(fanfare.getCommandSpec())
                        : AutoComplete.bash(fanfare.getCommandName(), fanfare));
        out.flush();
        return 0;
    }
}
