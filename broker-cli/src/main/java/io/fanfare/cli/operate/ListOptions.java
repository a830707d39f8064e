package io.fanfare.cli.operate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that choose a page of a list. */
final class ListOptions {

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "Only those of which a text, such as user or destination, contains this.")
    private @Nullable String filter;

    @Option(
            names = "--where",
            paramLabel = "FIELD=VALUE",
            description =
                    "Only those with this value of a field, such as user=alice; may be given several times. --output"
                            + " json shows the names of all fields.")
    private Map<String, String> where = new LinkedHashMap<>();

    @Option(
            names = "--sort",
            paramLabel = "FIELD",
            description = "Field to sort by, with - in front from the highest: --sort=-depth.")
    private @Nullable String sort;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "100",
            description = "The most that are listed, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--offset",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Number of those that are left out before (default: ${DEFAULT-VALUE}).")
    private int offset;

    /** The parameters of the request. */
    Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>(where);
        if (filter != null) {
            query.put("filter", filter);
        }
        if (sort != null) {
            query.put("sort", sort);
        }
        query.put("limit", Integer.toString(limit));
        query.put("offset", Integer.toString(offset));
        return query;
    }
}
