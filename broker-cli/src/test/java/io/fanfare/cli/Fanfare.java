package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Program;
import io.fanfare.testing.RawTcp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A {@code fanfare} command as a process of its own, from the jar that users get. */
final class Fanfare extends Program {

    static final Path JAR = Path.of("target", "fanfare.jar");
    static final Path ARCHIVE = Path.of("target", "fanfare.jsa");

    private Fanfare(ProcessBuilder builder, boolean readsErrors) {
        super(builder, readsErrors);
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

    /** A command in a shell that first sets this limit, such as {@code ulimit -n 500}. */
    static Fanfare limited(String limit, String... args) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + " && exec \"$@\"", "sh"));
        command.addAll(command(JAR, args));
        return start(Map.of(), command, true);
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
        } else if (args[0].equals("serve")) {
            // measured as the script fanfare starts it
            command.add("-Xmn16m");
        }
        if (jar.equals(JAR) && Files.exists(ARCHIVE)) {
            // as the script fanfare does
            command.addAll(List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        }
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(args));
        return command;
    }

    private static Fanfare start(Map<String, String> environment, List<String> command, boolean readsErrors) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new Fanfare(builder, readsErrors);
    }

    @Override
    public Fanfare types(String text) {
        super.types(text);
        return this;
    }

    @Override
    public Fanfare endsInput() {
        super.endsInput();
        return this;
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

    /** The broker's WebSocket URL, once it is ready. */
    String url() {
        return printed("ready ws=(\\S+) .*").group(1);
    }

    /** A STOMP client of this broker, over TCP, connected. */
    RawTcp connect() {
        return open().connects();
    }

    /** A socket to this broker's port for STOMP over TCP. */
    RawTcp open() {
        Matcher ready = printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*");
        return RawTcp.connect(Integer.parseInt(ready.group(1)));
    }

    /** The most memory that has been resident so far, as Linux counts it. */
    long peakResidentBytes() throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(pid()), "status"));
        Matcher peak = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(status);
        assertThat(peak.find()).as(status).isTrue();
        return Long.parseLong(peak.group(1)) * 1024;
    }
}
