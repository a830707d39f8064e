package io.fanfare.cli.operate;

import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The option of commands that destroy something, and the question without it. */
final class Confirmation {

    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask; needed where standard input is no terminal.")
    private boolean yes;

    /** Whether there is a question to ask, and so something to find out for it. */
    boolean asks() {
        return !yes;
    }

    /**
     * Asks on the terminal, unless the option is there.
     *
     * @param effect what the command is about to do: a sentence without its full stop
     * @throws CommandException unless the answer is yes
     */
    void ask(String effect, PrintWriter err) {
        if (yes) {
            return;
        }
        if (!Terminal.IN.isTerminal()) {
            throw new CommandException(ExitCode.USAGE, "this needs a confirmation: " + effect, "the same with --yes");
        }
        err.print(effect + ". Go on? [y/N] ");
        err.flush();
        if (!isYes(answer())) {
            throw new CommandException(ExitCode.FAILED, "not confirmed, and nothing done", "y for yes, or --yes");
        }
    }

    private static boolean isYes(String answer) {
        String lower = answer.strip().toLowerCase(Locale.ROOT);
        return lower.equals("y") || lower.equals("yes");
    }

    private static String answer() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException("standard input can't be read: " + e.getMessage(), e);
        }
    }
}
