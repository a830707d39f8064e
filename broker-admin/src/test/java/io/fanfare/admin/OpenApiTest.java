package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fanfare.admin.metrics.Monitor;
import io.fanfare.broker.Broker;
import io.fanfare.server.FanfareServer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The description of the API says what the table of routes does. */
class OpenApiTest {

    private static final Pattern BRACES = Pattern.compile("\\{([a-z]+)\\}");

    private final Broker broker = new Broker();
    private final Monitor monitor = Monitor.start(broker);
    private final Routes routes = Routes.of(
            broker,
            FanfareServer.builder().options(),
            new Configuration(Map::of),
            monitor,
            new Loggers(Optional.empty()));

    @AfterEach
    void closeMonitor() {
        monitor.close();
    }

    private static JsonNode description() throws IOException {
        try (InputStream file = AdminApi.class.getResourceAsStream("openapi.yaml")) {
            return new YAMLMapper().readTree(file);
        }
    }

    @Test
    void eachRouteIsDescribedAndEachDescriptionHasARoute() throws IOException {
        TreeSet<String> described = new TreeSet<>();
        description()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method ->
                                described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        TreeSet<String> answered = new TreeSet<>();
        routes.all().forEach(route -> answered.add(route.method() + " " + route.path()));
        assertThat(described).isEqualTo(answered);
    }

    @Test
    void whatIsInBracesIsDescribed() throws IOException {
        description()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().forEach(operation -> {
                    TreeSet<String> parameters = new TreeSet<>();
                    operation.path("parameters").forEach(parameter -> {
                        if (parameter.path("in").asText().equals("path")) {
                            parameters.add(parameter.path("name").asText());
                        }
                    });
                    TreeSet<String> braces = new TreeSet<>();
                    BRACES.matcher(path.getKey()).results().forEach(match -> braces.add(match.group(1)));
                    assertThat(parameters).as(path.getKey()).isEqualTo(braces);
                }));
    }

    @Test
    void bodiesAndLoginsAreDescribed() throws IOException {
        JsonNode paths = description().path("paths");
        for (Route route : routes.all()) {
            JsonNode operation = paths.path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
            assertThat(operation.has("requestBody")).as(route.path()).isEqualTo(route.body() == Route.Body.JSON);
            assertThat(operation.has("security")).as(route.path()).isEqualTo(route.rights() == Route.Rights.ANY);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        JsonNode all = description();
        for (JsonNode reference : all.findValues("$ref")) {
            assertThat(all.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }
}
