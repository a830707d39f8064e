package io.fanfare.cli;

import io.fanfare.auth.UsersFile;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fanfare user}: makes lines for users files. */
@Command(
        name = "user",
        description = "Makes lines for a users file.",
        subcommands = UserCommand.Hash.class,
        mixinStandardHelpOptions = true)
final class UserCommand {

    /** {@code fanfare user hash}: prints the line of one user. */
    @Command(
            name = "hash",
            description = {
                "Prints a user's line for a users file, with a hash of the passcode.",
                "Asks for the passcode on a terminal, else reads it from the first line of standard input."
            },
            mixinStandardHelpOptions = true)
    static final class Hash implements Callable<Integer> {

        @Parameters(paramLabel = "NAME", description = "Name of the user: the login of CONNECT.")
        private String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                split = ",",
                description = "Role of the user; may be given several times.")
        private List<String> roles = List.of();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            out.println(UsersFile.line(name, passcode(), roles));
            out.flush();
            return 0;
        }

        private String passcode() {
            // newer JDKs otherwise have a console without a terminal, too
            System.setProperty("jdk.console", "java.base");
            Console console = System.console();
            if (console == null) {
                spec.commandLine().getErr().println("Reading the passcode of " + name + " from standard input.");
                return firstLine();
            }
            char[] first = console.readPassword("Passcode of %s: ", name);
            char[] again = console.readPassword("Again: ");
            if (first == null || !Arrays.equals(first, again)) {
                throw new IllegalArgumentException("the two are not the same");
            }
            return new String(first);
        }

        private static String firstLine() {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                String line = in.readLine();
                return line == null ? "" : line;
            } catch (IOException e) {
                throw new UncheckedIOException("standard input can't be read: " + e.getMessage(), e);
            }
        }
    }
}
