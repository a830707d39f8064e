package io.fanfare.admin;

import io.fanfare.server.http.HttpAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One method of one path.
 *
 * @param method GET answers HEAD too
 * @param path segments in braces stand for any one segment, as in {@code /api/v1/queues/{name}}
 * @param rights that a caller needs
 * @param body whether the request has a body of JSON
 */
record Route(String method, String path, Rights rights, Body body, Handler handler) {

    /** The callers that a route answers. */
    enum Rights {
        /** All, without a login. */
        ANY,
        /** Users, for what their permissions allow, and operators. */
        USER,
        /** Requests with a token of the configuration, and users with the role {@code admin}. */
        OPERATOR
    }

    /** The body of a request. */
    enum Body {
        NONE,
        JSON
    }

    /** Answers a request, on a worker thread. What it throws is a {@link Problem}, or a bug. */
    @FunctionalInterface
    interface Handler {
        CompletionStage<HttpAnswer> answer(ApiRequest request);
    }

    /**
     * The values of the segments in braces; empty: the path is another one.
     *
     * @param segments of a request's path, decoded
     */
    Optional<List<String>> match(List<String> segments) {
        String[] own = path.substring(1).split("/");
        if (own.length != segments.size()) {
            return Optional.empty();
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{")) {
                values.add(segments.get(i));
            } else if (!own[i].equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }
}
