package io.fanfare.cli;

import io.fanfare.cli.config.ConfigException;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.client.StompException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * A failed command, as its user sees it.
 *
 * @param sentences what is wrong: one, or one for each mistake of a configuration
 * @param remedy what to try next: a command or an option
 */
record Failure(List<String> sentences, String remedy, ExitCode exitCode) {

    /**
     * The failure that an exception stands for. Fanfare's own exceptions have sentences; any other one is a bug, and its
     * class is printed.
     *
     * @param command the name of the command that threw it, such as {@code fanfare pub}
     */
    static Failure of(Throwable thrown, String command) {
        Throwable error = causeOf(thrown);
        String help = command + " --help";
        if (error instanceof ConfigException mistakes) {
            return new Failure(mistakes.lines(), "fanfare config default", ExitCode.FAILED);
        } else if (error instanceof CommandException known) {
            return one(known, known.remedy(), known.exitCode());
        } else if (error instanceof StompException connection) {
            return ofConnection(connection, help);
        } else if (error instanceof IllegalArgumentException) {
            return one(error, help, ExitCode.USAGE);
        } else if (error instanceof UncheckedIOException) {
            return one(error, help, ExitCode.FAILED);
        }
        String remedy = "report this as a bug, with the command and the version";
        return new Failure(List.of(error.toString()), remedy, ExitCode.FAILED);
    }

    private static Failure ofConnection(StompException error, String help) {
        return switch (error.reason()) {
            case UNREACHABLE -> one(error, "fanfare serve, or --url URL of a broker that runs", ExitCode.UNREACHABLE);
            case UNTRUSTED -> one(error, "--tls-ca FILE with the certificate's authority", ExitCode.UNREACHABLE);
            case REFUSED -> one(error, "--login USER and --passcode WORD of a user who may do this", ExitCode.REFUSED);
            case TIMED_OUT -> one(error, "the same again, or --url URL of another broker", ExitCode.TIMED_OUT);
            case OTHER -> one(error, help, ExitCode.FAILED);
        };
    }

    private static Failure one(Throwable error, String remedy, ExitCode exitCode) {
        return new Failure(List.of(String.valueOf(error.getMessage())), remedy, exitCode);
    }

    /** The cause of an error, without the exception of a future around it. */
    private static Throwable causeOf(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }

    /** Prints the sentences, a line each, and a line that begins with {@code Try:}. */
    void print(PrintWriter err, Colours colours) {
        sentences.forEach(sentence -> err.println(colours.red("fanfare:") + " " + sentence));
        err.println(colours.bold("Try:") + " " + remedy);
        err.flush();
    }
}
