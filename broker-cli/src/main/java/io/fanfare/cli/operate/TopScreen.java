package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Quantity;
import io.fanfare.cli.output.Table;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines of {@code fanfare top}: a screen of any size, or one line for each sample. */
final class TopScreen {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** Lines round the tables: three above, one below. */
    private static final int FRAME_LINES = 4;

    /** A blank line, the table's name and its columns' names. */
    private static final int TABLE_LINES = 3;

    private final InstantSource clock;
    private final ZoneId zone;
    private final Colours colours;

    TopScreen(InstantSource clock, ZoneId zone, Colours colours) {
        this.clock = clock;
        this.zone = zone;
        this.colours = colours;
    }

    /** A line with the broker's rates. */
    String line(TopSample sample) {
        ObjectNode rates = sample.rates();
        return time() + "  connections " + count(sample.overview(), "connections") + messages(rates) + "  ready "
                + count(rates, "messages_ready") + "  memory "
                + Quantity.bytes(sample.overview().path("memory_bytes").asLong()) + times(rates);
    }

    /**
     * A screen.
     *
     * @param height the most lines; at least a row of each table is shown
     * @param base the broker's API
     * @param note why the numbers are old, or what can be done
     */
    List<String> lines(TopSample sample, int width, int height, String base, String note) {
        JsonNode overview = sample.overview();
        ObjectNode rates = sample.rates();
        List<String> lines = new ArrayList<>();
        lines.add(colours.bold(cut("fanfare top  " + time() + "  " + base, width)) + state(overview));
        lines.add(cut(
                "up " + Quantity.millis(overview.path("uptime_ms").asLong()) + messages(rates) + "  "
                        + Rates.bytes(rates, "received") + "/s in  " + Rates.bytes(rates, "sent") + "/s out",
                width));
        lines.add(cut(
                "connections " + count(overview, "connections") + " (" + count(rates, "connections_blocked")
                        + " blocked)  ready " + count(rates, "messages_ready") + "  unacknowledged "
                        + count(rates, "messages_unacknowledged") + "  memory "
                        + Quantity.bytes(overview.path("memory_bytes").asLong()) + " of "
                        + Quantity.bytes(overview.path("max_memory_bytes").asLong()) + times(rates),
                width));
        int rows = Math.max(1, (height - FRAME_LINES) / TopTable.values().length - TABLE_LINES);
        for (TopTable table : TopTable.values()) {
            addTable(lines, sample, table, rows, width);
        }
        lines.add(colours.faint(cut(note, width)));
        return lines;
    }

    private void addTable(List<String> lines, TopSample sample, TopTable table, int most, int width) {
        TopTable.Column order = sample.order(table);
        String total = switch (table) {
            case TOPICS -> count(sample.overview(), "topics").text();
            case CONNECTIONS -> count(sample.overview(), "connections").text();
            case QUEUES -> count(sample.overview(), "queues").text();
        };
        lines.add("");
        String name = table.letter() + " " + total + " " + table.title() + " by " + order.title();
        lines.add(colours.bold(cut(name, width)));
        List<TopSample.Row> rows = sample.rows(table);
        if (rows.isEmpty()) {
            return;
        }
        String[] text = table(table, rows.subList(0, Math.min(most, rows.size())))
                .text(Colours.OFF)
                .split(System.lineSeparator());
        lines.add(colours.faint(cut(text[0], width)));
        for (int i = 1; i < text.length; i++) {
            lines.add(cut(text[i], width));
        }
    }

    private Table table(TopTable table, List<TopSample.Row> rows) {
        Cells cells = new Cells(clock);
        List<String> titles = new ArrayList<>(List.of(Cells.title(table.key())));
        List<TopTable.Column> columns = new ArrayList<>(table.orders());
        columns.addAll(table.others());
        columns.forEach(column -> titles.add(column.title()));
        Table shown = new Table(titles.toArray(String[]::new));
        for (TopSample.Row row : rows) {
            List<Object> line = new ArrayList<>();
            line.add(Cells.cut(cells.of(table.key(), row.item().path(table.key()))));
            columns.forEach(column -> line.add(cell(row, column, cells)));
            shown.row(line.toArray());
        }
        return shown;
    }

    private static Object cell(TopSample.Row row, TopTable.Column column, Cells cells) {
        if (!column.isRate()) {
            return Cells.cut(cells.of(column.field(), row.item().path(column.field())));
        }
        double rate = row.number(column);
        return column.field().startsWith("bytes_") ? Quantity.bytes(rate) : Quantity.rate(rate);
    }

    private String state(JsonNode overview) {
        if (overview.path("draining").asBoolean()) {
            return colours.yellow("  drains");
        }
        return overview.path("memory_full").asBoolean() ? colours.red("  memory is full") : "";
    }

    private String time() {
        return TIME.format(Instant.ofEpochMilli(clock.millis()).atZone(zone));
    }

    private static String messages(ObjectNode rates) {
        return "  published " + Rates.of(rates, "published") + "/s  delivered " + Rates.of(rates, "delivered")
                + "/s  dropped " + Rates.of(rates, "dropped") + "/s";
    }

    private static String times(ObjectNode rates) {
        return String.format(
                Locale.ROOT,
                "  loops busy %.0f %%  lag p99 %.1f ms  publish to write p99 %.1f ms",
                100 * rates.path("loops_busy").asDouble(),
                1000 * rates.path("loop_lag_p99_seconds").asDouble(),
                1000 * rates.path("publish_to_write_p99_seconds").asDouble());
    }

    private static Quantity count(JsonNode object, String field) {
        return Quantity.count(object.path(field).asLong());
    }

    private static String cut(String line, int width) {
        return line.length() <= width ? line : line.substring(0, Math.max(0, width));
    }
}
