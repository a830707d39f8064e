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
import java.util.Set;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/** The {@code fanfare} command. */
@Command(
        name = "fanfare",
        description = "A STOMP broker for the web.",
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

    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            PubCommand.class,
            SubCommand.class,
            BenchCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            TopCommand.class,
            ConnectionsCommand.class,
            SubscriptionsCommand.class,
            DurablesCommand.class,
            TopicsCommand.class,
            QueuesCommand.class,
            DrainCommand.class,
            ConfigCommand.class,
            UserCommand.class,
            TokenCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class);

    /** Commands that tell of the others. */
    private static final Set<Class<?>> ABOUT_ALL = Set.of(CompletionCommand.class, CommandLine.HelpCommand.class);

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
        CommandLine commandLine = new CommandLine(new Main());
        commands(args).forEach(commandLine::addSubcommand);
        describeExitCodes(commandLine.getCommandSpec());
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(out == Colours.ON ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(new UsageErrors(err))
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    Failure failure = Failure.of(error, command.getCommandSpec().qualifiedName());
                    failure.print(command.getErr(), err);
                    return failure.exitCode().code();
                });
    }

    /** Each costs its share of the start: its options are read by reflection. */
    private static List<Class<?>> commands(String[] args) {
        return COMMANDS.stream()
                .filter(each -> args.length > 0
                        && each.getAnnotation(Command.class).name().equals(args[0]))
                .filter(each -> !ABOUT_ALL.contains(each))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static void describeExitCodes(CommandSpec command) {
        command.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.meanings());
        command.subcommands().values().forEach(each -> describeExitCodes(each.getCommandSpec()));
    }
}
