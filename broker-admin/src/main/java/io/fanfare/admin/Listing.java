package io.fanfare.admin;

import io.fanfare.server.http.HttpAnswer;
import io.fanfare.status.Page;
import io.fanfare.status.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * View of a list of things, filtered and sorted: each field has a name and a value, which is a text, a whole
 * number, a flag, a list of texts, or null. Immutable; any thread may call.
 */
final class Listing<T> {

    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;

    /** What a value of a field may look like in a query. */
    private enum Kind {
        TEXT("a text", ".*"),
        NUMBER("a whole number", "-?[0-9]+"),
        FLAG("true or false", "true|false");

        private final String name;
        private final Pattern form;

        Kind(String name, String form) {
            this.name = name;
            this.form = Pattern.compile(form, Pattern.DOTALL);
        }

        /** Makes sure that a parameter has a value that a field of this kind can have. */
        void check(String parameter, String value) {
            if (!form.matcher(value).matches()) {
                throw Problem.of(400, parameter + " must be " + name);
            }
        }
    }

    /** What can be found and sorted by. */
    private record Field<T>(Kind kind, Function<T, @Nullable Object> value) {}

    private final Map<String, Field<T>> fields;
    private final Map<String, Function<T, @Nullable Object>> shown;
    private final String order;
    private final List<String> parameters;

    private Listing(Map<String, Field<T>> fields, Map<String, Function<T, @Nullable Object>> shown, String order) {
        this.fields = fields;
        this.shown = shown;
        this.order = order;
        this.parameters = new ArrayList<>(List.of("limit", "offset", "sort", "filter"));
        this.parameters.addAll(fields.keySet());
    }

    /** Collects fields; the first ones together tell all things apart. */
    static final class Builder<T> {

        private final Map<String, Field<T>> fields = new LinkedHashMap<>();
        private final Map<String, Function<T, @Nullable Object>> shown = new LinkedHashMap<>();

        /** A text or a list of texts. */
        Builder<T> text(String name, Function<T, @Nullable Object> value) {
            return field(name, Kind.TEXT, value);
        }

        /** A whole number. */
        Builder<T> number(String name, Function<T, @Nullable Object> value) {
            return field(name, Kind.NUMBER, value);
        }

        /** What is so or not. */
        Builder<T> flag(String name, Function<T, @Nullable Object> value) {
            return field(name, Kind.FLAG, value);
        }

        private Builder<T> field(String name, Kind kind, Function<T, @Nullable Object> value) {
            fields.put(name, new Field<>(kind, value));
            return shownOnly(name, value);
        }

        /** A field that depends on the time of the call: nothing is found or sorted by it. */
        Builder<T> shownOnly(String name, Function<T, @Nullable Object> value) {
            shown.put(name, value);
            return this;
        }

        /** The listing, sorted by this unless a request says otherwise. */
        Listing<T> sortedBy(String order) {
            return new Listing<>(fields, shown, order);
        }
    }

    static <T> Builder<T> of(Class<T> type) {
        return new Builder<>();
    }

    /** One thing as an object. */
    Map<String, @Nullable Object> show(T item) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        shown.forEach((name, value) -> object.put(name, value.apply(item)));
        return object;
    }

    HttpAnswer answer(Page<T> page, Selection<T> selection) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("items", page.items().stream().map(this::show).toList());
        object.put("total", page.total());
        object.put("offset", selection.offset());
        object.put("limit", selection.limit());
        return Json.answer(200, object);
    }

    /**
     * The part of the list that a request asks for: {@code limit}, {@code offset}, {@code sort=FIELD} or
     * {@code -FIELD}, {@code filter=TEXT}, which is found in a text of the thing in any case, and {@code FIELD=VALUE},
     * which is that field's value.
     *
     * @throws Problem 400 when a parameter is unknown, or malformed for what its field has
     */
    Selection<T> selection(ApiRequest request) {
        request.requireKnown(parameters);
        int limit = request.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        int offset = request.number("offset", 0, 0, Selection.MAX_REACH - MAX_LIMIT);
        return new Selection<>(filter(request.query()), comparator(request), offset, limit);
    }

    private Predicate<T> filter(Map<String, String> query) {
        Predicate<T> filter = item -> true;
        String text = query.getOrDefault("filter", "").toLowerCase(Locale.ROOT);
        if (!text.isEmpty()) {
            filter = item -> fields.values().stream()
                    .anyMatch(field -> holds(field.value().apply(item), text));
        }
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            Field<T> field = fields.get(parameter.getKey());
            if (field != null) {
                field.kind().check(parameter.getKey(), parameter.getValue());
                filter = filter.and(item -> equal(field.value().apply(item), parameter.getValue()));
            }
        }
        return filter;
    }

    private static boolean holds(@Nullable Object value, String lowerCase) {
        if (value instanceof Collection<?> all) {
            return all.stream().anyMatch(each -> holds(each, lowerCase));
        }
        return value instanceof String text && text.toLowerCase(Locale.ROOT).contains(lowerCase);
    }

    private static boolean equal(@Nullable Object value, String wanted) {
        if (value instanceof Collection<?> all) {
            return all.stream().anyMatch(each -> equal(each, wanted));
        }
        return String.valueOf(value).equals(wanted);
    }

    private Comparator<T> comparator(ApiRequest request) {
        String asked = request.query().getOrDefault("sort", order);
        boolean descending = asked.startsWith("-");
        Field<T> field = fields.get(descending ? asked.substring(1) : asked);
        if (field == null) {
            throw Problem.of(400, "sort must be one of " + String.join(", ", fields.keySet()) + ", or - and one");
        }
        Comparator<T> first =
                (a, b) -> compare(field.value().apply(a), field.value().apply(b));
        Comparator<T> all = descending ? first.reversed() : first;
        for (Field<T> each : fields.values()) {
            all = all.thenComparing(
                    (a, b) -> compare(each.value().apply(a), each.value().apply(b)));
        }
        return all;
    }

    /** Numbers by value, all others as texts; nothing is before everything. */
    private static int compare(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        if (a instanceof Number one && b instanceof Number other) {
            return Long.compare(one.longValue(), other.longValue());
        }
        return Objects.toString(a).compareTo(Objects.toString(b));
    }
}
