package io.fanfare.cli.client;

import io.fanfare.cli.output.Json;
import io.fanfare.frame.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sums of what the RECEIPTs of a run say. Any thread may call any method. */
final class Outcomes {

    private static final List<String> FIGURES = List.of("matched", "delivered", "queued", "dropped");

    private final Map<String, Long> sums = new LinkedHashMap<>();
    private long receipts;

    /** Adds the figures of one RECEIPT; brokers other than Fanfare send none. */
    synchronized void add(Headers receipt) {
        receipts++;
        for (String name : FIGURES) {
            receipt.find(name)
                    .filter(value -> value.matches("\\d{1,9}"))
                    .ifPresent(value -> sums.merge(name, Long.valueOf(value), Long::sum));
        }
        if (receipt.has("duplicate", "true")) {
            sums.merge("duplicates", 1L, Long::sum);
        }
    }

    /** For people: {@code sent 3: matched 6, delivered 6, queued 0, dropped 0}. */
    synchronized String text() {
        if (sums.isEmpty()) {
            return "sent " + receipts + ": the broker's receipts have no figures";
        }
        return "sent " + receipts + ": "
                + sums.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** One JSON object, with the figures that the broker sends. */
    synchronized String json() {
        return Json.text(json -> {
            json.writeStartObject();
            json.writeNumberField("sent", receipts);
            for (Map.Entry<String, Long> each : sums.entrySet()) {
                json.writeNumberField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
        });
    }
}
