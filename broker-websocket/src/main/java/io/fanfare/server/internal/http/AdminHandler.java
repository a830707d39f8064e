package io.fanfare.server.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.RequestExecutorProvider;
import org.glassfish.grizzly.http.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the admin listener's requests, each with a line of text, on threads that may block. */
final class AdminHandler extends HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final Map<String, Supplier<Optional<String>>> checks;
    private final AllowedHosts hosts;
    private final Executor executor;

    AdminHandler(Health health, AllowedHosts hosts, Executor executor) {
        super("admin");
        this.hosts = hosts;
        this.checks = Map.of("/healthz", health::livenessFailure, "/readyz", health::readinessFailure);
        this.executor = executor;
    }

    private record Answer(int status, String text) {}

    @Override
    public RequestExecutorProvider getRequestExecutorProvider() {
        return request -> executor;
    }

    @Override
    public void service(Request request, Response response) throws IOException {
        Answer answer;
        try {
            answer = answer(request);
        } catch (RuntimeException e) {
            LOG.error("bug while answering {} {}", request.getMethod(), request.getRequestURI(), e);
            answer = new Answer(500, "internal error");
        }
        write(answer, request, response);
    }

    private Answer answer(Request request) {
        // RFC 9110 15.5.20
        if (!hosts.allow(request.getHeader("Host"))) {
            return new Answer(421, "this is not the host that the request is for; come by a loopback address");
        }
        Supplier<Optional<String>> check = checks.get(request.getRequestURI());
        if (check == null) {
            return new Answer(404, "there is nothing here; try /healthz or /readyz");
        }
        if (request.getMethod() != Method.GET && request.getMethod() != Method.HEAD) {
            return new Answer(405, "GET and HEAD only");
        }
        if (request.getContentLengthLong() > 0 || request.getRequest().isChunked()) {
            return new Answer(413, "a request has no body here");
        }
        return check.get().map(reason -> new Answer(503, reason)).orElseGet(() -> new Answer(200, "ok"));
    }

    private static void write(Answer answer, Request request, Response response) throws IOException {
        byte[] body = (answer.text() + "\n").getBytes(UTF_8);
        response.setStatus(answer.status());
        if (answer.status() == 405) {
            response.setHeader("Allow", "GET, HEAD");
        }
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // one request for each connection: its deadline is then the connection's
        response.setHeader("Connection", "close");
        response.setContentType("text/plain;charset=utf-8");
        response.setContentLength(body.length);
        if (request.getMethod() != Method.HEAD) {
            response.getOutputStream().write(body);
        }
    }
}
