package io.fanfare.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for fish, from the model of the commands. */
final class FishCompletion {

    /** Two tests of the words before the cursor: in a command, and directly behind it. */
    private static final String FUNCTIONS = """
            function __fanfare_in
                set -l words (commandline -opc | string match -v -- '-*')
                set -l wanted (string split ' ' -- $argv[1])
                set -l last (count $wanted)
                test "$words[1..$last]" = "$argv[1]"
            end
            function __fanfare_at
                set -l words (commandline -opc | string match -v -- '-*')
                test "$words" = "$argv[1]"
            end
            """;

    private final StringBuilder out = new StringBuilder();

    private FishCompletion() {}

    static String of(CommandSpec root) {
        FishCompletion completion = new FishCompletion();
        completion.out.append("# fish completion of ").append(root.name()).append("\n");
        completion.out.append(FUNCTIONS);
        completion.out.append("complete -c ").append(root.name()).append(" -f\n");
        completion.command(root, root.name(), root.name());
        return completion.out.toString();
    }

    private void command(CommandSpec command, String path, String program) {
        for (Map.Entry<String, CommandLine> each : command.subcommands().entrySet()) {
            CommandSpec sub = each.getValue().getCommandSpec();
            String description = String.join(" ", sub.usageMessage().description());
            line(program, "__fanfare_at " + quoted(path), "-a " + each.getKey(), description);
            command(sub, path + " " + each.getKey(), program);
        }
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                line(
                        program,
                        "__fanfare_in " + quoted(path),
                        arguments(option),
                        String.join(" ", option.description()));
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (parameter.completionCandidates() != null) {
                String words = String.join(" ", parameter.completionCandidates());
                line(program, "__fanfare_at " + quoted(path), "-a " + quoted(words), "");
            } else if (parameter.typeInfo().getType().equals(Path.class)) {
                line(program, "__fanfare_in " + quoted(path), "-F", "");
            }
        }
    }

    private void line(String program, String condition, String what, String description) {
        out.append("complete -c ").append(program).append(" -n ").append(quoted(condition));
        out.append(' ').append(what);
        if (!description.isEmpty()) {
            out.append(" -d ").append(quoted(firstSentence(description)));
        }
        out.append('\n');
    }

    private static String arguments(OptionSpec option) {
        StringJoiner words = new StringJoiner(" ");
        for (String name : option.names()) {
            words.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            if (option.completionCandidates() != null) {
                words.add("-x -a " + quoted(String.join(" ", option.completionCandidates())));
            } else {
                words.add(option.typeInfo().getType().equals(Path.class) ? "-r -F" : "-x");
            }
        }
        return words.toString();
    }

    /** Up to the first full stop or default, without the variables of picocli. */
    private static String firstSentence(String description) {
        return description
                .replaceFirst(" \\(default:.*", "")
                .replaceFirst("\\. .*", ".")
                .replaceAll("\\$\\{[^}]*}", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
