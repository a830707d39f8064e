package io.fanfare.server.internal.http;

import io.fanfare.server.http.HttpAnswer;
import io.fanfare.server.http.HttpEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the admin listener's requests, on threads that may block: the health checks itself, each with a line of text, and
 * all others through the endpoint, if there is one.
 */
final class AdminHandler extends HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final Map<String, Supplier<Optional<String>>> checks;
    private final AllowedHosts hosts;
    private final AllowedOrigins origins;
    private final Predicate<InetAddress> trustedProxies;
    private final @Nullable HttpEndpoint endpoint;
    private final BodyBudget bodies;
    private final Executor executor;

    AdminHandler(
            Health health,
            AllowedHosts hosts,
            AllowedOrigins origins,
            Predicate<InetAddress> trustedProxies,
            @Nullable HttpEndpoint endpoint,
            BodyBudget bodies,
            Executor executor) {
        super("admin");
        this.hosts = hosts;
        this.origins = origins;
        this.trustedProxies = trustedProxies;
        this.endpoint = endpoint;
        this.bodies = bodies;
        this.checks = Map.of("/healthz", health::livenessFailure, "/readyz", health::readinessFailure);
        this.executor = executor;
        // the endpoint reads paths as they were sent
        setDecodeUrl(false);
    }

    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> executor;
    }

    @Override
    public void service(Request request, Response response) throws IOException {
        Optional<HttpAnswer> own;
        try {
            own = ownAnswer(request);
        } catch (RuntimeException e) {
            own = Optional.of(failure(request, e));
        }
        if (own.isPresent()) {
            write(own.get(), request, response);
        } else {
            pass(Objects.requireNonNull(endpoint), request, response);
        }
    }

    /** Empty: the endpoint answers. */
    private Optional<HttpAnswer> ownAnswer(Request request) {
        // RFC 9110 15.5.20
        if (!hosts.allow(request.getHeader("Host"))) {
            return Optional.of(
                    HttpAnswer.text(421, "this is not the host that the request is for; come by a loopback address"));
        }
        if (!origins.allow(request.getHeader("Origin"), request.getHeader("Host"))) {
            return Optional.of(HttpAnswer.text(403, "pages of another origin may not send requests to this port"));
        }
        Supplier<Optional<String>> check = checks.get(request.getRequestURI());
        if (check != null) {
            return Optional.of(healthAnswer(check, request));
        }
        return endpoint == null
                ? Optional.of(HttpAnswer.text(404, "there is nothing here; try /healthz or /readyz"))
                : Optional.empty();
    }

    private static HttpAnswer healthAnswer(Supplier<Optional<String>> check, Request request) {
        if (request.getMethod() != Method.GET && request.getMethod() != Method.HEAD) {
            return HttpAnswer.text(405, "GET and HEAD only").with("Allow", "GET, HEAD");
        }
        if (request.getContentLengthLong() > 0 || request.getRequest().isChunked()) {
            return HttpAnswer.text(413, "a request has no body here");
        }
        return check.get().map(reason -> HttpAnswer.text(503, reason)).orElseGet(() -> HttpAnswer.text(200, "ok"));
    }

    private void pass(HttpEndpoint to, Request request, Response response) {
        GrizzlyBody body =
                new GrizzlyBody(request, AdminExchange.of(request.getRequest().getConnection()));
        RequestCall call = new RequestCall(request.getRequest(), client(request), bodies, executor, body);
        response.suspend();
        CompletionStage<HttpAnswer> answer;
        try {
            answer = to.answer(call);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenCompleteAsync(
                (found, why) -> {
                    try {
                        write(found == null ? failure(request, why) : found, request, response);
                        response.flush();
                        body.discardRest(response::resume);
                    } catch (IOException | RuntimeException e) {
                        LOG.debug("no answer to {} {}: {}", request.getMethod(), request.getRequestURI(), e.toString());
                        response.resume();
                    } finally {
                        call.release();
                    }
                },
                executor);
    }

    private String client(Request request) {
        InetAddress peer =
                ((InetSocketAddress) request.getRequest().getConnection().getPeerAddress()).getAddress();
        return ForwardedFor.client(peer, request.getHeaders("X-Forwarded-For"), trustedProxies)
                .getHostAddress();
    }

    private static HttpAnswer failure(Request request, Throwable why) {
        LOG.error("bug while answering {} {}", request.getMethod(), request.getRequestURI(), why);
        return HttpAnswer.text(500, "internal error");
    }

    private static void write(HttpAnswer answer, Request request, Response response) throws IOException {
        AdminExchange.of(request.getRequest().getConnection()).answer();
        response.setStatus(answer.status(), HttpAnswer.reason(answer.status()));
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(response::setHeader);
        // one request for each connection: an AdminExchange
        response.setHeader("Connection", "close");
        response.setContentType(answer.headers().get("Content-Type"));
        response.setContentLength(answer.body().length);
        if (request.getMethod() != Method.HEAD) {
            response.getOutputStream().write(answer.body());
        }
    }
}
