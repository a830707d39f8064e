package io.fanfare.cli.operate;

import java.util.List;

/** The tables of {@code fanfare top}. */
enum TopTable {
    TOPICS(
            Resource.TOPICS,
            "destination",
            List.of(rate("in/s", "messages_in"), rate("out/s", "messages_out"), value("subscribers")),
            List.of()),
    CONNECTIONS(
            Resource.CONNECTIONS,
            "id",
            List.of(
                    value("outbox_bytes"),
                    value("heart_beat_lag_ms"),
                    rate("out/s", "bytes_out"),
                    rate("in/s", "bytes_in"),
                    value("subscriptions")),
            List.of(value("user"), value("address"))),
    QUEUES(
            Resource.QUEUES,
            "destination",
            List.of(
                    value("depth"),
                    value("unacknowledged"),
                    rate("in/s", "messages_in"),
                    rate("out/s", "messages_out"),
                    value("consumers")),
            List.of(value("oldest")));

    /**
     * A column.
     *
     * @param field member of the API's object
     * @param isRate whether it is shown as what it has grown by, per second
     */
    record Column(String title, String field, boolean isRate) {}

    private final Resource resource;
    private final String key;
    private final List<Column> orders;
    private final List<Column> others;

    TopTable(Resource resource, String key, List<Column> orders, List<Column> others) {
        this.resource = resource;
        this.key = key;
        this.orders = orders;
        this.others = others;
    }

    private static Column rate(String title, String field) {
        return new Column(title, field, true);
    }

    private static Column value(String field) {
        return new Column(Cells.title(field), field, false);
    }

    Resource resource() {
        return resource;
    }

    /** The member that tells one row from the others, in the first column. */
    String key() {
        return key;
    }

    /** What the table can be sorted by, from the highest; these columns follow the first. */
    List<Column> orders() {
        return orders;
    }

    List<Column> others() {
        return others;
    }

    /** The key of the keyboard that changes the order. */
    char letter() {
        return (char) ('1' + ordinal());
    }

    /** The name for people. */
    String title() {
        return resource.path().substring(1);
    }
}
