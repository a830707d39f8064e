package io.fanfare.cli;

import io.fanfare.broker.Broker;
import io.fanfare.cli.bench.BenchCommand;
import io.fanfare.cli.config.ConfigCommand;
import io.fanfare.cli.config.ConfigException;
import io.fanfare.client.StompException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code fanfare} command. */
@Command(
        name = "fanfare",
        description = "A STOMP broker for the web.",
        subcommands = {
            ServeCommand.class,
            PubCommand.class,
            SubCommand.class,
            BenchCommand.class,
            ConfigCommand.class,
            UserCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main {

    /** The output of {@code fanfare --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"fanfare " + Broker.VERSION};
        }
    }

    private Main() {}

    /** Runs one command and ends the process with its exit code: 0 success, 1 failure, 2 wrong usage. */
    public static void main(String[] args) {
        // Tyrus and Grizzly log with java.util.logging
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        CommandLine commandLine = commandLine();
        // bodies of messages are printed in UTF-8, whatever the locale is
        commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(commandLine.execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    Throwable cause = causeOf(error);
                    sentences(cause).forEach(line -> command.getErr().println("fanfare: " + line));
                    return cause instanceof IllegalArgumentException
                            ? CommandLine.ExitCode.USAGE
                            : CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** The cause of an error, without the exception of a future around it. */
    private static Throwable causeOf(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }

    /** The lines of an error. Our own exceptions have sentences; any other one is a bug, and its class is printed. */
    private static List<String> sentences(Throwable error) {
        if (error instanceof ConfigException mistakes) {
            return mistakes.lines();
        }
        boolean ours = error instanceof StompException
                || error instanceof UncheckedIOException
                || error instanceof IllegalArgumentException;
        return List.of(ours ? String.valueOf(error.getMessage()) : error.toString());
    }
}
