package io.fanfare.admin;

import io.fanfare.broker.Broker;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.status.ConnectionEvent;
import io.fanfare.status.Selection;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Recent ends of connections, and refusals of sockets. */
final class Events {

    private static final Listing<ConnectionEvent> LISTING = Listing.of(ConnectionEvent.class)
            .number("number", ConnectionEvent::number)
            .text("time", event -> Instant.ofEpochMilli(event.time()).toString())
            .text("kind", event -> event.kind().name().toLowerCase(Locale.ROOT))
            .text("reason", ConnectionEvent::reason)
            .text("address", ConnectionEvent::address)
            .text("connection", ConnectionEvent::connection)
            .text("user", ConnectionEvent::user)
            .text("detail", ConnectionEvent::detail)
            .sortedBy("-number");

    private final Broker broker;

    Events(Broker broker) {
        this.broker = broker;
    }

    CompletionStage<HttpAnswer> list(ApiRequest request) {
        Selection<ConnectionEvent> selection = LISTING.selection(request);
        return CompletableFuture.completedFuture(
                LISTING.answer(broker.inspection().events(selection), selection));
    }
}
