package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.cli.output.Quantity;
import java.util.Map;

/** The newest sample of a broker's history: its numbers by the keys of the series. */
final class Rates {

    private Rates() {}

    /** The newest sample; empty in the first second of a broker. */
    static ObjectNode last(ApiClient client) {
        JsonNode history = client.get("/history", Map.of("limit", "1"));
        ObjectNode sample = JsonNodeFactory.instance.objectNode();
        JsonNode time = history.path("times").path(0);
        if (!time.isMissingNode()) {
            sample.set("time", time);
            for (Map.Entry<String, JsonNode> series : history.path("series").properties()) {
                sample.set(series.getKey(), series.getValue().path(0));
            }
        }
        return sample;
    }

    /** Messages a second, such as {@code published}. */
    static Quantity of(JsonNode sample, String what) {
        return Quantity.rate(sample.path(what + "_per_second").asDouble());
    }

    /** Bytes a second, {@code received} or {@code sent}. */
    static Quantity bytes(JsonNode sample, String way) {
        return Quantity.bytes(sample.path("bytes_" + way + "_per_second").asDouble());
    }
}
