package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Table;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lists of the API, with the members that a table has room for. */
enum Resource {
    CONNECTIONS(
            "/connections",
            "no client is connected",
            "id",
            "user",
            "address",
            "transport",
            "age_ms",
            "subscriptions",
            "outbox_bytes",
            "bytes_in",
            "bytes_out",
            "heart_beat_lag_ms"),
    SUBSCRIPTIONS(
            "/subscriptions",
            "no client has a subscription",
            "connection",
            "id",
            "user",
            "destinations",
            "ack",
            "selector",
            "durable",
            "prefetch",
            "unsettled"),
    DURABLES(
            "/durable-subscriptions",
            "there is no durable subscription",
            "id",
            "user",
            "client_id",
            "name",
            "destinations",
            "connected",
            "depth",
            "unacknowledged",
            "oldest"),
    TOPICS(
            "/topics",
            "there is no topic; a topic goes with its last subscriber and all that it keeps",
            "destination",
            "subscribers",
            "messages_in",
            "messages_out",
            "retained",
            "history",
            "present"),
    QUEUES(
            "/queues",
            "there is no queue; a queue goes with its last message and consumer",
            "destination",
            "depth",
            "unacknowledged",
            "delayed",
            "bytes",
            "consumers",
            "oldest",
            "messages_in",
            "messages_out");

    /** Columns that are there only where one of the things has such a member: most topics have no presence. */
    private static final Set<String> OPTIONAL = Set.of("present");

    private final String path;
    private final String none;
    private final List<String> columns;

    Resource(String path, String none, String... columns) {
        this.path = path;
        this.none = none;
        this.columns = List.of(columns);
    }

    String path() {
        return path;
    }

    /** The path of one of them. */
    String path(String... names) {
        StringBuilder one = new StringBuilder(path);
        for (String name : names) {
            one.append('/').append(ApiClient.segment(name));
        }
        return one.toString();
    }

    /** A page of the list as a table, and a line that says how many there are if the page does not have all. */
    String table(JsonNode page, Colours colours, InstantSource clock) {
        JsonNode items = page.path("items");
        long total = page.path("total").asLong();
        if (items.isEmpty()) {
            return (total == 0 ? none : "none of " + total + " is on this page") + System.lineSeparator();
        }
        Cells cells = new Cells(clock);
        List<String> shown = columns.stream()
                .filter(column -> !OPTIONAL.contains(column) || hasAny(items, column))
                .toList();
        Table table = new Table(shown.stream().map(Cells::title).toArray(String[]::new));
        for (JsonNode item : items) {
            table.row(shown.stream()
                    .map(column -> Cells.cut(cells.of(column, item.path(column))))
                    .toArray());
        }
        String lines = table.text(colours);
        if (items.size() == total) {
            return lines;
        }
        String more = items.size() + " of " + total + "; --limit, --offset and --filter choose others";
        return lines + colours.faint(more) + System.lineSeparator();
    }

    private static boolean hasAny(JsonNode items, String member) {
        for (JsonNode item : items) {
            if (item.hasNonNull(member)) {
                return true;
            }
        }
        return false;
    }

    /** One of them: a line for each member. */
    static String lines(JsonNode object, Colours colours, InstantSource clock) {
        Cells cells = new Cells(clock);
        List<String> titles = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            titles.add(Cells.title(member.getKey()));
            values.add(cells.of(member.getKey(), member.getValue()).toString());
        }
        int width = titles.stream().mapToInt(String::length).max().orElse(0);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < titles.size(); i++) {
            out.append(colours.bold(titles.get(i)))
                    .append(" ".repeat(width - titles.get(i).length() + 2))
                    .append(values.get(i))
                    .append(System.lineSeparator());
        }
        return out.toString();
    }
}
