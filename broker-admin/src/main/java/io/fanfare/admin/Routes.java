package io.fanfare.admin;

import io.fanfare.admin.Route.Body;
import io.fanfare.admin.Route.Handler;
import io.fanfare.admin.Route.Rights;
import io.fanfare.admin.metrics.Monitor;
import io.fanfare.broker.Broker;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.http.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Table of the requests that are answered, and how. Immutable; any thread may ask.
 *
 * @param all in the order in which they are searched
 */
record Routes(List<Route> all) {

    private static final String PREFIX = "/api/v1";

    /** Where Prometheus' servers look. */
    private static final String METRICS = "/metrics";

    /** Where messages are published. */
    static final String PUBLISH = PREFIX + "/publish";

    /**
     * A route with the values of its segments in braces.
     *
     * @param values decoded
     */
    record Match(Route route, List<String> values) {}

    Routes {
        all = List.copyOf(all);
    }

    static Routes of(
            Broker broker, ServerOptions options, Configuration configuration, Monitor monitor, Loggers loggers) {
        List<Route> all = new ArrayList<>();
        addServer(new Server(broker, options, configuration), all);
        addFigures(new Figures(broker, monitor), all);
        all.add(publish(broker));
        all.add(get("/events", new Events(broker)::list));
        addConnections(new Connections(broker, Clock.systemUTC()), all);
        addTopics(new Topics(broker), all);
        addQueues(new Queues(broker), all);
        addLoggers(loggers, all);
        return new Routes(all);
    }

    private static void addServer(Server server, List<Route> all) {
        HttpAnswer description = description();
        all.add(new Route(
                "GET",
                PREFIX + "/openapi.yaml",
                Rights.ANY,
                Body.NONE,
                request -> CompletableFuture.completedFuture(description)));
        all.add(get("/overview", server::overview));
        all.add(get("/limits", server::limits));
        all.add(get("/configuration", server::configuration));
        all.add(new Route("POST", PREFIX + "/drain", Rights.OPERATOR, Body.JSON, server::drain));
    }

    private static void addFigures(Figures figures, List<Route> all) {
        all.add(get("/history", figures::history));
        all.add(new Route("GET", METRICS, Rights.OPERATOR, Body.NONE, figures::metrics));
    }

    private static void addConnections(Connections connections, List<Route> all) {
        all.add(get("/connections", connections::list));
        all.add(get("/connections/{id}", connections::get));
        all.add(delete("/connections/{id}", connections::close));
        all.add(get("/subscriptions", connections::listSubscriptions));
        all.add(get("/subscriptions/{connection}/{id}", connections::getSubscription));
    }

    private static void addTopics(Topics topics, List<Route> all) {
        all.add(get("/topics", topics::list));
        all.add(get("/topics/{name}", topics::get));
        all.add(get("/topics/{name}/values", topics::lastValues));
        all.add(delete("/topics/{name}/kept", topics::clear));
        all.add(get("/topics/{name}/presence", topics::listPresence));
        all.add(get("/durable-subscriptions", topics::listDurables));
        all.add(get("/durable-subscriptions/{id}", topics::getDurable));
        all.add(delete("/durable-subscriptions/{id}", topics::deleteDurable));
    }

    private static void addQueues(Queues queues, List<Route> all) {
        all.add(get("/queues", queues::list));
        all.add(get("/queues/{name}", queues::get));
        all.add(delete("/queues/{name}", queues::delete));
        all.add(get("/queues/{name}/messages", queues::peek));
        all.add(delete("/queues/{name}/messages", queues::purge));
        all.add(new Route("POST", PREFIX + "/queues/{name}/move", Rights.OPERATOR, Body.JSON, queues::move));
    }

    private static void addLoggers(Loggers loggers, List<Route> all) {
        all.add(get("/loggers", loggers::list));
        all.add(get("/loggers/{name}", loggers::get));
        all.add(new Route("PUT", PREFIX + "/loggers/{name}", Rights.OPERATOR, Body.JSON, loggers::put));
    }

    /** What clients may ask for on their own port. */
    static Routes ofClients(Broker broker) {
        return new Routes(List.of(publish(broker)));
    }

    private static Route publish(Broker broker) {
        return new Route("POST", PUBLISH, Rights.USER, Body.JSON, new Publishing(broker)::publish);
    }

    private static Route get(String path, Handler handler) {
        return new Route("GET", PREFIX + path, Rights.OPERATOR, Body.NONE, handler);
    }

    private static Route delete(String path, Handler handler) {
        return new Route("DELETE", PREFIX + path, Rights.OPERATOR, Body.NONE, handler);
    }

    private static HttpAnswer description() {
        try (InputStream file = Routes.class.getResourceAsStream("openapi.yaml")) {
            if (file == null) {
                throw new IllegalStateException("openapi.yaml is missing in the jar");
            }
            return new HttpAnswer(200, Map.of("Content-Type", "application/yaml"), file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a request is answered without a login. */
    boolean isPublic(String method, List<String> segments) {
        return all.stream()
                .filter(route -> route.rights() == Rights.ANY && isFor(route, method))
                .anyMatch(route -> route.match(segments).isPresent());
    }

    /**
     * Finds the route of a request.
     *
     * @throws Problem 404 when there is none with this path, 405 when there is one with another method
     */
    Match find(String method, List<String> segments) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : all) {
            Optional<List<String>> values = route.match(segments);
            if (values.isPresent()) {
                if (isFor(route, method)) {
                    return new Match(route, values.get());
                }
                allowed.add(route.method());
                if (route.method().equals("GET")) {
                    allowed.add("HEAD");
                }
            }
        }
        if (allowed.isEmpty()) {
            throw Problem.of(404, "there is nothing here; the admin listener's " + PREFIX + "/openapi.yaml lists all");
        }
        throw Problem.of(405, "this path knows " + String.join(", ", allowed))
                .header("Allow", String.join(", ", allowed));
    }

    private static boolean isFor(Route route, String method) {
        return route.method().equals(method.equals("HEAD") ? "GET" : method);
    }
}
