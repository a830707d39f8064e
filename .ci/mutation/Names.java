import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of classes below a folder. */
final class Names {

    /** They find by chance what a test of its own should say, hang on every changed instruction, or take long. */
    private static final Pattern OTHER_TESTS = Pattern.compile(
            ".*(Model|Fuzz|Threads|Memory|Race|Scale|Storm)Test|.*\\.(GarbageTest|ArchitectureTest|Source\\w+Test)");

    private Names() {}

    static boolean isTest(String name) {
        return name.endsWith("Test") && !OTHER_TESTS.matcher(name).matches();
    }

    /** Those below {@code io.fanfare} that match one of the names, with {@code *}, by commas, in their order; sorted. */
    static List<String> of(Path folder, String wanted, Predicate<String> also) throws IOException {
        String names = Stream.of(wanted.split(","))
                .map(each -> "\\Q" + each.replace("*", "\\E.*\\Q") + "\\E")
                .collect(Collectors.joining("|", "io\\.fanfare\\.(", ")(\\$.*)?"));
        Pattern pattern = Pattern.compile(names);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(each -> folder.relativize(each).toString())
                    .filter(each -> each.endsWith(".class"))
                    .map(each ->
                            each.substring(0, each.length() - ".class".length()).replace('/', '.'))
                    .filter(each ->
                            pattern.matcher(each).matches() && !each.endsWith("package-info") && also.test(each))
                    .sorted()
                    .toList();
        }
    }
}
