package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process with the lines that it prints. */
public class Program extends RunningCommand {

    private final Process process;
    private final Thread outReader;
    private final Thread errReader;

    /**
     * Starts a process.
     *
     * @param readsErrors whether anything reads what it prints to standard error
     */
    protected Program(ProcessBuilder builder, boolean readsErrors) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        outReader = reading(process.getInputStream(), this::prints);
        errReader = reading(readsErrors ? process.getErrorStream() : InputStream.nullInputStream(), this::complains);
    }

    /** Starts a program; what it prints to either output is in {@link #out()}. */
    public static Program start(List<String> command) {
        return start(Map.of(), command);
    }

    /** What a program prints to both outputs; it reads nothing and must succeed. */
    public static String output(Map<String, String> environment, List<String> command) {
        try (Program program = start(environment, command)) {
            program.endsInput();
            return program.endedWith(0);
        }
    }

    private static Program start(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Program(builder, true);
    }

    private static Thread reading(InputStream from, Consumer<String> lines) {
        Thread reader = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(from, UTF_8))) {
                in.lines().forEach(lines);
            } catch (IOException | UncheckedIOException e) {
                // the process has been killed
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** Writes to standard input. */
    public Program types(String text) {
        try {
            process.getOutputStream().write(text.getBytes(UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends standard input. */
    public Program endsInput() {
        try {
            process.getOutputStream().close();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the reading end of standard output. */
    public final void closesOutput() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM; unlike after Process.destroy, the output can still be read. */
    public final void terminate() {
        process.toHandle().destroy();
    }

    public final long pid() {
        return process.pid();
    }

    @Override
    public final boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public final int exitCode() {
        try {
            assertThat(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s has ended", this)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        joinReaders();
        return process.exitValue();
    }

    /** What the program has printed to standard output, once it has ended with this exit code. */
    public final String endedWith(int exitCode) {
        assertThat(exitCode()).as("exit code; %s", this).isEqualTo(exitCode);
        return String.join("\n", out());
    }

    /** What a process that has ended printed may still be on its way. */
    private void joinReaders() {
        try {
            outReader.join(Await.DEADLINE.toMillis());
            errReader.join(Await.DEADLINE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // what a shell or script has started would go on
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
