package io.fanfare.cli.config;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare config}: the file that {@code serve -c} reads. */
@Command(name = "config", description = "Prints or checks a configuration file.", mixinStandardHelpOptions = true)
public final class ConfigCommand {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "default",
            description = "Prints a file with every key, its default and what it is for.",
            mixinStandardHelpOptions = true)
    int printDefault() {
        out().print(DefaultFile.text());
        out().flush();
        return 0;
    }

    @Command(
            name = "check",
            description = "Looks whether 'serve -c FILE' would take a file; prints ok, or all that is wrong with it.",
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
