package io.fanfare.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the page about tests compiles. */
class TestingPageTest {

    private static final Path PAGE = Path.of("../docs/testing.md");
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final String HEAD = """
            import static java.time.Duration.*;
            import static org.assertj.core.api.Assertions.assertThat;
            import io.fanfare.junit.*;
            import io.fanfare.testkit.*;
            import io.fanfare.testkit.wire.*;
            import java.util.List;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.RegisterExtension;
            """;

    private record Source(String name, String code) {

        JavaFileObject file() {
            return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return code;
                }
            };
        }
    }

    @Test
    void everyBlockCompiles(@TempDir Path classes) throws IOException {
        List<Source> sources = new ArrayList<>();
        sources.add(new Source(
                "OrdersApplication",
                "interface OrdersApplication extends AutoCloseable { void close();"
                        + " static OrdersApplication connect(java.net.URI uri) { return () -> {}; } }"));
        Matcher block = BLOCK.matcher(Files.readString(PAGE, UTF_8));
        while (block.find()) {
            String code = block.group(1);
            String name = code.contains("class OrdersTest") ? "OrdersTest" : "Block" + sources.size();
            boolean isClass = name.equals("OrdersTest");
            sources.add(new Source(
                    name,
                    HEAD
                            + (isClass
                                    ? code
                                    : "class " + name + " { void run(FanfareExtension broker) {\n" + rename(code)
                                            + "}}")));
        }
        assertThat(sources).as("blocks of the page").hasSizeGreaterThan(6);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        boolean compiled = compiler.getTask(
                        errors,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-proc:none"),
                        null,
                        sources.stream().map(Source::file).toList())
                .call();
        assertThat(compiled).as(errors.toString()).isTrue();
    }

    /** The broker of the block that makes its own hides no parameter. */
    private static String rename(String code) {
        return code.contains("TestBroker broker =") ? code.replace("broker", "own") : code;
    }
}
