package io.fanfare.examples.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers the POSTs of a page to one path; called by several threads. */
@FunctionalInterface
public interface Route {

    /** The answer to a request; what is thrown is a 500. */
    Answer answer(Request request);

    /**
     * A request of the page that this server has given the browser.
     *
     * @param body JSON
     * @param cookies by name
     */
    record Request(JsonNode body, Map<String, String> cookies) {

        /** A text of the body; empty where there is none of that name. */
        public String text(String name) {
            return body.path(name).asText("");
        }
    }

    /**
     * What the page gets.
     *
     * @param status of HTTP
     * @param json becomes the body
     * @param setCookie value of {@code Set-Cookie}; null: none
     */
    record Answer(int status, Object json, @Nullable String setCookie) {

        public static Answer ok(Object json) {
            return new Answer(200, json, null);
        }

        /** A refusal with a sentence for the user. */
        public static Answer refused(int status, String message) {
            return new Answer(status, Map.of("message", message), null);
        }

        public Answer withCookie(String value) {
            return new Answer(status, json, value);
        }
    }
}
