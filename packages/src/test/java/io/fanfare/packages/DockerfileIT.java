package io.fanfare.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Dockerfile says the same as the image that is built without an engine. No engine is needed, so nothing is built from it. */
class DockerfileIT {

    private static final Path DOCKERFILE = Path.of("..", "Dockerfile");

    @TempDir
    private static Path directory;

    private static JsonNode image;
    private static List<String> instructions;

    @BeforeAll
    static void read() throws IOException {
        image = OciArchive.unpack(Path.of("target", "fanfare-image.tar"), directory)
                .configuration()
                .path("config");
        instructions = Files.readString(DOCKERFILE)
                .replaceAll("(?m)^#.*\\n", "")
                .replaceAll("\\\\\\n\\s*", "")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    @Test
    void userPortsAndEnvironmentAreTheImages() {
        assertThat(arguments("USER")).containsExactly(image.path("User").asText());
        assertThat(new TreeSet<>(List.of(arguments("EXPOSE").get(0).split(" "))))
                .isEqualTo(new TreeSet<>(names(image.path("ExposedPorts")).stream()
                        .map(port -> port.replace("/tcp", ""))
                        .toList()));
        assertThat(texts(image.path("Env"))).containsAll(arguments("ENV"));
        arguments("LABEL")
                .forEach(labels -> assertThat(labels)
                        .contains(
                                "org.opencontainers.image.title=\"Fanfare\"",
                                "org.opencontainers.image.licenses=\"Apache-2.0\""));
    }

    @Test
    void entrypointAndArgumentsAreTheImages() throws IOException {
        JsonNode entrypoint =
                new ObjectMapper().readTree(arguments("ENTRYPOINT").get(0));
        List<String> expected = new ArrayList<>(List.of("java"));
        expected.addAll(
                Files.readAllLines(Path.of("target", "image", "application", "usr/share/fanfare/java.options")));
        expected.removeIf(option -> option.startsWith("-XX:SharedArchiveFile") || option.startsWith("-Xlog:cds"));
        expected.addAll(List.of("-jar", "/usr/share/fanfare/fanfare.jar"));
        assertThat(texts(entrypoint)).isEqualTo(expected);
        assertThat(texts(image.path("Entrypoint")))
                .containsExactly(
                        "/opt/java/bin/java",
                        "@/usr/share/fanfare/java.options",
                        "-jar",
                        "/usr/share/fanfare/fanfare.jar");
        assertThat(texts(new ObjectMapper().readTree(arguments("CMD").get(0)))).isEqualTo(texts(image.path("Cmd")));
    }

    /** The checkout's script, the package's, which the unit runs, and the image. */
    @Test
    void optionsOfTheJvmAreTheSameWhereverABrokerIsStarted() throws IOException {
        List<String> options =
                Files.readAllLines(Path.of("target", "image", "application", "usr/share/fanfare/java.options")).stream()
                        .filter(option ->
                                option.matches("-Xm[ns].*|-XX:(New|MaxNew|Trim|Use|Min|MaxHeap|[A-Za-z]*Inline).*"))
                        .toList();

        assertThat(options).hasSize(4);
        assertThat(List.of(Path.of("..", "fanfare"), Path.of("src", "debian", "fanfare")))
                .allSatisfy(script -> assertThat(Files.readString(script)).contains(options));
        assertThat(Files.readString(Path.of("src", "debian", "fanfare.service")))
                .contains("ExecStart=/usr/bin/fanfare serve");
    }

    @Test
    void healthCheckAsksTheAdminListener() {
        assertThat(arguments("HEALTHCHECK"))
                .singleElement()
                .asString()
                .contains("http://127.0.0.1:15672/healthz", "curl");
        assertThat(arguments("RUN").get(2)).contains(" curl ");
    }

    @Test
    void theJarComesFromWhereTheBuildPutsIt() {
        assertThat(arguments("COPY"))
                .contains("--from=build /fanfare/broker-cli/target/fanfare.jar /usr/share/fanfare/fanfare.jar");
        assertThat(Path.of("..", "broker-cli", "target", "fanfare.jar")).exists();
    }

    /** What follows an instruction, as often as it occurs. */
    private static List<String> arguments(String instruction) {
        List<String> arguments = instructions.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1))
                .toList();
        assertThat(arguments).as(instruction).isNotEmpty();
        return arguments;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
