package io.fanfare.admin;

import io.fanfare.server.ServerOptions;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The configuration in force, without its secrets. Any thread may ask. */
final class Configuration {

    private static final String MASK = "***";

    /** Keys of secrets; one that ends with file names a file, which is none. */
    private static final Pattern SECRET = Pattern.compile("(?i).*(secret|passw|passcode|token).*(?<!file)");

    /** A user and password in a URL, or what stands behind its {@code ?}. */
    private static final Pattern URL_SECRETS = Pattern.compile("(?<=://)[^/@\\s]+@|(?<=\\?).+");

    /** What the virtual machine adds to a class's name for each lambda in it. */
    private static final Pattern LAMBDA = Pattern.compile("\\$\\$Lambda.*");

    private final Supplier<Map<String, String>> values;

    Configuration(Supplier<Map<String, String>> values) {
        this.values = values;
    }

    /** By key, in order. */
    Map<String, String> masked() {
        Map<String, String> masked = new TreeMap<>();
        values.get().forEach((key, value) -> masked.put(key, mask(key, value)));
        return masked;
    }

    private static String mask(String key, String value) {
        return SECRET.matcher(key).matches()
                ? MASK
                : URL_SECRETS.matcher(value).replaceAll(found -> found.group().endsWith("@") ? MASK + "@" : MASK);
    }

    /** The options of a server, each by the names that lead to it, such as {@code broker.queues.prefetch}. */
    static Map<String, String> of(ServerOptions options) {
        Map<String, String> values = new TreeMap<>();
        collect("", options, values);
        return values;
    }

    private static void collect(String prefix, Record options, Map<String, String> values) {
        for (RecordComponent part : options.getClass().getRecordComponents()) {
            Object value;
            try {
                value = part.getAccessor().invoke(options);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("options are public records", e);
            }
            String key = prefix + part.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (value instanceof Record inner && inner.getClass().getName().startsWith("io.fanfare.")) {
                collect(key + ".", inner, values);
            } else {
                Object inside = value instanceof Optional<?> optional ? optional.orElse(null) : value;
                values.put(key, inside == null ? "" : isPlain(inside) ? String.valueOf(inside) : nameOf(inside));
            }
        }
    }

    /** What an embedder supplies may show anything in its text. */
    private static boolean isPlain(Object value) {
        return value.getClass().getName().startsWith("java.") || value instanceof Enum;
    }

    private static String nameOf(Object value) {
        return LAMBDA.matcher(value.getClass().getName()).replaceAll("");
    }
}
