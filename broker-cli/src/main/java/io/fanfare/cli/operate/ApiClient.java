package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Harmless;
import io.fanfare.cli.output.Quantity;
import io.fanfare.cli.output.TlsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Requests to a broker's HTTP API. What it refuses is a {@link CommandException} with the sentence of its answer. */
final class ApiClient {

    /** A page of a list has a thousand objects at most. */
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String base;
    private final Optional<String> authorization;
    private final HttpClient http;

    /**
     * A client of one broker.
     *
     * @param base URL up to {@code /api/v1}
     * @param authorization value of the header; empty without a login
     * @param tls empty for the JVM's default
     */
    ApiClient(String base, Optional<String> authorization, Optional<SSLContext> tls) {
        this.base = base;
        this.authorization = authorization;
        // otherwise each request would ask for HTTP/2
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    private record Answer(int status, byte[] body) {}

    /** The URL up to {@code /api/v1}, for people. */
    String base() {
        return base;
    }

    /** A segment of a path: a name with whatever is in it. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * What there is at a path.
     *
     * @param path behind {@code /api/v1}, with its {@linkplain #segment segments} encoded
     * @throws CommandException when it is refused, or there is no answer
     */
    JsonNode get(String path, Map<String, String> query) {
        return send("GET", path, query, BodyPublishers.noBody());
    }

    JsonNode get(String path) {
        return get(path, Map.of());
    }

    JsonNode delete(String path, Map<String, String> query) {
        return send("DELETE", path, query, BodyPublishers.noBody());
    }

    /** Posts an object. */
    JsonNode post(String path, Map<String, ?> object) {
        return send("POST", path, Map.of(), BodyPublishers.ofString(json(object)));
    }

    /** A value as JSON on one line. */
    static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode send(String method, String path, Map<String, String> query, BodyPublisher body) {
        String parameters = query.entrySet().stream()
                .map(each -> segment(each.getKey()) + "=" + segment(each.getValue()))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(TIMEOUT).method(method, body);
        if (method.equals("POST")) {
            request.setHeader("Content-Type", "application/json");
        }
        authorization.ifPresent(value -> request.setHeader("Authorization", value));
        return content(answer(request.build()), path);
    }

    private Answer answer(HttpRequest request) {
        try {
            // the timeout is for the whole answer: that of the request ends with its headers
            return http.sendAsync(request, BodyHandlers.ofInputStream())
                    .thenApplyAsync(ApiClient::read)
                    .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw unreachable(e);
        }
    }

    private static Answer read(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES) {
                throw new IOException("an answer of more than " + MAX_ANSWER_BYTES + " B");
            }
            return new Answer(response.statusCode(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandException unreachable(CompletionException thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return new CommandException(
                    ExitCode.TIMED_OUT,
                    "no answer from " + base + " within " + Quantity.millis(TIMEOUT.toMillis()),
                    "the same again");
        }
        String remedy = "fanfare serve, or --api URL of a broker's admin listener";
        if (cause instanceof ConnectException) {
            boolean isUnknown = cause.getCause() instanceof UnresolvedAddressException
                    || (cause.getCause() != null && cause.getCause().getCause() instanceof UnresolvedAddressException);
            String sentence = isUnknown
                    ? "no such host: " + URI.create(base).getHost()
                    : "nothing listens at " + base + " (connection refused)";
            return new CommandException(ExitCode.UNREACHABLE, sentence, remedy);
        } else if (cause instanceof SSLException untrusted) {
            return new CommandException(
                    ExitCode.UNREACHABLE,
                    TlsFailure.sentence(base, untrusted),
                    "--tls-ca FILE with the certificate's authority, or http:// instead of https://");
        }
        return new CommandException(ExitCode.UNREACHABLE, "no answer from " + base + ": " + cause.getMessage(), remedy);
    }

    private JsonNode content(Answer answer, String path) {
        JsonNode json;
        try {
            json = MAPPER.readTree(answer.body());
        } catch (IOException e) {
            json = MAPPER.missingNode();
        }
        if (answer.status() >= 300) {
            throw refused(answer.status(), json, commandOf(path));
        }
        if (!json.isObject()) {
            throw noApi();
        }
        return json;
    }

    /** The command that lists what is at a path. */
    private static String commandOf(String path) {
        String list = path.split("/", 3)[1];
        return "fanfare "
                + switch (list) {
                    case "durable-subscriptions" -> "durables";
                    case "overview" -> "status";
                    default -> list;
                };
    }

    private CommandException refused(int status, JsonNode problem, String command) {
        String detail = Harmless.line(problem.path("detail").asText(""));
        if (status == 401) {
            return new CommandException(
                    ExitCode.REFUSED,
                    authorization.isPresent()
                            ? "the broker does not accept these credentials"
                            : "the API of this broker requires authentication",
                    "--token-file FILE, or --login USER and --passcode WORD of a user with the role admin");
        } else if (detail.isEmpty()) {
            return noApi();
        } else if (status == 403) {
            return new CommandException(ExitCode.REFUSED, detail, "--token-file FILE with the token of an operator");
        } else if (status == 429) {
            return new CommandException(ExitCode.REFUSED, detail, "the same again in a few seconds");
        } else if (problem.has("moved")) {
            String moved = " (" + problem.get("moved").asText() + " messages have been moved)";
            return new CommandException(ExitCode.FAILED, detail + moved, "fanfare queues");
        }
        // what the broker calls malformed is what the command line says
        boolean isUsage = status == 400 || status == 422;
        return isUsage
                ? new CommandException(ExitCode.USAGE, detail, command + " --help")
                : new CommandException(ExitCode.FAILED, detail, status == 404 ? command : "fanfare status");
    }

    private CommandException noApi() {
        return new CommandException(
                ExitCode.UNREACHABLE,
                "what answers at " + base + " is no HTTP API of Fanfare",
                "--api URL of a broker's admin listener, as its line 'ready' has it"
                        + (base.startsWith("http:") ? "; https:// where it has TLS" : ""));
    }
}
