package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Printable;
import io.fanfare.server.http.HttpAnswer;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.LastValue;
import io.fanfare.status.PresenceStatus;
import io.fanfare.status.Selection;
import io.fanfare.status.TopicStatus;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics, and durable subscriptions of them. */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private static final Listing<TopicStatus> TOPICS = Listing.of(TopicStatus.class)
            .text("destination", TopicStatus::destination)
            .number("subscribers", TopicStatus::subscribers)
            .number("messages_in", TopicStatus::messagesIn)
            .number("messages_out", TopicStatus::messagesOut)
            .number("retained", TopicStatus::retained)
            .number("history", TopicStatus::history)
            .number("present", TopicStatus::present)
            .sortedBy("destination");

    private static final Listing<PresenceStatus> PRESENCE = Listing.of(PresenceStatus.class)
            .text("session", PresenceStatus::session)
            .text("user", PresenceStatus::user)
            .text("since", present -> Queues.time(present.since()))
            .sortedBy("since");

    private static final Listing<DurableSubscriptionStatus> DURABLES = Listing.of(DurableSubscriptionStatus.class)
            .text("id", Topics::id)
            .text("user", DurableSubscriptionStatus::user)
            .text("client_id", DurableSubscriptionStatus::clientId)
            .text("name", DurableSubscriptionStatus::name)
            .text("destinations", DurableSubscriptionStatus::destinations)
            .text("selector", DurableSubscriptionStatus::selector)
            .flag("connected", DurableSubscriptionStatus::connected)
            .number("depth", durable -> durable.queue().depth())
            .number("unacknowledged", durable -> durable.queue().unacknowledged())
            .number("bytes", durable -> durable.queue().bytes())
            .text("oldest", durable -> Queues.time(durable.queue().oldest()))
            .number("messages_in", durable -> durable.queue().messagesIn())
            .number("messages_out", durable -> durable.queue().messagesOut())
            .sortedBy("id");

    private final Broker broker;

    Topics(Broker broker) {
        this.broker = broker;
    }

    CompletionStage<HttpAnswer> list(ApiRequest request) {
        Selection<TopicStatus> selection = TOPICS.selection(request);
        return done(TOPICS.answer(broker.inspection().topics(selection), selection));
    }

    CompletionStage<HttpAnswer> get(ApiRequest request) {
        request.requireKnown(List.of());
        return done(broker.inspection()
                .topic(name(request))
                .map(topic -> Json.answer(200, TOPICS.show(topic)))
                .orElseThrow(Topics::notFound));
    }

    /** Last values, looked at as messages of a queue are. */
    CompletionStage<HttpAnswer> lastValues(ApiRequest request) {
        request.requireKnown(List.of("limit", "after"));
        int limit = request.number("limit", 10, 1, Queues.MAX_PEEKED);
        List<LastValue> found = broker.inspection()
                .lastValues(name(request), Queues.after(request, 0), limit, Queues.MAX_PEEKED_BYTES)
                .orElseThrow(Topics::notFound);
        return done(Json.answer(
                200, Map.of("values", found.stream().map(Topics::show).toList())));
    }

    private static Map<String, Object> show(LastValue value) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("position", Long.toString(value.sequence()));
        object.put("key", value.key());
        object.put("timestamp", Queues.time(value.timestamp()));
        Queues.putContent(object, value.headers(), value.body());
        return object;
    }

    /** Throws away the last values and the history. */
    CompletionStage<HttpAnswer> clear(ApiRequest request) {
        request.requireKnown(List.of());
        String topic = name(request);
        long cleared = broker.operations().clearTopic(topic).orElseThrow(Topics::notFound);
        LOG.info("cleared topic={} messages={} by={}", Printable.of(topic), cleared, request.caller());
        return done(Json.answer(200, Map.of("cleared", cleared)));
    }

    private static Problem notFound() {
        return Problem.of(404, "there is no such topic; a topic goes with its last subscriber and all that it keeps");
    }

    /** A name stands behind {@code /topic/}; a whole destination, with its slashes encoded, for itself. */
    private static String name(ApiRequest request) {
        String name = request.path().get(0);
        return name.startsWith("/") ? name : "/topic/" + name;
    }

    CompletionStage<HttpAnswer> listPresence(ApiRequest request) {
        Selection<PresenceStatus> selection = PRESENCE.selection(request);
        return done(broker.inspection()
                .presence(name(request), selection)
                .map(page -> PRESENCE.answer(page, selection))
                .orElseThrow(() -> Problem.of(
                        404,
                        "the presence of this topic is not gathered; the rule of topics that matches it must have"
                                + " presence: true")));
    }

    CompletionStage<HttpAnswer> listDurables(ApiRequest request) {
        Selection<DurableSubscriptionStatus> selection = DURABLES.selection(request);
        return done(DURABLES.answer(broker.inspection().durableSubscriptions(selection), selection));
    }

    CompletionStage<HttpAnswer> getDurable(ApiRequest request) {
        request.requireKnown(List.of());
        return done(Json.answer(200, DURABLES.show(durable(request))));
    }

    CompletionStage<HttpAnswer> deleteDurable(ApiRequest request) {
        request.requireKnown(List.of());
        DurableSubscriptionStatus found = durable(request);
        return switch (broker.operations().deleteDurableSubscription(found.user(), found.clientId(), found.name())) {
            case DELETED -> {
                String id = id(found);
                LOG.info("deleted durable-subscription={} by={}", id, request.caller());
                yield done(Json.answer(200, Map.of("deleted", id)));
            }
            case NOT_FOUND -> throw noSuchDurable();
            case IN_USE -> throw Problem.of(409, "the client of the durable subscription is connected");
        };
    }

    private DurableSubscriptionStatus durable(ApiRequest request) {
        String id = request.path().get(0);
        return broker
                .inspection()
                .durableSubscriptions(new Selection<>(durable -> id(durable).equals(id), (a, b) -> 0, 0, 1))
                .items()
                .stream()
                .findFirst()
                .orElseThrow(Topics::noSuchDurable);
    }

    private static Problem noSuchDurable() {
        return Problem.of(404, "there is no such durable subscription");
    }

    /** User, client-id and name in one, each of which may be any text. */
    private static String id(DurableSubscriptionStatus durable) {
        String text = durable.user().length() + ":" + durable.user()
                + durable.clientId().length() + ":" + durable.clientId() + durable.name();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
