package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Broker;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.Selection;
import io.fanfare.status.SubscriptionStatus;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients and their subscriptions. */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** A Close has room for 123 bytes (RFC 6455 5.5). */
    private static final int MAX_REASON_BYTES = 100;

    private final Broker broker;
    private final Listing<ConnectionStatus> connections;
    private final Listing<SubscriptionStatus> subscriptions;

    Connections(Broker broker, Clock clock) {
        this.broker = broker;
        this.connections = Listing.of(ConnectionStatus.class)
                .text("id", ConnectionStatus::id)
                .text("user", ConnectionStatus::user)
                .text("address", ConnectionStatus::address)
                .text("version", ConnectionStatus::version)
                .text("transport", ConnectionStatus::transport)
                .flag("compressed", ConnectionStatus::compressed)
                .shownOnly(
                        "since",
                        connection -> clock.instant()
                                .minus(connection.age())
                                .truncatedTo(ChronoUnit.MILLIS)
                                .toString())
                .number("age_ms", connection -> connection.age().toMillis())
                .number("subscriptions", ConnectionStatus::subscriptions)
                .number("outbox_bytes", ConnectionStatus::outboxBytes)
                .number("frames_in", ConnectionStatus::framesIn)
                .number("bytes_in", ConnectionStatus::bytesIn)
                .number("bytes_out", ConnectionStatus::bytesOut)
                .number(
                        "heart_beat_lag_ms",
                        connection -> connection.heartBeatLag().toMillis())
                .sortedBy("-age_ms");
        this.subscriptions = Listing.of(SubscriptionStatus.class)
                .text("connection", SubscriptionStatus::connection)
                .text("id", SubscriptionStatus::id)
                .text("user", SubscriptionStatus::user)
                .text("destinations", SubscriptionStatus::destinations)
                .text("ack", SubscriptionStatus::ack)
                .text("selector", SubscriptionStatus::selector)
                .flag("durable", SubscriptionStatus::durable)
                .flag("browser", SubscriptionStatus::browser)
                .number("prefetch", SubscriptionStatus::prefetch)
                .number("unsettled", SubscriptionStatus::unsettled)
                .sortedBy("connection");
    }

    CompletionStage<HttpAnswer> list(ApiRequest request) {
        Selection<ConnectionStatus> selection = connections.selection(request);
        return broker.inspection().connections(selection).thenApply(page -> connections.answer(page, selection));
    }

    CompletionStage<HttpAnswer> get(ApiRequest request) {
        request.requireKnown(List.of());
        return broker.inspection()
                .connection(request.path().get(0))
                .thenApply(found -> found.map(connection -> Json.answer(200, connections.show(connection)))
                        .orElseThrow(Connections::notFound));
    }

    CompletionStage<HttpAnswer> close(ApiRequest request) {
        request.requireKnown(List.of("reason"));
        String id = request.path().get(0);
        String reason = request.query().getOrDefault("reason", "closed by an operator");
        if (reason.getBytes(UTF_8).length > MAX_REASON_BYTES || reason.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(400, "reason must be a text of one line and at most " + MAX_REASON_BYTES + " bytes");
        }
        return broker.operations().closeConnection(id, reason).thenApply(closed -> {
            if (!closed) {
                throw notFound();
            }
            LOG.info("closed connection={} by={}", id, request.caller());
            return Json.answer(200, Map.of("closed", id));
        });
    }

    private static Problem notFound() {
        return Problem.of(404, "there is no such connection");
    }

    CompletionStage<HttpAnswer> listSubscriptions(ApiRequest request) {
        Selection<SubscriptionStatus> selection = subscriptions.selection(request);
        return broker.inspection().subscriptions(selection).thenApply(page -> subscriptions.answer(page, selection));
    }

    CompletionStage<HttpAnswer> getSubscription(ApiRequest request) {
        request.requireKnown(List.of());
        String connection = request.path().get(0);
        String id = request.path().get(1);
        Selection<SubscriptionStatus> one = new Selection<>(
                subscription -> subscription.connection().equals(connection)
                        && subscription.id().equals(id),
                (a, b) -> 0,
                0,
                1);
        return broker.inspection()
                .subscriptions(one)
                .thenApply(page -> page.items().stream()
                        .findFirst()
                        .map(subscription -> Json.answer(200, subscriptions.show(subscription)))
                        .orElseThrow(() -> Problem.of(404, "there is no such subscription")));
    }
}
