import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes docs/conformance.md from what the tests recorded in each module's {@code target/conformance}. Run from the root
 * behind {@code ./mvnw verify}:
 *
 * <pre>
 * java .ci/conformance/Page.java           writes the page
 * java .ci/conformance/Page.java --check   fails when an item has no test or a failed one, or the page is another one
 * </pre>
 */
final class Page {

    private static final Path ITEMS = Path.of(".ci/conformance/items.txt");
    private static final Path PAGE = Path.of("docs/conformance.md");
    private static final Pattern ITEM = Pattern.compile("(\\d+) (later: )?(.*)");
    private static final String HEAD =
            """
            # Conformance

            What STOMP 1.0, 1.1 and 1.2 over WebSocket and TCP ask of a broker, one item a line, and the tests that prove it.
            Made by `java .ci/conformance/Page.java` from what the tests recorded during `./mvnw verify`; no result is written by hand.
            A test whose class ends in `IT` talks to a running server through sockets.
            """;

    /** By item and test class: each method and its result. */
    private final Map<Integer, Map<String, Map<String, String>>> records = new TreeMap<>();

    private final List<String> complaints = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        Page page = new Page();
        page.readRecords();
        String text = page.write();
        if (args.length > 0 && args[0].equals("--check")) {
            if (!Files.exists(PAGE) || !Files.readString(PAGE).equals(text)) {
                page.complaints.add(PAGE + " is not what the tests say: run java .ci/conformance/Page.java");
            }
        } else {
            Files.writeString(PAGE, text);
        }
        page.complaints.forEach(System.err::println);
        if (!page.complaints.isEmpty()) {
            System.exit(1);
        }
    }

    private void readRecords() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.find(
                Path.of(""), 4, (path, a) -> path.endsWith(Path.of("target/conformance", path.getFileName() + "")))) {
            files = found.filter(path -> path.toString().endsWith(".tsv")).sorted().toList();
        }
        for (Path file : files) {
            Path module = file.subpath(0, file.getNameCount() - 3);
            String testClass = file.getFileName().toString().replaceFirst("\\.tsv$", "");
            Path source = module.resolve("src/test/java/" + testClass.replace('.', '/') + ".java");
            if (!Files.exists(source)) {
                continue; // left over from a test that has another name now
            }
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("\t");
                records.computeIfAbsent(Integer.valueOf(parts[0]), item -> new TreeMap<>())
                        .computeIfAbsent(source.toString(), name -> new TreeMap<>())
                        .put(parts[1], parts[2]);
            }
        }
    }

    private String write() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (String line : Files.readAllLines(ITEMS)) {
            Matcher item = ITEM.matcher(line);
            if (item.matches()) {
                page.append(row(Integer.parseInt(item.group(1)), item.group(2) != null, item.group(3)));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                page.append("\n## ").append(line).append("\n\n| item | duty | tests | result |\n|---|---|---|---|\n");
            }
        }
        return page.toString();
    }

    private String row(int item, boolean later, String duty) {
        Map<String, Map<String, String>> tests = records.getOrDefault(item, Map.of());
        List<String> cells = new ArrayList<>();
        TreeSet<String> results = new TreeSet<>();
        tests.forEach((source, methods) -> {
            String name = source.replaceFirst(".*/", "").replaceFirst("\\.java$", "");
            cells.add("[" + name + "](../" + source + "): " + String.join(", ", methods.keySet()));
            results.addAll(methods.values());
        });
        String result = results.contains("FAILED")
                ? "FAILED"
                : results.contains("passed") ? "passed" : later ? "later" : "MISSING";
        if (result.equals("FAILED") || result.equals("MISSING")) {
            complaints.add("item " + item + " (" + duty + "): " + result + " " + String.join("; ", cells));
        }
        return "| " + item + " | " + duty + " | " + String.join("<br>", cells) + " | " + result + " |\n";
    }
}
