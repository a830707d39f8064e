package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.output.Colours;
import io.fanfare.testing.Await;
import io.fanfare.testing.RunningCommand;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.function.Consumer;
import picocli.CommandLine;

/**
 * A {@code fanfare} command on a thread of the test's process, where it takes milliseconds: for tests of what is printed and
 * of the exit code. {@link Fanfare} runs the jar, which takes a second; each command has a test that does.
 */
final class InProcess extends RunningCommand {

    private final Thread thread;
    private volatile int exitCode;

    private InProcess(String... args) {
        Lines outLines = new Lines(this::prints);
        Lines errLines = new Lines(this::complains);
        CommandLine command = Main.commandLine(args, Colours.OFF, Colours.OFF)
                .setOut(new PrintWriter(outLines, true))
                .setErr(new PrintWriter(errLines, true));
        thread = new Thread(
                () -> {
                    exitCode = command.execute(args);
                    outLines.end();
                    errLines.end();
                },
                "fanfare " + String.join(" ", args));
        thread.setDaemon(true);
    }

    /** Starts a command that reads nothing from standard input. */
    static InProcess run(String... args) {
        InProcess command = new InProcess(args);
        command.thread.start();
        return command;
    }

    @Override
    public boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public int exitCode() {
        try {
            thread.join(Await.DEADLINE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).as("%s has not ended", this).isFalse();
        return exitCode;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Collects what is written as lines. */
    private static final class Lines extends Writer {

        private final Consumer<String> lines;
        private final StringBuilder begun = new StringBuilder();

        Lines(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override
        public void write(char[] chars, int offset, int length) {
            synchronized (lock) {
                for (int i = offset; i < offset + length; i++) {
                    if (chars[i] == '\n') {
                        lines.accept(begun.toString());
                        begun.setLength(0);
                    } else {
                        begun.append(chars[i]);
                    }
                }
            }
        }

        /** A last line may have no end. */
        void end() {
            synchronized (lock) {
                if (!begun.isEmpty()) {
                    lines.accept(begun.toString());
                    begun.setLength(0);
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
