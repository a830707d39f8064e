package io.fanfare.cli;

import io.fanfare.broker.Broker;
import io.fanfare.cli.bench.BenchCommand;
import io.fanfare.cli.check.CheckCommand;
import io.fanfare.cli.client.PubCommand;
import io.fanfare.cli.client.SubCommand;
import io.fanfare.cli.config.ConfigCommand;
import io.fanfare.cli.operate.ConnectionsCommand;
import io.fanfare.cli.operate.DrainCommand;
import io.fanfare.cli.operate.DurablesCommand;
import io.fanfare.cli.operate.QueuesCommand;
import io.fanfare.cli.operate.StatusCommand;
import io.fanfare.cli.operate.SubscriptionsCommand;
import io.fanfare.cli.operate.TopCommand;
import io.fanfare.cli.operate.TopicsCommand;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Terminal;
import io.fanfare.cli.token.TokenCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The {@code fanfare} command. */
public final class Main {

    /** The output of {@code fanfare --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"fanfare " + Broker.VERSION};
        }
    }

    // they tell of the other commands

    private static final String COMPLETION = "completion";
    private static final String HELP = "help";

    /** In the order of the help. */
    private static final List<String> COMMANDS = List.of(
            "serve",
            "pub",
            "sub",
            "bench",
            "check",
            "status",
            "top",
            "connections",
            "subscriptions",
            "durables",
            "topics",
            "queues",
            "drain",
            "config",
            "user",
            "token",
            COMPLETION,
            HELP);

    private Main() {}

    /** Runs one command and ends the process with its {@link ExitCode}. */
    public static void main(String[] args) {
        // Tyrus and Grizzly log with java.util.logging
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        CommandLine commandLine = commandLine(args, Colours.of(Terminal.OUT), Colours.of(Terminal.ERR));
        // bodies of messages are printed in UTF-8, whatever the locale is
        commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(commandLine.execute(args));
    }

    /** What can run these arguments: with one command where they begin with its name, with all of them otherwise. */
    static CommandLine commandLine(String[] args, Colours out, Colours err) {
        CommandLine commandLine = new CommandLine(describe());
        for (String name : commands(args)) {
            commandLine.addSubcommand(name, command(name));
        }
        describeExitCodes(commandLine.getCommandSpec());
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(out == Colours.ON ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(new UsageErrors(err))
                .setExecutionExceptionHandler(new Failures(err));
    }

    private static CommandSpec describe() {
        CommandSpec spec = CommandSpec.create().name("fanfare").versionProvider(new Version());
        spec.usageMessage().description("A STOMP broker for the web.");
        addHelpOptions(spec);
        return spec;
    }

    /** The options of every command, which other commands have by {@code mixinStandardHelpOptions}. */
    static void addHelpOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    /** Each costs its share of the start. */
    private static List<String> commands(String[] args) {
        boolean isAlone =
                args.length > 0 && COMMANDS.contains(args[0]) && !args[0].equals(COMPLETION) && !args[0].equals(HELP);
        return isAlone ? List.of(args[0]) : COMMANDS;
    }

    private static Object command(String name) {
        return switch (name) {
            case "serve" -> ServeCommand.create();
            case "pub" -> PubCommand.class;
            case "sub" -> SubCommand.class;
            case "bench" -> BenchCommand.class;
            case "check" -> CheckCommand.class;
            case "status" -> StatusCommand.class;
            case "top" -> TopCommand.class;
            case "connections" -> ConnectionsCommand.class;
            case "subscriptions" -> SubscriptionsCommand.class;
            case "durables" -> DurablesCommand.class;
            case "topics" -> TopicsCommand.class;
            case "queues" -> QueuesCommand.class;
            case "drain" -> DrainCommand.class;
            case "config" -> ConfigCommand.class;
            case "user" -> UserCommand.class;
            case "token" -> TokenCommand.class;
            case COMPLETION -> CompletionCommand.class;
            case HELP -> CommandLine.HelpCommand.class;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void describeExitCodes(CommandSpec command) {
        command.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.meanings());
        for (CommandLine each : command.subcommands().values()) {
            describeExitCodes(each.getCommandSpec());
        }
    }
}
