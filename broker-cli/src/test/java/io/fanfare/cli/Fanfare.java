package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A {@code fanfare} command as a process of its own, from the jar that users get. */
final class Fanfare implements AutoCloseable {

    private static final Path JAR = Path.of("target", "fanfare.jar");

    private final Process process;
    private final Thread outReader;
    private final Thread errReader;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();

    private Fanfare(Process process, boolean readsErrors) {
        this.process = process;
        outReader = reading(process.getInputStream(), out);
        errReader = reading(readsErrors ? process.getErrorStream() : InputStream.nullInputStream(), err);
    }

    static Fanfare run(String... args) {
        return run(Map.of(), args);
    }

    static Fanfare run(Map<String, String> environment, String... args) {
        return start(environment, command(JAR, args), true);
    }

    /** A command of which nothing reads standard error: once the pipe is full, a write to it waits for ever. */
    static Fanfare runUnheard(String... args) {
        return start(Map.of(), command(JAR, args), false);
    }

    /** A command from a copy of the jar. */
    static Fanfare runFrom(Path jar, String... args) {
        return start(Map.of(), command(jar, args), true);
    }

    /** Copies the jar, and returns where to. */
    static Path copyJar(Path folder) throws IOException {
        return Files.copy(JAR, folder.resolve("fanfare.jar"));
    }

    /** A command whose three streams are a terminal; what it prints to either output is in {@link #out()}. */
    static Fanfare onATerminal(Map<String, String> environment, String... args) {
        String line = command(JAR, args).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return start(environment, List.of("script", "-qec", line, "/dev/null"), true);
    }

    private static List<String> command(Path jar, String... args) {
        assertThat(Files.exists(jar))
                .as("%s, which the package phase makes", jar)
                .isTrue();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (System.getenv("OVERLOAD") == null) {
            // most of these processes live for a second, in which the optimizing compiler costs more than it saves
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(args));
        return command;
    }

    private static Fanfare start(Map<String, String> environment, List<String> command, boolean readsErrors) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            return new Fanfare(builder.start(), readsErrors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes to standard input. */
    Fanfare types(String text) {
        try {
            process.getOutputStream().write(text.getBytes(UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the reading end of standard output. */
    void closesOutput() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends standard input. */
    Fanfare endsInput() {
        try {
            process.getOutputStream().close();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a broker on a free port, without STOMP over TCP and admin listener unless the arguments say otherwise. */
    static Fanfare serve(String... more) {
        List<String> args = new ArrayList<>(List.of("serve"));
        for (String port : List.of("--port=0", "--stomp-port=-1", "--admin-port=-1")) {
            String option = port.substring(0, port.indexOf('='));
            if (List.of(more).stream().noneMatch(each -> each.split("=", 2)[0].equals(option))) {
                args.add(port);
            }
        }
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private static Thread reading(InputStream from, List<String> lines) {
        Thread reader = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(from, UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                // the process has been killed
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** The broker's WebSocket URL, once it is ready. */
    String url() {
        return printed("ready ws=(\\S+) .*").group(1);
    }

    /** A STOMP client of this broker, over TCP, connected. */
    RawTcp connect() {
        Matcher ready = printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*");
        return RawTcp.connect(Integer.parseInt(ready.group(1))).connects();
    }

    /** The first line of standard output that matches, once it comes. */
    Matcher printed(String regex) {
        return line(out, regex);
    }

    /** The first line of standard error that matches, once it comes. */
    Matcher complained(String regex) {
        return line(err, regex);
    }

    private Matcher line(List<String> lines, String regex) {
        Pattern pattern = Pattern.compile(regex);
        Await.until(regex, () -> !process.isAlive() || lines.stream().anyMatch(pattern.asMatchPredicate()));
        if (!process.isAlive()) {
            joinReaders();
        }
        Matcher matcher = pattern.matcher(lines.stream()
                .filter(pattern.asMatchPredicate())
                .findFirst()
                .orElseThrow(() -> new AssertionError("not printed: " + regex + "; " + this)));
        assertThat(matcher.matches()).isTrue();
        return matcher;
    }

    /** Sends SIGTERM; unlike after Process.destroy, the output can still be read. */
    void terminate() {
        process.toHandle().destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The most memory that has been resident so far, as Linux counts it. */
    long peakResidentBytes() throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
        Matcher peak = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(status);
        assertThat(peak.find()).as(status).isTrue();
        return Long.parseLong(peak.group(1)) * 1024;
    }

    int exitCode() {
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

    /** What a process that has ended printed may still be on its way. */
    private void joinReaders() {
        try {
            outReader.join(Await.DEADLINE.toMillis());
            errReader.join(Await.DEADLINE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> out() {
        return out;
    }

    List<String> err() {
        return err;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "out=" + out + " err=" + err;
    }
}
