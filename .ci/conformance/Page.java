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
 * Makes docs/conformance.md and docs/hardening.md from what the tests recorded in each module's {@code
 * target/conformance}. Run from the root behind {@code ./mvnw verify}:
 *
 * <pre>
 * java .ci/conformance/Page.java           writes the pages
 * java .ci/conformance/Page.java --check   fails when a line has no test or a failed one, or a page is another one
 * </pre>
 */
final class Page {

    private static final Path LISTS = Path.of(".ci/conformance");
    private static final Pattern LINE = Pattern.compile("(\\d+) (later: )?(.*)");
    private static final String MADE_BY =
            """
            Made by `java .ci/conformance/Page.java` from what the tests recorded during `./mvnw verify`; no result is written by hand.
            A test whose class ends in `IT` talks to a running server through sockets.
            """;

    private static final String MORE_LENIENT =
            """

            ## More lenient than the letter

            Where clients in use depart from a specification, and no other client can notice, Fanfare takes what they send.

            | the letter | Fanfare | because | items |
            |---|---|---|---|
            | 1.1, 1.2: SUBSCRIBE has an `id`, UNSUBSCRIBE names it | without one the destination is the id, as in 1.0; a second SUBSCRIBE without id to the same destination is an ERROR | stomp-php, the most used client of PHP, sends none, and RabbitMQ takes that | 86, 88, 92 |
            | 1.2: ACK and NACK name the `ack` of the MESSAGE | a `message-id` of the same connection is understood too | stomp-php names deliveries so; no `ack` is also a `message-id` | 101, 102 |
            | 1.0 has no NACK, and no `ack:client-individual` | both work | PHP's PECL extension writes `client-individual` whatever the version, and stomp-php NACKs | 104, 105 |
            | SEND, MESSAGE and ERROR alone have a body | CR and LF alone are no body in any frame; anything else is an ERROR from 1.1 on | a second empty line, typed by hand or sent by scripts, harms nobody | 41 |
            | a NUL ends a frame; line ends may follow | on TCP the broker lets a line feed follow each NUL (`stomp_trailing_lf`), on WebSocket none | PHP's PECL extension reads two octets behind a body; RabbitMQ and ActiveMQ send it | 35 |
            | 1.1, 1.2: CONNECT has a `host` | it is optional and ignored: there is one virtual host | @stomp/stompjs, the most used client of web pages, sends none | 63 |
            | 1.0, 1.1: lines end with LF | CR LF ends them too, as in 1.2 | clients do not change how they end lines with the version that was agreed on | 33, 34 |
            | 1.1, 1.2: a colon in a header is written `\\c` | further colons belong to the value | a client that does not escape them means nothing else | 45 |
            """;

    private static final List<Page> PAGES = List.of(
            new Page(
                    "docs/conformance.md",
                    """
                    # Conformance

                    What STOMP 1.0, 1.1 and 1.2 over WebSocket and TCP ask of a broker, one item a line, and the tests that prove it.
                    """,
                    "duty",
                    "later",
                    MORE_LENIENT,
                    new Listing("item", "items.txt")),
            new Page(
                    "docs/hardening.md",
                    """
                    # Hardening

                    What hostile input, overload and faults meet, one case a line, and the tests that attack. Behind them, what became
                    known of other brokers and must not happen here. What was fuzzed stands in
                    [decision 0023](decisions/0023-fuzzing.md), how to repeat the long runs in [operations](operations.md).
                    """,
                    "attack or fault",
                    "does not apply",
                    "",
                    new Listing("case", "cases.txt"),
                    new Listing("advisory", "advisories.txt")));

    /**
     * Numbered lines of a page.
     *
     * @param kind how tests name them
     * @param file their list
     */
    private record Listing(String kind, String file) {}

    private final Path path;
    private final String head;
    private final String what;
    private final String later;
    private final String foot;
    private final List<Listing> listings;
    private final List<String> complaints = new ArrayList<>();

    private Page(String path, String head, String what, String later, String foot, Listing... listings) {
        this.path = Path.of(path);
        this.head = head;
        this.what = what;
        this.later = later;
        this.foot = foot;
        this.listings = List.of(listings);
    }

    public static void main(String[] args) throws IOException {
        boolean check = args.length > 0 && args[0].equals("--check");
        var records = readRecords();
        List<String> complaints = new ArrayList<>();
        for (Page page : PAGES) {
            String text = page.write(records);
            complaints.addAll(page.complaints);
            if (!check) {
                Files.writeString(page.path, text);
            } else if (!Files.exists(page.path) || !Files.readString(page.path).equals(text)) {
                complaints.add(page.path + " is not what the tests say: run java .ci/conformance/Page.java");
            }
        }
        complaints.forEach(System.err::println);
        if (!complaints.isEmpty()) {
            System.exit(1);
        }
    }

    /** By tag and test class: each method and its result. */
    private static Map<String, Map<String, Map<String, String>>> readRecords() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.find(
                Path.of(""), 4, (path, a) -> path.endsWith(Path.of("target/conformance", path.getFileName() + "")))) {
            files = found.filter(path -> path.toString().endsWith(".tsv")).sorted().toList();
        }
        Map<String, Map<String, Map<String, String>>> records = new TreeMap<>();
        for (Path file : files) {
            Path module = file.subpath(0, file.getNameCount() - 3);
            String testClass = file.getFileName().toString().replaceFirst("\\.tsv$", "");
            Path source = module.resolve("src/test/java/" + testClass.replace('.', '/') + ".java");
            if (!Files.exists(source)) {
                continue; // left over from a test that has another name now
            }
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("\t");
                records.computeIfAbsent(parts[0], tag -> new TreeMap<>())
                        .computeIfAbsent(source.toString(), name -> new TreeMap<>())
                        .put(parts[1], parts[2]);
            }
        }
        return records;
    }

    private String write(Map<String, Map<String, Map<String, String>>> records) throws IOException {
        StringBuilder page = new StringBuilder(head).append(MADE_BY);
        for (Listing listing : listings) {
            for (String line : Files.readAllLines(LISTS.resolve(listing.file()))) {
                Matcher numbered = LINE.matcher(line);
                if (numbered.matches()) {
                    String tag = listing.kind() + "-" + numbered.group(1);
                    page.append(row(numbered, tag, records.getOrDefault(tag, Map.of())));
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    page.append("\n## %s\n\n| %s | %s | tests | result |\n|---|---|---|---|\n"
                            .formatted(line, listing.kind(), what));
                }
            }
        }
        return page.append(foot).toString();
    }

    private String row(Matcher numbered, String tag, Map<String, Map<String, String>> tests) {
        List<String> cells = new ArrayList<>();
        TreeSet<String> results = new TreeSet<>();
        tests.forEach((source, methods) -> {
            String name = source.replaceFirst(".*/", "").replaceFirst("\\.java$", "");
            cells.add("[" + name + "](../" + source + "): " + String.join(", ", methods.keySet()));
            results.addAll(methods.values());
        });
        boolean isLater = numbered.group(2) != null;
        String result = results.contains("FAILED")
                ? "FAILED"
                : results.contains("passed") ? "passed" : isLater ? later : "MISSING";
        String text = numbered.group(3);
        if (result.equals("FAILED") || result.equals("MISSING")) {
            complaints.add(tag + " (" + text + "): " + result + " " + String.join("; ", cells));
        }
        return "| " + numbered.group(1) + " | " + text + " | " + String.join("<br>", cells) + " | " + result + " |\n";
    }
}
