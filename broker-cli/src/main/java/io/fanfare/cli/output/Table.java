package io.fanfare.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows under column names, for people (aligned, numbers to the right) or for programs (a JSON array with an object for
 * each row). Not thread-safe.
 */
public final class Table {

    private static final String GAP = "  ";

    private final List<String> columns;
    private final List<Object[]> rows = new ArrayList<>();

    public Table(String... columns) {
        this.columns = List.of(columns);
    }

    /**
     * Adds a row.
     *
     * @param cells a {@code Number}, {@link Quantity}, {@code Boolean} or text for each column
     * @throws IllegalArgumentException when their number is not that of the columns
     */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(cells);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Lines for people: the names of the columns in bold, then the rows. The last column may be of any width. */
    public String text(Colours colours) {
        StringBuilder out = new StringBuilder();
        List<Integer> widths = widths();
        StringBuilder head = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            head.append(cell(columns.get(i), isNumeric(i), widths.get(i), i));
        }
        out.append(colours.bold(head.toString().stripTrailing())).append(System.lineSeparator());
        for (Object[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(cell(row[i].toString(), isNumeric(i), widths.get(i), i));
            }
            out.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return out.toString();
    }

    private String cell(String text, boolean toTheRight, int width, int column) {
        String gap = column == 0 ? "" : GAP;
        String fill = " ".repeat(width - text.length());
        return gap + (toTheRight ? fill + text : text + fill);
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty()
                && rows.stream().allMatch(row -> row[column] instanceof Number || row[column] instanceof Quantity);
    }

    private List<Integer> widths() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            widths.add(Math.max(
                    columns.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> row[column].toString().length())
                            .max()
                            .orElse(0)));
        }
        return widths;
    }

    /** A JSON array on one line; the keys are the names of the columns, with underscores for blanks. */
    public String json() {
        return Json.text(json -> {
            json.writeStartArray();
            for (Object[] row : rows) {
                json.writeStartObject();
                for (int i = 0; i < row.length; i++) {
                    json.writeFieldName(columns.get(i).replace(' ', '_'));
                    write(row[i], json);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void write(Object cell, JsonGenerator json) throws IOException {
        if (cell instanceof Integer || cell instanceof Long) {
            json.writeNumber(((Number) cell).longValue());
        } else if (cell instanceof Number number) {
            json.writeNumber(number.doubleValue());
        } else if (cell instanceof Quantity quantity) {
            json.writeNumber(quantity.value());
        } else if (cell instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(cell.toString());
        }
    }
}
