package io.fanfare.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Program;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The released modules as others get them: installed into an empty repository, and used with nothing else of this project. */
class ArtifactsIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** The jars that are released; {@code broker-cli} is a program, and has packages of its own. */
    private static final List<String> LIBRARIES = List.of(
            "broker-admin",
            "broker-core",
            "broker-endpoint",
            "broker-junit",
            "broker-nats",
            "broker-security",
            "broker-spring",
            "broker-websocket");

    @TempDir
    private static Path directory;

    private static String parent;
    private static String version;

    @BeforeAll
    static void install() throws IOException {
        parent = Files.readString(ROOT.resolve("pom.xml"));
        version = first("<artifactId>fanfare-parent</artifactId>\\s*<version>([^<]+)", parent);
        install("fanfare-parent", ".pom", ROOT.resolve("pom.xml"));
        install("fanfare-bom", ".pom", ROOT.resolve("bom/pom.xml"));
        for (String each : LIBRARIES) {
            install(each, ".pom", ROOT.resolve(each).resolve("pom.xml"));
            for (String end : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
                install(each, end, built(each, end));
            }
        }
    }

    /** As `mvn install` does, but into a repository of the test's. */
    private static void install(String artifact, String end, Path file) throws IOException {
        Path folder =
                directory.resolve("repository/io/fanfare").resolve(artifact).resolve(version);
        Files.createDirectories(folder);
        Files.copy(file, folder.resolve(artifact + "-" + version + end));
    }

    private static Path built(String artifact, String end) {
        return ROOT.resolve(artifact).resolve("target").resolve(artifact + "-" + version + end);
    }

    static List<String> libraries() {
        return LIBRARIES;
    }

    @Test
    void theBomHasEachLibraryAndNothingElse() throws IOException {
        String bom = Files.readString(ROOT.resolve("bom/pom.xml"));
        String managed = bom.substring(bom.indexOf("<dependencyManagement>"));
        assertThat(all("<artifactId>([^<]+)", managed)).containsExactlyElementsOf(LIBRARIES);
        assertThat(first("<artifactId>fanfare-bom</artifactId>\\s*<version>([^<]+)", bom))
                .isEqualTo(version);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryHasItsSourcesJavadocLicenceAndAName(String library) throws IOException {
        try (JarFile jar = new JarFile(built(library, ".jar").toFile());
                JarFile sources = new JarFile(built(library, "-sources.jar").toFile());
                JarFile javadoc = new JarFile(built(library, "-javadoc.jar").toFile())) {
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isEqualTo(version);
            List<String> classes = names(jar, ".class").stream()
                    .filter(name -> !name.contains("$"))
                    .map(name -> name.replace(".class", ".java"))
                    .toList();
            assertThat(names(sources, ".java")).containsAll(classes);
            assertThat(javadoc.getEntry("index.html")).isNotNull();
        }
        String pom = Files.readString(ROOT.resolve(library).resolve("pom.xml"));
        assertThat(pom).contains("<name>Fanfare ").contains("<description>");
    }

    @Test
    void theNamesOfTheModulesAreValidAndDiffer() {
        Path[] jars = LIBRARIES.stream().map(each -> built(each, ".jar")).toArray(Path[]::new);
        assertThat(ModuleFinder.of(jars).findAll())
                .extracting(module -> module.descriptor())
                .allMatch(ModuleDescriptor::isAutomatic)
                .extracting(ModuleDescriptor::name)
                .containsExactlyInAnyOrder(
                        "io.fanfare.admin",
                        "io.fanfare.auth",
                        "io.fanfare.core",
                        "io.fanfare.endpoint",
                        "io.fanfare.junit",
                        "io.fanfare.nats",
                        "io.fanfare.server",
                        "io.fanfare.spring");
    }

    @Test
    void aStrangersTestNeedsOneDependencyAndOneFieldAndAFileOfJavaRunsAgainstTheSame() throws IOException {
        Path project = stranger();
        Path classPath = directory.resolve("classpath");
        String maven = Program.output(
                Map.of("MAVEN_ARGS", ""),
                List.of(
                        ROOT.resolve("mvnw").toString(),
                        "-B",
                        "-ntp",
                        // other people's artifacts are those that this build has, and no network is asked
                        "-o",
                        "-Dmaven.repo.local.tail=" + ownRepository(),
                        "-Dmaven.repo.local.tail.ignoreAvailability=true",
                        "-Dmaven.repo.local=" + directory.resolve("repository"),
                        "-f",
                        project.resolve("pom.xml").toString(),
                        "test",
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=" + classPath));
        assertThat(maven).contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");

        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String hello = Program.output(
                Map.of(),
                List.of(
                        java,
                        "-cp",
                        Files.readString(classPath),
                        project.resolve("Hello.java").toString()));
        assertThat(hello.lines()).contains("Hello");
    }

    /** The stranger's project, with the versions that this one uses: other people's plugins are not what is tested. */
    private static Path stranger() throws IOException {
        Path template = Path.of("src/test/resources/stranger");
        Path project = directory.resolve("stranger");
        try (Stream<Path> files = Files.walk(template)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path copy = project.resolve(template.relativize(each).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, filled(Files.readString(each)), UTF_8);
            }
        }
        return project;
    }

    private static String filled(String text) {
        return Pattern.compile("@([a-z.-]+\\.version)@")
                .matcher(text)
                .replaceAll(match -> match.group(1).equals("fanfare.version")
                        ? version
                        : first("<" + Pattern.quote(match.group(1)) + ">([^<]+)", parent));
    }

    private static String ownRepository() {
        // Failsafe says it
        return System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository");
    }

    private static List<String> names(JarFile jar, String end) {
        return jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.endsWith(end))
                .toList();
    }

    private static String first(String pattern, String text) {
        List<String> all = all(pattern, text);
        if (all.isEmpty()) {
            throw new AssertionError("no " + pattern);
        }
        return all.get(0);
    }

    private static List<String> all(String pattern, String text) {
        List<String> all = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }
}
