package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.options.OutputOptions;
import io.fanfare.cli.output.Colours;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a broker's HTTP API, and prints the answer. */
@Command(mixinStandardHelpOptions = true)
abstract class ApiCommand implements Callable<Integer> {

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() throws InterruptedException {
        run(api.client());
        return 0;
    }

    abstract void run(ApiClient client) throws InterruptedException;

    /**
     * Prints an answer.
     *
     * @param answer printed as it is with {@code --output json}
     * @param text the same for people, with the end of its last line
     */
    final void print(JsonNode answer, Supplier<String> text) {
        PrintWriter out = out();
        if (output.isJson()) {
            out.println(answer);
        } else {
            out.print(text.get());
        }
        out.flush();
    }

    final boolean isJson() {
        return output.isJson();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final Colours colours() {
        return Colours.of(spec);
    }
}
