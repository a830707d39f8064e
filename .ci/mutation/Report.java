import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints what Pitest found: the changes that no test noticed, and for each room the part that was noticed. */
final class Report {

    private static final Path MUTATIONS = Path.of("broker-core", "target", "pit-reports", "mutations.xml");
    private static final Path EQUIVALENT = Path.of(".ci", "mutation", "equivalent.txt");
    private static final Pattern MUTATION = Pattern.compile("<mutation detected='(true|false)' status='(\\w+)'.*?</mutation>");
    private static final int PERCENT = 95;

    /** Changes of one room. */
    private static final class Room {
        int noticed;
        int all;
    }

    public static void main(String[] args) throws IOException {
        Set<String> equivalent = equivalent();
        Set<String> unused = new LinkedHashSet<>(equivalent);
        Map<String, Room> rooms = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        Matcher each = MUTATION.matcher(Files.readString(MUTATIONS).replace("\n", ""));
        while (each.find()) {
            String mutation = each.group();
            String type = field(mutation, "mutatedClass");
            String name = type.substring(type.lastIndexOf('.') + 1) + "." + unescaped(field(mutation, "mutatedMethod"));
            String mutator = field(mutation, "mutator");
            mutator = mutator.substring(mutator.lastIndexOf('.') + 1).replaceFirst("(_ORDER)?Mutator(_.*)?$", "");
            if (each.group(1).equals("false") && equivalent.contains(name + " " + mutator)) {
                unused.remove(name + " " + mutator);
                continue;
            }
            Room room = rooms.computeIfAbsent(type.split("\\.")[2], r -> new Room());
            room.all++;
            if (each.group(1).equals("true")) {
                room.noticed++;
            } else {
                survivors.add(name + ":" + field(mutation, "lineNumber") + " " + mutator + " ("
                        + each.group(2).toLowerCase() + "): " + unescaped(field(mutation, "description")));
            }
        }
        survivors.forEach(System.out::println);
        boolean enough = !rooms.isEmpty();
        for (Map.Entry<String, Room> room : rooms.entrySet()) {
            int percent = 100 * room.getValue().noticed / room.getValue().all;
            System.out.printf("%s: %d of %d noticed, %d %%%n", room.getKey(), room.getValue().noticed, room.getValue().all, percent);
            enough &= percent >= PERCENT;
        }
        unused.forEach(line -> System.out.println("not met in this run: " + line));
        System.exit(enough ? 0 : 1);
    }

    private static Set<String> equivalent() throws IOException {
        Set<String> all = new LinkedHashSet<>();
        for (String line : Files.readAllLines(EQUIVALENT)) {
            if (!line.startsWith("#") && !line.isBlank()) {
                String[] words = line.split(" ", 3);
                if (words.length < 3) {
                    throw new IllegalArgumentException("without a reason: " + line);
                }
                all.add(words[0] + " " + words[1]);
            }
        }
        return all;
    }

    private static String field(String mutation, String name) {
        Matcher matcher = Pattern.compile("<" + name + ">(.*?)</" + name + ">").matcher(mutation);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    }
}
