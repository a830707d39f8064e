import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes the CDS archive of a jar, with the classes that its commands load: {@code java Archive.java JAR ARCHIVE}. It is
 * good for this JVM and this very file. The list of those classes stays beside it ({@code .classlist}): with that, a
 * package makes an archive for another JVM. A failure is printed and ends with exit code 0: without an archive all
 * commands work, and start later.
 */
public final class Archive {

    private static final int DEADLINE_SECONDS = 120;

    private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private final Path jar;
    private final Path folder;

    /** The lists of loaded classes, a file for each command. */
    private final List<Path> lists = new ArrayList<>();

    private Archive(Path jar, Path folder) {
        this.jar = jar;
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path jar = Path.of(args[0]);
        Path archive = Path.of(args[1]);
        Files.deleteIfExists(archive);
        Path folder = Files.createTempDirectory("fanfare-cds");
        try {
            Archive made = new Archive(jar, folder);
            made.runCommands();
            made.dump(archive);
        } catch (IOException e) {
            Files.deleteIfExists(archive);
            System.out.println("no CDS archive for " + jar + ": " + e.getMessage());
        } finally {
            delete(folder);
        }
    }

    /** Runs the commands whose start matters, each with a message where it sends or receives one. */
    private void runCommands() throws IOException, InterruptedException {
        run("--help");
        Process serve = start("serve", "--port=0", "--stomp-port=0", "--admin-port=0");
        try {
            String url = urlOf(serve);
            run("pub", url, "/queue/archive", "hello", "--receipt");
            run("sub", url, "/queue/archive", "-n", "1");
            run("check", url, "--only=36");
        } finally {
            serve.destroy();
            await(serve, "serve");
        }
    }

    private static String urlOf(Process serve) throws IOException {
        Pattern ready = Pattern.compile("ready ws=(\\S+) .*");
        // not closed: serve must not meet a closed pipe
        BufferedReader out = new BufferedReader(new InputStreamReader(serve.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = ready.matcher(line);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        throw new IOException("serve did not start");
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        if (await(process, command[0]) != 0) {
            throw new IOException(command[0] + " ended with " + process.exitValue());
        }
    }

    private Process start(String... command) throws IOException {
        Path list = folder.resolve(lists.size() + ".classlist");
        lists.add(list);
        // processes of a second, in which the optimizing compiler costs more than it saves
        List<String> line = new ArrayList<>(List.of(
                java, "-XX:TieredStopAtLevel=1", "-XX:DumpLoadedClassList=" + list, "-jar", jar.toString()));
        line.addAll(List.of(command));
        return new ProcessBuilder(line).redirectError(Redirect.DISCARD).start();
    }

    private static int await(Process process, String name) throws IOException, InterruptedException {
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(name + " has not ended");
        }
        return process.exitValue();
    }

    private void dump(Path archive) throws IOException, InterruptedException {
        Path all = Files.write(Path.of(archive.toString().replaceFirst("\\.jsa$", "") + ".classlist"), classes());
        File log = folder.resolve("dump.log").toFile();
        Process process = new ProcessBuilder(
                        java,
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + all,
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xlog:cds*=error",
                        "-cp",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        if (await(process, "dump") != 0) {
            throw new IOException(Files.readString(log.toPath()));
        }
    }

    /** The classes of all commands. */
    private Set<String> classes() throws IOException {
        Set<String> all = new LinkedHashSet<>();
        for (Path list : lists) {
            // ids number the lines of one file
            Files.readAllLines(list).stream()
                    .filter(line -> !line.startsWith("#") && !line.contains(" source: "))
                    .map(line -> line.replaceFirst(" id: \\d+$", ""))
                    .forEach(all::add);
        }
        return all;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
