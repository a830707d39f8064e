package io.fanfare.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.http.HttpBodyException;
import io.fanfare.server.http.HttpCall;
import io.fanfare.server.http.HttpEndpoint;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of the API: lets the caller in, finds the route, reads the body, and only then does something.
 */
final class ApiEndpoint implements HttpEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(ApiEndpoint.class);

    private final Supplier<Routes> maker;

    /** Made by the first request, while others wait: a server starts without what only requests need. */
    private volatile @Nullable Routes routes;

    private final Access access;
    private final int maxBodyBytes;
    private final Runnable onClose;

    /**
     * The endpoint of some routes.
     *
     * @param routes called once, by the thread of the first request
     */
    ApiEndpoint(Supplier<Routes> routes, Access access, int maxBodyBytes, Runnable onClose) {
        this.maker = routes;
        this.access = access;
        this.maxBodyBytes = maxBodyBytes;
        this.onClose = onClose;
    }

    @Override
    public void close() {
        onClose.run();
    }

    @Override
    public CompletionStage<HttpAnswer> answer(HttpCall call) {
        CompletionStage<HttpAnswer> answer;
        try {
            answer = route(call);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(why -> problem(call, why));
    }

    private CompletionStage<HttpAnswer> route(HttpCall call) {
        List<String> segments = Uri.segments(call.path());
        if (routes().isPublic(call.method(), segments)) {
            return pass(Caller.OPERATOR, segments, call);
        }
        // before the route is looked for: strangers do not learn what there is
        return access.enter(call).thenComposeAsync(caller -> pass(caller, segments, call), call.executor());
    }

    private Routes routes() {
        Routes made = routes;
        return made == null ? makeRoutes() : made;
    }

    private synchronized Routes makeRoutes() {
        Routes made = routes;
        if (made == null) {
            made = maker.get();
            routes = made;
        }
        return made;
    }

    private CompletionStage<HttpAnswer> pass(Caller caller, List<String> segments, HttpCall call) {
        Routes.Match match = routes().find(call.method(), segments);
        Route route = match.route();
        if (route.rights() == Route.Rights.OPERATOR && !caller.isOperator()) {
            throw Problem.of(403, "this needs the role " + Caller.ROLE);
        }
        Map<String, String> query = Uri.parameters(call.query());
        if (route.body() == Route.Body.NONE) {
            ObjectNode empty = JsonNodeFactory.instance.objectNode();
            return route.handler().answer(new ApiRequest(caller, match.values(), query, empty));
        }
        requireJson(call);
        return call.body(maxBodyBytes)
                .thenCompose(body ->
                        route.handler().answer(new ApiRequest(caller, match.values(), query, Json.readObject(body))));
    }

    private static void requireJson(HttpCall call) {
        String type = call.header("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        if (!bare.toLowerCase(Locale.ROOT).equals("application/json")) {
            throw Problem.of(415, "the body should be JSON, with Content-Type: application/json")
                    .header("Accept", "application/json");
        }
        String coding = call.header("Content-Encoding").orElse("identity");
        if (!coding.strip().equalsIgnoreCase("identity")) {
            // RFC 9110 12.5.3
            throw Problem.of(415, "the body should come as it is, without Content-Encoding")
                    .header("Accept-Encoding", "identity");
        }
    }

    private static HttpAnswer problem(HttpCall call, Throwable why) {
        Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
        if (cause instanceof Problem problem) {
            return problem.answer();
        }
        if (cause instanceof ProtocolException refused) {
            return Problem.of(refused).answer();
        }
        if (cause instanceof HttpBodyException refused) {
            Problem problem = Problem.of(refused.status(), String.valueOf(refused.getMessage()));
            return (refused.status() == 413 ? problem.with("key", "max_body_bytes") : problem).answer();
        }
        LOG.error("bug while answering {} {}", call.method(), call.path(), cause);
        return Problem.of(500, "the server failed; this is not your fault").answer();
    }
}
