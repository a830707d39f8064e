package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.client.Live.Gap;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.options.MergePatch;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real broker with topics that keep something, a client, and what a {@link Live} tells. */
abstract class LiveScene {

    static final String PRICES = "/topic/prices";
    static final int HISTORY = 10;

    /** What both bodies have in common up to a bar goes without saying. */
    private static final MergePatch DIFF = (before, after) -> {
        String common = new String(before, UTF_8).split("\\|")[0] + "|";
        String now = new String(after, UTF_8);
        return now.startsWith(common) ? now.substring(common.length()).getBytes(UTF_8) : null;
    };

    static final BinaryOperator<byte[]> APPLY = (before, patch) ->
            (new String(before, UTF_8).split("\\|")[0] + "|" + new String(patch, UTF_8)).getBytes(UTF_8);

    final List<Gap> gaps = Collections.synchronizedList(new ArrayList<>());
    final List<String> changes = Collections.synchronizedList(new ArrayList<>());
    final List<Frame> messages = Collections.synchronizedList(new ArrayList<>());
    FanfareServer server;
    StompClient client;

    @BeforeEach
    void start() {
        List<TopicRule> rules = List.of(
                TopicRule.of(PRICES).retainByKey("symbol").history(HISTORY),
                TopicRule.of("/topic/kept.*").retainByKey("symbol"),
                TopicRule.of("/topic/log").history(HISTORY),
                TopicRule.of("/topic/room.#").retainByKey("symbol").withPresence());
        BrokerOptions options = BrokerOptions.builder()
                .topics(topics -> topics.rules(rules).mergePatch(DIFF))
                .build();
        server = FanfareServer.builder().port(0).tcpPort(-1).broker(options).start();
        client = connect();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    StompClient connect() {
        return StompClient.builder(server.webSocketUri()).onError(failure -> {}).connect();
    }

    LiveOptions.Builder options() {
        return LiveOptions.builder()
                .key("symbol")
                .onChange(change -> changes.add(
                        change.key() + "=" + text(change.value()) + (change.isSnapshot() ? " (snapshot)" : "")))
                .onMessage(messages::add)
                .onGap((gap, live) -> gaps.add(gap));
    }

    Live follow() {
        return follow(PRICES, options().build());
    }

    Live follow(String destination, LiveOptions options) {
        Live live = client.live(destination, options);
        ready(live);
        return live;
    }

    static void ready(Live live) {
        try {
            live.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not the present", e);
        }
    }

    void publish(String symbol, String price) {
        publish(PRICES, Headers.of("symbol", symbol), price);
    }

    void publish(String destination, Headers headers, String body) {
        server.broker().publish(destination, headers, body.getBytes(UTF_8));
    }

    void remove(String symbol) {
        publish(PRICES, Headers.of("symbol", symbol, "retain", "remove"), "");
    }

    static String text(Frame message) {
        return message == null ? "gone" : message.bodyAsString();
    }

    static Map<String, String> state(Live live) {
        Map<String, String> state = new TreeMap<>();
        live.state().forEach((key, message) -> state.put(key, message.bodyAsString()));
        return state;
    }

    static void becomes(Live live, Map<String, String> state) {
        Await.until("the state " + state, () -> live.isCurrent() && state(live).equals(state));
    }

    /** The connection breaks, something happens, and the application connects anew. */
    void away(Live live, Runnable happens) {
        client.close();
        Await.until("the loss is noticed", () -> !live.isCurrent());
        happens.run();
        client = connect();
        live.attach(client);
        ready(live);
    }
}
