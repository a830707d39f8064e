package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Statements that a page or a comment shows: compiled as they stand, and run. */
final class JavaExamples {

    private static final Pattern OF_PAGE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern OF_COMMENT = Pattern.compile("<pre>\\{@code\n(.*?)\\}</pre>", Pattern.DOTALL);

    /** An example that starts a server of its own. */
    private static final Pattern OWN_SERVER = Pattern.compile("(FanfareServer|var) server\\b");

    private JavaExamples() {}

    /** The blocks of a page in Markdown. */
    static List<String> ofPage(String page) {
        return OF_PAGE.matcher(page).results().map(found -> found.group(1)).toList();
    }

    /** The examples in the documentation comments of a source. */
    static List<String> ofComments(String source) {
        return OF_COMMENT
                .matcher(source)
                .results()
                .map(JavaExamples::withoutStars)
                .toList();
    }

    private static String withoutStars(MatchResult found) {
        return found.group(1)
                .lines()
                .map(line -> line.replaceFirst("^\\s*\\* ?", ""))
                .collect(Collectors.joining("\n"));
    }

    /** A source with a method for each example, which gets a server under that name. */
    private static String source(String imports, List<String> examples) {
        StringBuilder source = new StringBuilder(imports).append("public class Examples {\n");
        for (int i = 0; i < examples.size(); i++) {
            boolean hasOwn = OWN_SERVER.matcher(examples.get(i)).find();
            source.append("public static void run" + i + "(FanfareServer " + (hasOwn ? "other" : "server") + ")")
                    .append(" throws Exception {\n")
                    .append(examples.get(i))
                    .append("\n}\n");
        }
        return source.append("}\n").toString();
    }

    /** Compiles the examples into a folder, and runs each of them with this server. */
    static void run(String imports, List<String> examples, Path folder, FanfareServer server) throws Exception {
        compile(source(imports, examples), folder);
        URL[] classes = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, JavaExamples.class.getClassLoader())) {
            Class<?> type = loader.loadClass("Examples");
            for (int i = 0; i < examples.size(); i++) {
                run(type, i, examples.get(i), server);
            }
        }
    }

    private static void run(Class<?> type, int number, String example, FanfareServer server) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        type.getMethod("run" + number, FanfareServer.class).invoke(null, server);
                        done.complete(null);
                    } catch (InvocationTargetException e) {
                        done.completeExceptionally(e.getCause());
                    } catch (ReflectiveOperationException e) {
                        done.completeExceptionally(e);
                    }
                },
                "example");
        thread.start();
        try {
            done.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("this example has failed:\n" + example, e.getCause());
        } finally {
            thread.interrupt();
        }
    }

    private static void compile(String source, Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Examples.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options = new ArrayList<>(
                List.of("-d", folder.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path")));
        boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(file))
                .call();
        assertThat(compiled).as("%s%n%s", messages, source).isTrue();
    }
}
