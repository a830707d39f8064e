package io.fanfare.cli.operate;

import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Makes {@code fanfare queues} mean {@code fanfare queues list}, with its options behind it. */
final class ListByDefault implements IParameterPreprocessor {

    private static final List<String> OF_THE_GROUP = List.of("-h", "--help", "-V", "--version");

    @Override
    // the library's type
    @SuppressWarnings("JdkObsolete")
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, @Nullable ArgSpec argument, Map<String, Object> info) {
        boolean isList =
                arguments.isEmpty() || (arguments.peek().startsWith("-") && !OF_THE_GROUP.contains(arguments.peek()));
        if (isList) {
            arguments.push("list");
        }
        // parsing goes on
        return false;
    }
}
