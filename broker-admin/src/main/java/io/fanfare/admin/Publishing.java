package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.broker.Broker;
import io.fanfare.broker.Published;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.security.Principal;
import io.fanfare.server.http.HttpAnswer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Publishes what back ends send. */
final class Publishing {

    static final int MAX_MESSAGES = 1_000;

    private static final List<String> BODIES = List.of("body", "json", "base64");

    /** Headers of a SEND that would promise what a request cannot keep, with what a back end does instead. */
    private static final Map<String, String> NOT_HERE = Map.of(
            "receipt", "the answer says what a RECEIPT would",
            "transaction", "a list in messages is sent in one request");

    private static final List<String> MEMBERS = List.of("destination", "body", "json", "base64", "headers");

    /** A message of a request. */
    private record Draft(String destination, Headers headers, byte[] body) {}

    private final Broker broker;

    Publishing(Broker broker) {
        this.broker = broker;
    }

    /** Publishes one message, or a list of them one after the other up to the first that is refused. */
    CompletionStage<HttpAnswer> publish(ApiRequest request) {
        request.requireKnown(List.of());
        JsonNode messages = request.body().get("messages");
        if (messages == null) {
            Draft draft = draft(request.body());
            return CompletableFuture.completedFuture(Json.answer(200, show(publish(request.caller(), draft))));
        }
        Json.requireKnown(request.body(), List.of("messages"));
        return CompletableFuture.completedFuture(publishAll(request.caller(), drafts(messages)));
    }

    /** All of them are read before the first is published. */
    private static List<Draft> drafts(JsonNode messages) {
        if (!(messages instanceof ArrayNode) || messages.isEmpty()) {
            throw Problem.of(422, "messages must be a list of messages");
        }
        if (messages.size() > MAX_MESSAGES) {
            throw Problem.of(
                            413,
                            Limits.exceeded(
                                    "the request has %,d messages", messages.size(), MAX_MESSAGES, "max_messages"))
                    .with("key", "max_messages");
        }
        List<Draft> drafts = new ArrayList<>(messages.size());
        for (JsonNode message : messages) {
            try {
                if (!(message instanceof ObjectNode object)) {
                    throw Problem.of(422, "a message must be an object");
                }
                drafts.add(draft(object));
            } catch (Problem e) {
                throw e.with("index", drafts.size());
            }
        }
        return drafts;
    }

    private HttpAnswer publishAll(Caller caller, List<Draft> drafts) {
        List<Map<String, @Nullable Object>> results = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            try {
                results.add(show(publish(caller, draft)));
            } catch (ProtocolException e) {
                throw Problem.of(e).with("index", results.size()).with("results", results);
            }
        }
        return Json.answer(200, Map.of("results", results));
    }

    private Published publish(Caller caller, Draft draft) {
        Principal user = caller.user();
        // an operator may send anywhere, within the limits of a SEND
        return user == null
                ? broker.operations().publishAsOperator(draft.destination(), draft.headers(), draft.body())
                : broker.operations().publish(user, draft.destination(), draft.headers(), draft.body());
    }

    private static Map<String, @Nullable Object> show(Published published) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("message_id", published.messageId());
        object.put("matched", published.matched());
        object.put("delivered", published.delivered());
        object.put("queued", published.queued());
        object.put("dropped", published.dropped());
        if (published.duplicate()) {
            object.put("duplicate", true);
        }
        return object;
    }

    private static Draft draft(ObjectNode object) {
        Json.requireKnown(object, MEMBERS);
        JsonNode destination = object.get("destination");
        if (destination == null || !destination.isTextual()) {
            throw Problem.of(422, "destination must be a text such as /topic/prices");
        }
        List<String> bodies = BODIES.stream().filter(object::has).toList();
        if (bodies.size() > 1) {
            throw Problem.of(422, "a message has one of " + String.join(" and ", bodies));
        }
        return new Draft(text("destination", destination), headers(object), body(object));
    }

    private static byte[] body(ObjectNode object) {
        JsonNode json = object.get("json");
        if (json != null) {
            return Json.bytes(json);
        }
        JsonNode base64 = object.get("base64");
        if (base64 != null) {
            try {
                return Base64.getDecoder().decode(text("base64", base64));
            } catch (IllegalArgumentException e) {
                throw Problem.of(422, "base64 must be octets in base64 (RFC 4648 4)");
            }
        }
        JsonNode body = object.get("body");
        return body == null ? new byte[0] : text("body", body).getBytes(UTF_8);
    }

    private static Headers headers(ObjectNode object) {
        Headers.Builder headers = Headers.builder();
        JsonNode given = object.get("headers");
        if (object.has("json") && (given == null || !given.has("content-type"))) {
            headers.add("content-type", "application/json");
        }
        if (given == null) {
            return headers.build();
        }
        if (!(given instanceof ObjectNode)) {
            throw Problem.of(422, "headers must be an object of texts");
        }
        for (Map.Entry<String, JsonNode> header : given.properties()) {
            String name = header.getKey();
            if (name.isEmpty() || name.equals("destination")) {
                throw Problem.of(422, "a header has a name, and the destination stands beside headers");
            }
            if (NOT_HERE.containsKey(name)) {
                throw Problem.of(422, "there is no header " + name + " here: " + NOT_HERE.get(name));
            }
            checkHeader(name);
            headers.add(name, headerValue(name, header.getValue()));
        }
        return headers.build();
    }

    private static String headerValue(String name, JsonNode value) {
        String text = value.isNumber() || value.isBoolean() ? value.asText() : text("header " + name, value);
        checkHeader(text);
        return text;
    }

    /** A NUL ends frames of STOMP 1.0 wherever it stands. */
    private static void checkHeader(String text) {
        checkCharacters("headers", text);
        if (text.indexOf(0) >= 0) {
            throw Problem.of(422, "headers with a NUL");
        }
    }

    private static String text(String what, JsonNode value) {
        String text = value.textValue();
        if (text == null) {
            throw Problem.of(422, what + " must be a text");
        }
        checkCharacters(what, text);
        return text;
    }

    /** JSON can name half of a surrogate pair, which is no character and has no UTF-8. */
    private static void checkCharacters(String what, String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw Problem.of(422, what + " with half of a surrogate pair, which is no character");
        }
    }
}
