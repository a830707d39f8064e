package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the jar says of its contents: the bill of materials, and the licences of the libraries. */
class JarContentsIT {

    private static final String SBOM = "META-INF/sbom/fanfare.cdx.json";
    private static final String THIRD_PARTY = "META-INF/THIRD-PARTY.txt";

    /** A line of Maven's list of dependencies, such as {@code org.slf4j:slf4j-api:jar:2.0.20:compile}. */
    private static final Pattern DEPENDENCY = Pattern.compile("([\\w.-]+:[\\w.-]+):jar:.*:(compile|runtime)\\b.*");

    /** Libraries that another one, or a module of ours, has in its own jar. */
    private static final List<String> INSIDE_OF_OTHERS =
            List.of("com.google.code.gson:gson", "com.github.stephenc.jcip:jcip-annotations", "npm:uplot");

    private static JarFile jar;

    /** One line of {@link #THIRD_PARTY}. */
    private record Library(String licences, String texts) {}

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(Path.of("target", "fanfare.jar").toFile());
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void everyLibraryInTheJarIsListedWithItsLicence() throws IOException {
        List<String> expected = new ArrayList<>(dependencies());
        expected.addAll(INSIDE_OF_OTHERS);
        assertThat(libraries().keySet()).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The list of dependencies is the build's; poms in the jar show what is really there. */
    @Test
    void everyPomInTheJarIsThatOfAListedLibrary() throws IOException {
        List<String> poms = jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties"))
                .map(name -> name.split("/")[2] + ":" + name.split("/")[3])
                .filter(name -> !name.startsWith("io.fanfare:"))
                .toList();

        assertThat(poms).hasSizeGreaterThan(20);
        assertThat(libraries().keySet()).containsAll(poms);
    }

    @Test
    void billOfMaterialsNamesTheJarAndItsParts() throws IOException {
        JsonNode sbom = sbom();

        assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(sbom.at("/metadata/component/name").asText()).isEqualTo("broker-cli");
        assertThat(sbom.at("/metadata/timestamp").asText())
                .as("equal sources give an equal bill")
                .isIn("", "2026-01-01T00:00:00Z");
        assertThat(sbom.path("components")).allSatisfy(component -> {
            assertThat(component.path("purl").asText()).startsWith("pkg:maven/");
            assertThat(component.path("hashes")).isNotEmpty();
        });
        Map<String, JsonNode> components = components(sbom);
        assertThat(components).containsKey("io.fanfare:broker-core");
        components.keySet().removeIf(name -> name.startsWith("io.fanfare:"));
        assertThat(components.keySet()).containsExactlyInAnyOrderElementsOf(dependencies());
    }

    @Test
    void licencesAreThoseOfTheBillOfMaterials() throws IOException {
        Map<String, JsonNode> components = components(sbom());

        Map<String, Library> libraries = libraries();
        libraries.keySet().removeAll(INSIDE_OF_OTHERS);
        libraries.forEach((name, library) -> assertThat(ids(components.get(name)))
                .as("licences of %s in the bill of materials, of which the list has %s", name, library.licences())
                .allMatch(id -> library.licences().contains(id)));
    }

    @Test
    void theTextsOfAllLicencesAreThere() throws IOException {
        libraries()
                .forEach((name, library) -> assertThat(jar.stream())
                        .as("texts of %s", name)
                        .anyMatch(entry -> !entry.isDirectory()
                                && entry.getSize() > 200
                                && entry.getName().startsWith(library.texts())));
        assertThat(read("META-INF/LICENSE")).isEqualTo(Files.readString(Path.of("..", "LICENSE")));
        assertThat(read("META-INF/licenses/slf4j-api/LICENSE.txt")).contains("QOS.ch", "Permission is hereby granted");
        assertThat(read("META-INF/licenses/jackson-core/NOTICE")).contains("Jackson");
    }

    /** A folder of a library that has left is not shipped. */
    @Test
    void everyTextBelongsToALibrary() throws IOException {
        List<String> texts = libraries().values().stream().map(Library::texts).toList();
        assertThat(jar.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.startsWith("META-INF/licenses/") && !name.endsWith("/")))
                .isNotEmpty()
                .allMatch(name -> texts.stream().anyMatch(name::startsWith));
    }

    private static Map<String, Library> libraries() throws IOException {
        Map<String, Library> libraries = new LinkedHashMap<>();
        read(THIRD_PARTY)
                .lines()
                .map(line -> line.split(" {2,}"))
                .filter(columns -> columns.length == 3)
                .forEach(columns -> libraries.put(columns[0], new Library(columns[1], columns[2])));
        assertThat(libraries).isNotEmpty();
        return libraries;
    }

    /** What Maven has resolved for the jar, except our own modules. */
    private static List<String> dependencies() throws IOException {
        List<String> dependencies = Files.readAllLines(Path.of("target", "libraries.txt")).stream()
                .map(line -> DEPENDENCY.matcher(line.strip()))
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
        assertThat(dependencies).hasSizeGreaterThan(20);
        return dependencies;
    }

    private static JsonNode sbom() throws IOException {
        if (jar.getJarEntry(SBOM) == null) {
            Needs.unmet("no bill of materials: -Dcyclonedx.skip=false makes it, when Maven is not offline (-o)");
        }
        return new ObjectMapper().readTree(read(SBOM));
    }

    private static Map<String, JsonNode> components(JsonNode sbom) {
        Map<String, JsonNode> components = new TreeMap<>();
        sbom.path("components")
                .forEach(component -> components.put(
                        component.path("group").asText() + ":"
                                + component.path("name").asText(),
                        component));
        return components;
    }

    /** The SPDX ids that the library's own pom gives; those that the pom names in words have none. */
    private static List<String> ids(JsonNode component) {
        return component.findValuesAsText("id").stream()
                .filter(id -> !id.isEmpty())
                // CycloneDX takes "The BSD License" for the oldest one, whatever the URL beside it says
                .map(id -> component.path("group").asText().equals("org.jline") ? id.replace("BSD-4", "BSD-3") : id)
                .toList();
    }

    private static String read(String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        assertThat(entry).as(name).isNotNull();
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
