import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints what Pitest found: the changes that no test noticed, and for each room the part that was noticed. */
final class Report {

    private static final Path MUTATIONS = Path.of("broker-core", "target", "pit-reports", "mutations.xml");
    private static final Path PAGE = Path.of("docs", "mutants.md");
    private static final Pattern MUTATION =
            Pattern.compile("<mutation detected='(true|false)' status='(\\w+)'.*?</mutation>");

    /** A line of the page: {@code | room.Class | method | 2 ConditionalsBoundary | reason |}. */
    private static final Pattern EQUIVALENT =
            Pattern.compile("\\| `((?:[a-z]+\\.)+\\w+)` \\| `([^`]+)` \\| (\\d+) (\\w+) \\| [^|]+ \\|");

    private static final int PERCENT = 95;

    /** Changes of one room. */
    private static final class Room {
        int noticed;
        int all;
        int equivalent;
    }

    public static void main(String[] args) throws IOException {
        Map<String, Integer> equivalent = equivalent();
        Map<String, Room> rooms = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        Matcher each = MUTATION.matcher(Files.readString(MUTATIONS).replace("\n", ""));
        while (each.find()) {
            String mutation = each.group();
            String type = field(mutation, "mutatedClass").replaceFirst("^io\\.fanfare\\.", "");
            // what is in a class or a lambda counts as its owner's
            String name = type.replaceFirst("\\$.*", "") + "."
                    + unescaped(field(mutation, "mutatedMethod")).replaceFirst("^lambda\\$(\\w+)\\$\\d+$", "$1");
            String mutator = field(mutation, "mutator");
            mutator = mutator.substring(mutator.lastIndexOf('.') + 1).replaceFirst("Mutator(_.*)?$", "");
            Room room = rooms.computeIfAbsent(type.split("\\.")[0], r -> new Room());
            String key = name + " " + mutator;
            // a JVM that has failed for a reason of its own has noticed nothing, though Pitest counts it so
            if (each.group(1).equals("true") && !each.group(2).equals("RUN_ERROR")) {
                room.noticed++;
                room.all++;
            } else if (equivalent.getOrDefault(key, 0) > 0) {
                equivalent.merge(key, -1, Integer::sum);
                room.equivalent++;
            } else {
                room.all++;
                survivors.add(name + ":" + field(mutation, "lineNumber") + " " + mutator + " ("
                        + each.group(2).toLowerCase() + "): " + unescaped(field(mutation, "description")));
            }
        }
        survivors.forEach(System.out::println);
        boolean enough = !rooms.isEmpty();
        for (Map.Entry<String, Room> entry : rooms.entrySet()) {
            Room room = entry.getValue();
            double percent = 100.0 * room.noticed / Math.max(1, room.all);
            System.out.printf("%s: %d of %d noticed, %.1f %%; %d more that no test can notice%n",
                    entry.getKey(), room.noticed, room.all, percent, room.equivalent);
            enough &= percent >= PERCENT;
        }
        equivalent.forEach((key, left) -> {
            String room = key.substring(0, key.indexOf('.'));
            if (left > 0 && rooms.containsKey(room)) {
                System.out.println(PAGE + " names more than there are: " + left + " " + key);
            }
        });
        System.exit(enough ? 0 : 1);
    }

    /** How many changes of each kind no test can notice, by method and kind. */
    private static Map<String, Integer> equivalent() throws IOException {
        Map<String, Integer> all = new LinkedHashMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = EQUIVALENT.matcher(line);
            if (row.matches()) {
                String change = row.group(1) + "." + row.group(2) + " " + row.group(4);
                all.merge(change, Integer.parseInt(row.group(3)), Integer::sum);
            }
        }
        return all;
    }

    private static String field(String mutation, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">(.*?)</" + name + ">").matcher(mutation);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#39;", "'")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
