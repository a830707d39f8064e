package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/embedding.md, and those in the comments of what an embedder calls, are compiled and run. */
class EmbeddingPageIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    private static final Path PAGE = Path.of("../docs/embedding.md");

    private static final List<Path> SOURCES = List.of(
            Path.of("src/main/java/io/fanfare/server/FanfareServer.java"),
            Path.of("src/main/java/io/fanfare/server/FanfareServerBuilder.java"));

    @TempDir
    Path classes;

    private static String imports() throws Exception {
        return JavaExamples.ofPage(Files.readString(PAGE)).get(0);
    }

    @Test
    void examplesOfThePageRun() throws Exception {
        List<String> blocks = JavaExamples.ofPage(Files.readString(PAGE));
        assertThat(blocks).hasSizeGreaterThan(10);
        JavaExamples.run(imports(), blocks.subList(1, blocks.size()), classes, SERVER.running());
        SERVER.running().clear();
    }

    @Test
    void examplesOfCommentsRun() throws Exception {
        List<String> examples = new ArrayList<>();
        for (Path source : SOURCES) {
            examples.addAll(JavaExamples.ofComments(Files.readString(source)));
        }
        assertThat(examples).hasSizeGreaterThan(6);
        JavaExamples.run(imports(), examples, classes, SERVER.running());
        SERVER.running().clear();
    }
}
