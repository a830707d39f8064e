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
            .field("number", ConnectionEvent::number)
            .field("time", event -> Instant.ofEpochMilli(event.time()).toString())
            .field("kind", event -> event.kind().name().toLowerCase(Locale.ROOT))
            .field("reason", ConnectionEvent::reason)
            .field("address", ConnectionEvent::address)
            .field("connection", ConnectionEvent::connection)
            .field("user", ConnectionEvent::user)
            .field("detail", ConnectionEvent::detail)
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
