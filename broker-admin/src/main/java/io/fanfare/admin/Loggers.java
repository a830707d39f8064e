package io.fanfare.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.admin.logging.LogLevel;
import io.fanfare.admin.logging.LogLevels;
import io.fanfare.server.http.HttpAnswer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The levels of loggers. */
final class Loggers {

    private static final Logger LOG = LoggerFactory.getLogger(Loggers.class);

    private static final String ROOT = "ROOT";

    /** Loggers are kept for good. */
    private static final int MAX_CHANGED = 1_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*");
    private static final int MAX_NAME = 200;

    private final Optional<LogLevels> levels;

    /** @param levels empty: the process that has embedded the server has not said */
    Loggers(Optional<LogLevels> levels) {
        this.levels = levels;
    }

    CompletionStage<HttpAnswer> list(ApiRequest request) {
        request.requireKnown(List.of());
        List<Map<String, @Nullable Object>> items =
                levels().all().keySet().stream().map(this::show).toList();
        return done(Map.of("items", items));
    }

    CompletionStage<HttpAnswer> get(ApiRequest request) {
        request.requireKnown(List.of());
        return done(show(name(request)));
    }

    CompletionStage<HttpAnswer> put(ApiRequest request) {
        request.requireKnown(List.of());
        Json.requireKnown(request.body(), List.of("level"));
        String name = name(request);
        Optional<LogLevel> level = level(request.body().get("level"));
        if (level.isEmpty() && name.equals(ROOT)) {
            throw Problem.of(422, "ROOT must have a level");
        }
        if (levels().all().size() >= MAX_CHANGED && !levels().all().containsKey(name)) {
            throw Problem.of(409, "more than " + MAX_CHANGED + " loggers have a level of their own");
        }
        levels().set(name, level);
        LOG.info(
                "log level logger={} level={} by={}",
                name,
                level.map(LogLevel::name).orElse("inherited"),
                request.caller());
        return done(show(name));
    }

    private static Optional<LogLevel> level(@Nullable JsonNode value) {
        if (value != null && value.isNull()) {
            return Optional.empty();
        }
        String text =
                value == null || !value.isTextual() ? "" : value.textValue().toUpperCase(Locale.ROOT);
        return Optional.of(Arrays.stream(LogLevel.values())
                .filter(each -> each.name().equals(text))
                .findFirst()
                .orElseThrow(() -> Problem.of(422, "level must be one of " + levelNames() + ", or null")));
    }

    private static String levelNames() {
        return Arrays.stream(LogLevel.values()).map(LogLevel::name).collect(Collectors.joining(", "));
    }

    private Map<String, @Nullable Object> show(String name) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("level", levels().all().get(name));
        object.put("effective", levels().effective(name));
        return object;
    }

    private static String name(ApiRequest request) {
        String name = request.path().get(0);
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw Problem.of(404, "a logger is called like a package or class, or " + ROOT);
        }
        return name;
    }

    private LogLevels levels() {
        return levels.orElseThrow(() -> Problem.of(404, "this server's process has not said how it logs"));
    }

    private static CompletionStage<HttpAnswer> done(Object object) {
        return CompletableFuture.completedFuture(Json.answer(200, object));
    }
}
