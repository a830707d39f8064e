package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code fanfare status}: a broker as a whole. */
@Command(name = "status", description = "Shows a broker as a whole: what it holds, its limits, and its rates.")
public final class StatusCommand extends ApiCommand {

    @Override
    void run(ApiClient client) {
        ObjectNode status = (ObjectNode) client.get("/overview");
        status.set("limits", client.get("/limits").path("items"));
        status.set("rates", Rates.last(client));
        print(status, () -> text(status, client.base(), colours()));
    }

    static String text(JsonNode status, String base, Colours colours) {
        Map<String, Long> limits = new HashMap<>();
        status.path("limits")
                .forEach(limit -> limits.put(
                        limit.path("key").asText(), limit.path("limit").asLong()));
        JsonNode rates = status.path("rates");
        List<String[]> lines = new ArrayList<>();
        lines.add(line("broker", status.path("version").asText() + " at " + base));
        lines.add(line("up", Quantity.millis(status.path("uptime_ms").asLong())));
        lines.add(line("connections", of(count(status, "connections"), limits, "max_connections")));
        lines.add(line(
                "destinations",
                count(status, "topics") + " topics, " + count(status, "queues") + " queues, "
                        + count(status, "durable_subscriptions") + " durable subscriptions"));
        lines.add(line(
                "memory",
                Quantity.bytes(status.path("memory_bytes").asLong()) + " of "
                        + Quantity.bytes(status.path("max_memory_bytes").asLong())));
        if (rates.has("published_per_second")) {
            addRates(rates, lines);
        }
        lines.add(line(
                "refused",
                count(status, "failed_logins") + " logins, " + count(status, "soft_errors")
                        + " frames with soft errors"));
        lines.add(line("state", state(status, colours)));
        status.path("nodes").forEach(node -> lines.add(line("node", node(node, colours))));
        int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
        StringBuilder out = new StringBuilder();
        lines.forEach(line -> out.append(colours.bold(line[0]))
                .append(" ".repeat(width - line[0].length() + 2))
                .append(line[1])
                .append(System.lineSeparator()));
        return out.toString();
    }

    private static void addRates(JsonNode rates, List<String[]> lines) {
        lines.add(line(
                "messages",
                Rates.of(rates, "published") + "/s published, " + Rates.of(rates, "delivered") + "/s delivered, "
                        + Rates.of(rates, "dropped") + "/s dropped"));
        lines.add(line("bytes", Rates.bytes(rates, "received") + "/s in, " + Rates.bytes(rates, "sent") + "/s out"));
        lines.add(line(
                "queued",
                count(rates, "messages_ready") + " ready, " + count(rates, "messages_unacknowledged")
                        + " unacknowledged"));
    }

    private static String state(JsonNode status, Colours colours) {
        if (status.path("draining").asBoolean()) {
            return colours.yellow("drains: no new clients and messages");
        }
        return status.path("memory_full").asBoolean()
                ? colours.red("memory is full: messages are refused")
                : colours.green("serves");
    }

    /** One of the nodes of a cluster; the one that was asked is marked. */
    private static String node(JsonNode node, Colours colours) {
        String state = node.path("state").asText();
        return node.path("id").asText() + (node.path("self").asBoolean() ? " (this one) " : " ")
                + switch (state) {
                    case "ready" -> colours.green(state);
                    case "draining" -> colours.yellow(state);
                    default -> colours.red(state);
                }
                + ", " + Quantity.count(node.path("connections").asLong()) + " connections, version "
                + node.path("version").asText() + ", since "
                + node.path("since").asText();
    }

    private static String[] line(String title, Object value) {
        return new String[] {title, value.toString()};
    }

    private static Quantity count(JsonNode object, String field) {
        return Quantity.count(object.path(field).asLong());
    }

    private static String of(Quantity count, Map<String, Long> limits, String key) {
        Long limit = limits.get(key);
        return limit == null ? count.text() : count + " of " + Quantity.count(limit);
    }
}
