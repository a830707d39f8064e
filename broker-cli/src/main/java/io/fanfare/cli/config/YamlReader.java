package io.fanfare.cli.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fanfare.cli.config.ConfigException.Problem;
import io.fanfare.cli.config.ConfigNode.Empty;
import io.fanfare.cli.config.ConfigNode.Entry;
import io.fanfare.cli.config.ConfigNode.Items;
import io.fanfare.cli.config.ConfigNode.Scalar;
import io.fanfare.cli.config.ConfigNode.Section;
import io.fanfare.files.BoundedFile;
import io.fanfare.files.UnreadableFileException;
import io.fanfare.frame.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads a YAML file into nodes with their places, event by event: without objects by name, aliases, or anything else
 * that refers to itself or grows.
 */
final class YamlReader {

    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 16;

    /** Limit on values: each one keeps its whole key, which repeats the keys round it. */
    static final int MAX_VALUES = 50_000;

    static final int MAX_KEY = 512;
    static final int MAX_TEXT = 1 << 16;

    private static final int MAX_REASON = 200;
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final YAMLFactory YAML = new YAMLFactory();

    private final String source;
    private final YAMLParser parser;
    private final List<Problem> problems;
    private int values;

    private YamlReader(String source, YAMLParser parser, List<Problem> problems) {
        this.source = source;
        this.parser = parser;
        this.problems = problems;
    }

    /**
     * The file's keys; what is wrong with it as YAML goes to {@code problems}, and none if it is not readable at all.
     */
    static Section read(Path file, List<Problem> problems) {
        try {
            return parse(file, text(file), problems);
        } catch (ConfigException e) {
            problems.addAll(e.problems());
            return new Section("", Place.whole(file.toString()), List.of());
        }
    }

    private static String text(Path file) {
        try {
            return text(file, file(file).read());
        } catch (UnreadableFileException e) {
            throw refused(e);
        }
    }

    /** A file with the limit on its size. */
    static BoundedFile file(Path file) {
        return new BoundedFile(file, MAX_BYTES, BoundedFile.Secrecy.PUBLIC);
    }

    /**
     * The text of a file.
     *
     * @param content of the file
     * @throws ConfigException when it is not UTF-8
     */
    static String text(Path file, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException(Place.whole(file.toString()), "is not UTF-8");
        }
    }

    /** The mistake that a file is which can't be read. */
    static ConfigException refused(UnreadableFileException e) {
        String reason = switch (e.reason()) {
            case MISSING -> "no such file";
            case DENIED -> "may not be read: permission denied";
            case TOO_LARGE -> String.format(Locale.ROOT, "is larger than %,d B", MAX_BYTES);
            case EXPOSED, FAILED ->
                String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage());
        };
        return new ConfigException(Place.whole(e.file().toString()), reason);
    }

    /** The keys of a file's text. */
    static Section parse(Path file, String text, List<Problem> problems) {
        String source = file.toString();
        try (YAMLParser parser = YAML.createParser(text)) {
            return new YamlReader(source, parser, problems).document(text);
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        } catch (IOException e) {
            problems.add(new Problem(Place.whole(source), String.valueOf(e.getMessage())));
        }
        return new Section("", Place.whole(source), List.of());
    }

    private Section document(String text) throws IOException {
        try {
            return document();
        } catch (JsonProcessingException e) {
            throw e.getCause() instanceof ReaderException ? forbidden(text) : notYaml(e);
        }
    }

    private ConfigException notYaml(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            Mark mark = marked.getProblemMark();
            return notYaml(new Place(source, mark.getLine() + 1, mark.getColumn() + 1), marked.getProblem());
        }
        JsonLocation at = e.getLocation();
        boolean isKnown = at != null && at.getLineNr() > 0;
        return notYaml(isKnown ? new Place(source, at.getLineNr(), at.getColumnNr()) : place(), e.getOriginalMessage());
    }

    /** Finds the place of a forbidden character in the file; the library reports its place in a buffer. */
    private ConfigException forbidden(String text) {
        int at = 0;
        while (at < text.length() && StreamReader.isPrintable(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        String before = text.substring(0, at);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        String character = text.substring(at, Math.min(at + 1, text.length()));
        return notYaml(
                new Place(source, line, at - before.lastIndexOf('\n')),
                "a character that must not stand there: " + Printable.of(character));
    }

    /** Cleans the library's reason, which may repeat any characters of the file. */
    private static ConfigException notYaml(Place place, String why) {
        String line = UNSAFE.matcher(why.lines().findFirst().orElse("unknown")).replaceAll("?");
        return new ConfigException(place, "not YAML: " + line.substring(0, Math.min(line.length(), MAX_REASON)));
    }

    private Section document() throws IOException {
        parser.nextToken();
        ConfigNode root = parser.isClosed() ? new Empty("", Place.whole(source)) : node("", 0);
        parser.nextToken();
        if (!parser.isClosed()) {
            throw new ConfigException(place(), "a second YAML document; a configuration is one");
        }
        if (root instanceof Section section) {
            return section;
        }
        if (root instanceof Empty) {
            return new Section("", Place.whole(source), List.of());
        }
        throw new ConfigException(root.place(), "a configuration is keys with values, not " + root.shown());
    }

    private ConfigNode node(String key, int depth) throws IOException {
        Place place = place();
        if (++values > MAX_VALUES) {
            throw new ConfigException(place, String.format(Locale.ROOT, "more than %,d values", MAX_VALUES));
        }
        if (parser.isCurrentAlias()) {
            throw new ConfigException(place, "aliases are not supported: " + Printable.of("*" + parser.getText()));
        }
        if (parser.getTypeId() != null) {
            throw new ConfigException(place, "tags are not supported: " + Printable.of(parser.getTypeId()));
        }
        if (depth > MAX_DEPTH) {
            throw new ConfigException(place, "nested more than " + MAX_DEPTH + " deep");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> new Section(key, place, entries(key, depth));
            case START_ARRAY -> new Items(key, place, items(key, depth));
            case VALUE_NULL -> new Empty(key, place);
            default -> scalar(key, place);
        };
    }

    private Scalar scalar(String key, Place place) throws IOException {
        Scalar scalar = new Scalar(key, place, parser.getText());
        if (scalar.text().length() > MAX_TEXT) {
            throw scalar.refused(String.format(Locale.ROOT, "is longer than %,d characters", MAX_TEXT));
        }
        return scalar;
    }

    private List<Entry> entries(String key, int depth) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Place place = place();
            String name = parser.currentName();
            if (key.length() + name.length() >= MAX_KEY) {
                throw new ConfigException(
                        place,
                        String.format(
                                Locale.ROOT,
                                "a key of more than %,d characters, with its sections: %s",
                                MAX_KEY,
                                Printable.of(name)));
            }
            parser.nextToken();
            Entry entry = new Entry(name, place, node(key.isEmpty() ? name : key + "." + name, depth + 1));
            Entry earlier = entries.putIfAbsent(name, entry);
            if (earlier != null) {
                problems.add(repeated(entry, earlier.place()));
            }
        }
        return List.copyOf(entries.values());
    }

    private List<ConfigNode> items(String key, int depth) throws IOException {
        List<ConfigNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(key + "[" + items.size() + "]", depth + 1));
        }
        return List.copyOf(items);
    }

    static Problem repeated(Entry entry, Place earlier) {
        return new Problem(
                entry.place(), Printable.of(entry.value().key()) + " stands in line " + earlier.line() + " already");
    }

    private Place place() {
        JsonLocation at = parser.currentTokenLocation();
        return new Place(source, at.getLineNr(), at.getColumnNr());
    }
}
