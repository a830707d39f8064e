package io.fanfare.cli.output;

/** The failure of a command: one sentence, an exit code, and what the user can try. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;
    private final String remedy;

    /**
     * Makes a failure.
     *
     * @param sentence what is wrong, without a full stop
     * @param remedy what to try next: a command, or an option
     */
    public CommandException(ExitCode exitCode, String sentence, String remedy) {
        super(sentence);
        this.exitCode = exitCode;
        this.remedy = remedy;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public String remedy() {
        return remedy;
    }
}
