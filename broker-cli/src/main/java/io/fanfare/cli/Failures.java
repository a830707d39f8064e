package io.fanfare.cli;

import io.fanfare.cli.output.Colours;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Prints what a command has failed with. A class and no lambda: the JVM keeps a class file as old as picocli's in its archive
 * of classes only if no lambda is made of it.
 */
final class Failures implements IExecutionExceptionHandler {

    private final Colours colours;

    Failures(Colours colours) {
        this.colours = colours;
    }

    @Override
    public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
        Failure failure = Failure.of(error, command.getCommandSpec().qualifiedName());
        failure.print(command.getErr(), colours);
        return failure.exitCode().code();
    }
}
