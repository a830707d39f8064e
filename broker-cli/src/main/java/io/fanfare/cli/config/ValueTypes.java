package io.fanfare.cli.config;

import io.fanfare.cli.config.ConfigNode.Scalar;
import io.fanfare.cli.config.Type.Word;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ready-made {@link Type}s: flags, numbers, texts, sizes, times, files, and lists of them. */
final class ValueTypes {

    private ValueTypes() {}

    /** {@code true} or {@code false}. */
    record Flag() implements Word<Boolean> {

        @Override
        public String form() {
            return "true or false";
        }

        @Override
        public @Nullable Boolean parse(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
            };
        }

        @Override
        public String write(Boolean value) {
            return value.toString();
        }
    }

    /** A whole number. */
    record Count(int min, int max) implements Word<Integer> {

        static final Count PORT = new Count(0, 65535);
        static final Count POSITIVE = new Count(1, Integer.MAX_VALUE);

        private static final Pattern DIGITS = Pattern.compile("\\d{1,10}");

        @Override
        public String form() {
            return "a number from " + min + " to " + max;
        }

        @Override
        public @Nullable Integer parse(String text) {
            if (!DIGITS.matcher(text).matches()) {
                return null;
            }
            long number = Long.parseLong(text);
            return number < min || number > max ? null : (int) number;
        }

        @Override
        public String write(Integer value) {
            return value.toString();
        }
    }

    /**
     * A text of one line.
     *
     * @param form the form of a value, for errors
     * @param pattern matches every value
     */
    record Text(String form, Pattern pattern) implements Word<String> {

        static final Text NAME = new Text("a text of one line", ".{1,255}");
        static final Text HOST = new Text("an address or a name", "[^\\s\\p{Cntrl}]{1,255}");

        /** No controls, line terminators or lone surrogates: texts that fit on one line of YAML, and of a log. */
        private static final Pattern LINE = Pattern.compile("[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\uFFFE\\uFFFF]*");

        /** Texts that need no quotes anywhere in YAML; a digit followed by _ may be read as a number. */
        private static final Pattern PLAIN =
                Pattern.compile("(?!(?i:null)$|\\d.*_)[\\p{Alnum}/._][\\p{Alnum}/._:-]*(?<!:)");

        Text(String form, String regex) {
            this(form, Pattern.compile(regex));
        }

        @Override
        public @Nullable String parse(String text) {
            return LINE.matcher(text).matches() && pattern.matcher(text).matches() ? text : null;
        }

        @Override
        public String write(String value) {
            return PLAIN.matcher(value).matches() ? value : quoted(value);
        }
    }

    /** A number of bytes: {@code 64KiB}, {@code 256MiB}, or a number alone. */
    record Size(long min, long max) implements Word<Long> {

        /** From one byte up. */
        static final Size ANY = new Size(1, 1L << 50);

        private static final Pattern FORM =
                Pattern.compile("(\\d{1,18})(|B|KiB|MiB|GiB|TiB)", Pattern.CASE_INSENSITIVE);

        /** Each unit is 1,024 of the one before. */
        private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

        private static final List<String> LOWER_CASE =
                UNITS.stream().map(unit -> unit.toLowerCase(Locale.ROOT)).toList();

        private static final int UNIT_BITS = 10;

        @Override
        public String form() {
            return "a size from " + write(min) + " to " + write(max) + " (B, KiB, MiB, GiB, TiB)";
        }

        @Override
        public @Nullable Long parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            long number = Long.parseLong(matcher.group(1));
            int shift =
                    UNIT_BITS * Math.max(0, LOWER_CASE.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)));
            // compared before the shift, which could overflow
            return number > (max >> shift) || (number << shift) < min ? null : Long.valueOf(number << shift);
        }

        @Override
        public String write(Long value) {
            int unit = value == 0 ? 0 : Math.min(UNITS.size() - 1, Long.numberOfTrailingZeros(value) / UNIT_BITS);
            return (value >> (UNIT_BITS * unit)) + UNITS.get(unit);
        }
    }

    /** A size, or a percentage of the JVM's maximum heap: {@code 256MiB}, {@code 50%}. */
    record HeapShare(Size size, long heap) implements Word<Long> {

        private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,2}))?%");

        private static final int HUNDREDTHS_OF_ALL = 100 * 100;

        @Override
        public String form() {
            return size.form() + ", or a part of the heap such as 50%";
        }

        @Override
        public @Nullable Long parse(String text) {
            Matcher matcher = PERCENT.matcher(text);
            if (matcher.matches()) {
                String fraction = (matcher.group(2) == null ? "" : matcher.group(2)) + "00";
                int hundredths = Integer.parseInt(matcher.group(1) + fraction.substring(0, 2));
                return hundredths == 0 || hundredths > HUNDREDTHS_OF_ALL ? null : Long.valueOf(part(hundredths));
            }
            return size.parse(text);
        }

        private long part(int hundredths) {
            return heap * hundredths / HUNDREDTHS_OF_ALL;
        }

        /** Written as a percentage where possible, so that a file made on one machine suits another. */
        @Override
        public String write(Long value) {
            for (int hundredths = 1; hundredths <= HUNDREDTHS_OF_ALL; hundredths++) {
                if (part(hundredths) == value) {
                    return BigDecimal.valueOf(hundredths, 2)
                                    .stripTrailingZeros()
                                    .toPlainString() + "%";
                }
            }
            return size.write(value);
        }
    }

    /** A duration with its unit: {@code 500ms}, {@code 10s}, {@code 1d}. */
    record Time(Duration min, Duration max) implements Word<Duration> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

        @Override
        public String form() {
            return "a time from " + write(min) + " to " + write(max) + " with its unit (ms, s, m, h, d)";
        }

        @Override
        public @Nullable Duration parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            Duration time = unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
            return time.compareTo(min) < 0 || time.compareTo(max) > 0 ? null : time;
        }

        private static Duration unit(String name) {
            return switch (name) {
                case "ms" -> Duration.ofMillis(1);
                case "s" -> Duration.ofSeconds(1);
                case "m" -> Duration.ofMinutes(1);
                case "h" -> Duration.ofHours(1);
                default -> Duration.ofDays(1);
            };
        }

        @Override
        public String write(Duration value) {
            long millis = value.toMillis();
            for (String unit : new String[] {"d", "h", "m", "s"}) {
                long length = unit(unit).toMillis();
                if (millis >= length && millis % length == 0) {
                    return millis / length + unit;
                }
            }
            return millis == 0 ? "0s" : millis + "ms";
        }
    }

    /**
     * A readable file, or {@code off}. Relative paths begin at the folder of the file that contains them.
     *
     * @param secret the content is secret: a file that every user of the machine may read is refused
     */
    record FilePath(boolean secret) implements Type<Optional<Path>> {

        private static final String OFF = "off";
        private static final Text PATH = new Text("the path of a file, or off", ".{1,4096}");

        @Override
        public Optional<Path> read(ConfigNode node) {
            String text = PATH.read(node);
            if (text.equals(OFF)) {
                return Optional.empty();
            }
            try {
                Path file = node.place().resolve(text);
                check(node, file);
                return Optional.of(file);
            } catch (InvalidPathException e) {
                throw node.mustBe(PATH.form());
            }
        }

        private void check(ConfigNode node, Path file) {
            if (!Files.isRegularFile(file)) {
                throw node.refused("names no file: " + file);
            }
            if (!Files.isReadable(file)) {
                throw node.refused("names a file that may not be read: " + file);
            }
            if (secret && everybodyMayRead(file)) {
                throw node.refused("names a file that everybody may read; take that away with chmod o= " + file);
            }
        }

        private static boolean everybodyMayRead(Path file) {
            try {
                return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
            } catch (UnsupportedOperationException e) {
                // this file system has no such permissions
                return false;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public String write(Optional<Path> value) {
            return value.map(path -> quoted(path.toString())).orElse(OFF);
        }
    }

    /** Several values: a YAML list, or one line with commas between them. */
    record ListOf<T>(Type<T> item) implements Type<List<T>> {

        @Override
        public List<T> read(ConfigNode node) {
            return ConfigNode.readAll(items(node), item::read);
        }

        private static List<ConfigNode> items(ConfigNode node) {
            if (node instanceof Scalar line) {
                List<ConfigNode> items = new ArrayList<>();
                for (String text : line.text().split(",", -1)) {
                    items.add(new Scalar(line.key(), line.place(), text.strip()));
                }
                return items;
            }
            return node.items("a list");
        }

        @Override
        public String write(List<T> values) {
            return values.stream().map(item::write).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
