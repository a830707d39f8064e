package io.fanfare.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A program in another language that holds any number of connections: it takes orders and gives events, each a line of
 * JSON. An order names its {@code peer} and what to {@code do}; an event names its {@code peer} and its {@code event}.
 */
abstract class Driver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Events> peers = new ConcurrentHashMap<>();
    private int names;

    /** Gives the program an order. */
    abstract void tell(String order);

    @Override
    public abstract void close();

    /** A connection that this program holds. */
    final DrivenPeer newPeer() {
        String name = "p" + ++names;
        Events events = new Events();
        peers.put(name, events);
        return new DrivenPeer(this, name, events);
    }

    final void tell(ObjectNode order) {
        tell(order.toString());
    }

    /** Takes an event of the program. */
    final void heard(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            Events events = peers.get(json.path("peer").asText());
            if (events == null) {
                throw new IllegalStateException("an event of nobody: " + line);
            }
            events.add(event(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not an event: " + line, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event event(JsonNode json) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        json.path("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
        byte[] body = json.has("body") ? json.get("body").binaryValue() : new byte[0];
        Event.Kind kind = Event.Kind.valueOf(json.path("event").asText().toUpperCase(Locale.ROOT));
        return new Event(kind, json.path("number").asInt(), headers, body);
    }

    static ObjectNode order(String peer, String what) {
        return JSON.createObjectNode().put("peer", peer).put("do", what);
    }
}
