package io.fanfare.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.broker.Operations;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.examples.chat.Removals.Removal;
import io.fanfare.examples.login.TokenIssuer;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.Selection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what moderators ask for in a queue: closes the connections of a user, and keeps the user out for a while. That a message
 * is in that queue is a moderator's right to remove: the broker lets no other user send there.
 */
final class ModerationDesk implements AutoCloseable {

    static final String QUEUE = "/queue/removals";

    /** The role that may read the queue. */
    static final String ROLE = "desk";

    private static final Logger LOG = LoggerFactory.getLogger(ModerationDesk.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Headers BY_ONE = Headers.of("ack", "client-individual");
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int MAX_CONNECTIONS = 1_000;
    private static final int MAX_REASON = 60;

    /** What a client is told at most when an operator closes its connection. */
    private static final int MAX_CLOSE_REASON_BYTES = 100;

    private final FanfareServer server;
    private final TokenIssuer tokens;
    private final Removals removals;
    private final Predicate<String> removable;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "chat-desk");
        daemon.setDaemon(true);
        return daemon;
    });

    // owned by the thread
    private @Nullable StompClient client;
    private Instant renewal = Instant.MAX;

    private ModerationDesk(FanfareServer server, TokenIssuer tokens, Removals removals, Predicate<String> removable) {
        this.server = server;
        this.tokens = tokens;
        this.removals = removals;
        this.removable = removable;
    }

    /**
     * Opens the desk, and keeps it open: it connects anew when its connection has ended.
     *
     * @param removable users that moderators may remove
     */
    static ModerationDesk open(
            FanfareServer server, TokenIssuer tokens, Removals removals, Predicate<String> removable) {
        ModerationDesk desk = new ModerationDesk(server, tokens, removals, removable);
        desk.thread.scheduleWithFixedDelay(desk::stayConnected, 0, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        return desk;
    }

    private void stayConnected() {
        try {
            if (client == null || !client.isOpen()) {
                connect();
            } else if (Instant.now().isAfter(renewal)) {
                client.sendNow("/broker/auth", Headers.of("passcode", newToken()), new byte[0]);
            }
        } catch (StompException e) {
            LOG.warn("not connected, trying again: {}", e.getMessage());
        }
    }

    private void connect() {
        StompClient opened = StompClient.builder(server.webSocketUri())
                .connectTimeout(Duration.ofMinutes(1))
                .login("chat", newToken())
                .connect();
        client = opened;
        opened.subscribe(QUEUE, BY_ONE, message -> thread.execute(() -> handle(opened, message)));
    }

    /** A token, to be replaced after half of its life. */
    private String newToken() {
        TokenIssuer.Token token = tokens.issue("chat", Set.of(ROLE));
        Instant now = Instant.now();
        renewal = now.plus(Duration.between(now, token.expires()).dividedBy(2));
        return token.value();
    }

    private void handle(StompClient from, Frame message) {
        try {
            JsonNode wanted = JSON.readTree(message.body());
            remove(
                    wanted.path("user").asText(),
                    Objects.requireNonNull(message.headers().get("user-id")),
                    wanted.path("room").asText(),
                    wanted.path("reason").asText().strip());
        } catch (IOException | RuntimeException e) {
            LOG.warn("not removed", e);
        }
        from.ack(message);
    }

    private void remove(String user, String moderator, String room, String reason) {
        if (!removable.test(user) || !Chat.ROOMS.contains(room) || reason.length() > MAX_REASON) {
            LOG.warn("{} wants to remove a user that can't be removed", moderator);
            return;
        }
        // first, so that a page that connects again at once is kept out
        Removal removal = removals.add(user, moderator, reason);
        closeConnections(user, removal);
        say(room, user + " was removed by " + moderator + (reason.isEmpty() ? "." : " (" + reason + ")."));
    }

    private void closeConnections(String user, Removal removal) {
        String text = removal.text();
        String told = text.getBytes(UTF_8).length <= MAX_CLOSE_REASON_BYTES ? text : "removed by a moderator";
        Selection<ConnectionStatus> theirs = new Selection<>(
                each -> each.user().equals(user), Comparator.comparing(ConnectionStatus::id), 0, MAX_CONNECTIONS);
        Operations operations = server.broker().operations();
        server.broker()
                .inspection()
                .connections(theirs)
                .thenAccept(found -> found.items().forEach(each -> operations.closeConnection(each.id(), told)));
    }

    /** Says something in a room, as the house: without {@code user-id}, which users can't do. */
    private void say(String room, String text) {
        try {
            byte[] body = JSON.writeValueAsBytes(Map.of("text", text));
            server.broker().publish("/topic/room." + room, Headers.of("content-type", "application/json"), body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes the connection; returns when that is done, after 10 s at most. */
    @Override
    public void close() {
        thread.execute(() -> {
            if (client != null) {
                client.close();
            }
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
