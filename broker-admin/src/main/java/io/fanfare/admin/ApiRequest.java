package io.fanfare.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A request that has been let in.
 *
 * @param path the values of the route's segments in braces, decoded
 * @param query by name
 * @param body empty when the route has none
 */
record ApiRequest(Caller caller, List<String> path, Map<String, String> query, ObjectNode body) {

    /**
     * Makes sure that the query has no other parameters than these.
     *
     * @throws Problem 400 when it has
     */
    void requireKnown(List<String> known) {
        for (String name : query.keySet()) {
            if (!known.contains(name)) {
                throw Problem.of(
                        400,
                        "there is no parameter '" + name + "'; "
                                + (known.isEmpty() ? "none is known" : "known: " + String.join(", ", known)));
            }
        }
    }

    /**
     * A whole number of the query.
     *
     * @throws Problem 400 when it is none, or not in this range
     */
    int number(String name, int absent, int min, int max) {
        String text = query.get(name);
        if (text == null) {
            return absent;
        }
        OptionalInt number = parse(text);
        if (number.isEmpty() || number.getAsInt() < min || number.getAsInt() > max) {
            throw Problem.of(400, name + " must be a number from " + min + " to " + max);
        }
        return number.getAsInt();
    }

    private static OptionalInt parse(String text) {
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
