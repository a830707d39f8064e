package io.fanfare.cli;

import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Nearest;
import io.fanfare.frame.Printable;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints a sentence for a command line that can't be parsed, with the nearest option or command, and no help. */
final class UsageErrors implements IParameterExceptionHandler {

    /** The letters that a word and a command must share at the start for one to be taken for the other. */
    private static final int MIN_PREFIX = 3;

    private static final Pattern EXCEPTION = Pattern.compile("\\((\\w+\\.)+\\w+Exception: ");

    private static final Pattern CHOICES =
            Pattern.compile("expected one of \\[([A-Za-z_, -]*)] \\(case-insensitive\\) but was");

    /** What the parser says of Java's types, and what people say. */
    private static final Map<Pattern, String> TYPES = Map.of(
            Pattern.compile("is not an? (int|long)$"), "is no whole number",
            Pattern.compile("is not a (double|float)$"), "is no number",
            Pattern.compile("cannot convert ('.*') to URI \\(.*\\)$"),
                    "$1 is no URL such as http://HOST:PORT or ws://HOST:PORT/PATH");

    private final Colours colours;

    UsageErrors(Colours colours) {
        this.colours = colours;
    }

    @Override
    public int handleParseException(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        new Failure(List.of(sentence(error, command)), name + " --help", ExitCode.USAGE)
                .print(command.getErr(), colours);
        return ExitCode.USAGE.code();
    }

    private static String sentence(ParameterException error, CommandLine command) {
        // an unknown option is often the mistyped form of one that is missing
        List<String> unmatched = error instanceof UnmatchedArgumentException unknown
                ? unknown.getUnmatched()
                : command.getUnmatchedArguments();
        if (!unmatched.isEmpty()) {
            return unknown(unmatched.get(0), command.getCommandSpec());
        }
        Collection<String> commands = command.getSubcommands().keySet();
        String message = String.valueOf(error.getMessage());
        if (!commands.isEmpty() && message.equals("Missing required subcommand")) {
            return command.getCommandSpec().qualifiedName() + " needs a command: "
                    + String.join(", ", new TreeSet<>(commands));
        }
        String firstLine = message.lines().findFirst().orElse("wrong usage");
        // picocli names the class of an exception that a converter threw
        firstLine = EXCEPTION.matcher(firstLine).replaceAll("(");
        // and lists the constants of an enum in their spelling in Java
        firstLine = CHOICES.matcher(firstLine).replaceAll(found -> "one of " + choices(found.group(1)) + ", not");
        for (Map.Entry<Pattern, String> type : TYPES.entrySet()) {
            firstLine = type.getKey().matcher(firstLine).replaceAll(type.getValue());
        }
        String end = firstLine.endsWith(".") ? firstLine.substring(0, firstLine.length() - 1) : firstLine;
        return end.substring(0, 1).toLowerCase(Locale.ROOT) + end.substring(1);
    }

    private static String choices(String constants) {
        return Arrays.stream(constants.split(", "))
                .map(each -> each.toLowerCase(Locale.ROOT).replace('_', '-'))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String unknown(String argument, CommandSpec command) {
        if (argument.startsWith("-") && argument.length() > 1) {
            String written = argument.split("=", 2)[0];
            // one letter is near to any other
            List<String> names = command.options().stream()
                    .flatMap(option -> List.of(option.names()).stream())
                    .filter(option -> option.startsWith("--"))
                    .toList();
            return "unknown option " + Printable.of(written) + suggestion(Nearest.of(written, names));
        }
        Collection<String> commands = command.subcommands().keySet();
        if (commands.isEmpty()) {
            return "unexpected argument " + Printable.of(argument);
        }
        Optional<String> nearest = commands.stream()
                .filter(each -> each.length() >= MIN_PREFIX && argument.length() >= MIN_PREFIX)
                .filter(each -> argument.startsWith(each) || each.startsWith(argument))
                .findFirst()
                .or(() -> Nearest.of(argument, commands));
        return "unknown command " + Printable.of(argument) + suggestion(nearest);
    }

    private static String suggestion(Optional<String> nearest) {
        return nearest.map(name -> "; did you mean " + name + "?").orElse("");
    }
}
