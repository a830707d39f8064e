package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a broker at one time. Immutable.
 *
 * @param nanos when that was
 * @param overview the broker as a whole
 * @param rates the newest sample of its history
 * @param items the first of each list, in the order of {@code orders}
 * @param orders the index of each table's order
 * @param before the sample before this one, for rates; null: there was none
 */
record TopSample(
        long nanos,
        JsonNode overview,
        ObjectNode rates,
        Map<TopTable, List<JsonNode>> items,
        Map<TopTable, Integer> orders,
        @Nullable TopSample before) {

    /** Items of each list that are asked for: a rate is found among those with the largest counts. */
    private static final String LIMIT = "500";

    /**
     * Asks a broker.
     *
     * @param before the sample before; it forgets its own predecessor
     */
    static TopSample read(ApiClient client, Map<TopTable, Integer> orders, @Nullable TopSample before) {
        Map<TopTable, List<JsonNode>> items = new EnumMap<>(TopTable.class);
        for (TopTable table : TopTable.values()) {
            String sort = "-" + order(table, orders).field();
            List<JsonNode> found = new ArrayList<>();
            client.get(table.resource().path(), Map.of("limit", LIMIT, "sort", sort))
                    .path("items")
                    .forEach(found::add);
            items.put(table, List.copyOf(found));
        }
        return new TopSample(
                System.nanoTime(),
                client.get("/overview"),
                Rates.last(client),
                items,
                Map.copyOf(orders),
                before == null ? null : before.alone());
    }

    private TopSample alone() {
        return new TopSample(nanos, overview, rates, items, orders, null);
    }

    TopTable.Column order(TopTable table) {
        return order(table, orders);
    }

    private static TopTable.Column order(TopTable table, Map<TopTable, Integer> orders) {
        return table.orders().get(orders.getOrDefault(table, 0) % table.orders().size());
    }

    /**
     * A row of a table.
     *
     * @param perSecond what each of its counts has grown by
     */
    record Row(JsonNode item, Map<String, Double> perSecond) {

        /** The number in a column; 0 where there is none. */
        double number(TopTable.Column column) {
            return column.isRate()
                    ? perSecond.getOrDefault(column.field(), 0.0)
                    : item.path(column.field()).asDouble();
        }
    }

    /** The rows of a table, the highest first. */
    List<Row> rows(TopTable table) {
        Map<String, JsonNode> earlier = new HashMap<>();
        if (before != null) {
            before.items.getOrDefault(table, List.of()).forEach(item -> earlier.put(key(table, item), item));
        }
        double seconds = before == null ? 1 : (nanos - before.nanos) / 1e9;
        ToDoubleFunction<Row> number = row -> row.number(order(table));
        return items.getOrDefault(table, List.of()).stream()
                .map(item -> new Row(item, perSecond(table, item, earlier.get(key(table, item)), seconds)))
                .sorted(Comparator.comparingDouble(number).reversed())
                .toList();
    }

    private static Map<String, Double> perSecond(
            TopTable table, JsonNode item, @Nullable JsonNode earlier, double seconds) {
        Map<String, Double> grown = new HashMap<>();
        if (earlier != null && seconds > 0) {
            for (TopTable.Column column : table.orders()) {
                long more = item.path(column.field()).asLong()
                        - earlier.path(column.field()).asLong();
                // fewer than before: it went, and another one came with its name
                grown.put(column.field(), Math.max(0, more) / seconds);
            }
        }
        return grown;
    }

    private static String key(TopTable table, JsonNode item) {
        return item.path(table.key()).asText();
    }
}
