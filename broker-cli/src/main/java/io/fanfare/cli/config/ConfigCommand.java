package io.fanfare.cli.config;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare config}: prints or checks the file that {@code serve -c} reads. */
@Command(name = "config", description = "Prints or checks a configuration file.", mixinStandardHelpOptions = true)
public final class ConfigCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "default",
            description = "Prints a configuration file with every key, its default and its meaning.",
            mixinStandardHelpOptions = true)
    int printDefault() {
        out().print(DefaultFile.text());
        out().flush();
        return 0;
    }

    @Command(
            name = "check",
            description = "Checks whether 'serve -c FILE' would accept a file; prints ok, or a line for each mistake.",
            mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "FILE", description = "The file.") Path file) {
        Configuration.check(file);
        out().println("ok");
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
