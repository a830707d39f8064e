import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints what {@link Mutants} found: the changes that no test noticed, and for each room the part that was noticed. */
final class Report {

    private static final Path PAGE = Path.of("docs", "mutants.md");

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
        Set<String> classes = new HashSet<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] fields = line.split("\t");
            String type = fields[1].replaceFirst("^io\\.fanfare\\.", "");
            // what is in a class or a lambda counts as its owner's
            String name =
                    type.replaceFirst("\\$.*", "") + "." + fields[2].replaceFirst("^lambda\\$(\\w+)\\$\\d+$", "$1");
            classes.add(type.replaceFirst("\\$.*", ""));
            String mutator = fields[4].replaceFirst("Mutator(_.*)?$", "");
            Room room = rooms.computeIfAbsent(type.split("\\.")[0], r -> new Room());
            String key = name + " " + mutator;
            if (!fields[0].equals("SURVIVED")) {
                room.noticed++;
                room.all++;
            } else if (equivalent.getOrDefault(key, 0) > 0) {
                equivalent.merge(key, -1, Integer::sum);
                room.equivalent++;
            } else {
                room.all++;
                survivors.add(name + ":" + fields[3] + " " + mutator + ": " + fields[5]);
            }
        }
        survivors.forEach(System.out::println);
        boolean enough = !rooms.isEmpty();
        for (Map.Entry<String, Room> entry : rooms.entrySet()) {
            Room room = entry.getValue();
            double percent = 100.0 * room.noticed / Math.max(1, room.all);
            System.out.printf(
                    "%s: %d of %d noticed, %.1f %%; %d more that no test can notice%n",
                    entry.getKey(), room.noticed, room.all, percent, room.equivalent);
            enough &= percent >= PERCENT;
        }
        equivalent.forEach((key, left) -> {
            if (left > 0 && classes.contains(key.substring(0, key.lastIndexOf('.')))) {
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
}
