package io.fanfare.spring;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.InterceptableChannel;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/**
 * Spring's message broker, played by a {@link Broker} in the same JVM: each WebSocket session of Spring is a session of the
 * broker, and what the application sends is published there. Any thread may call.
 */
final class FanfareBrokerMessageHandler extends AbstractBrokerMessageHandler
        implements ApplicationListener<SessionDisconnectEvent> {

    private static final List<String> PREFIXES = List.of(
            "/topic/", "/queue/", "/amq/queue/", "/temp-queue/", "/temp-topic/", "/presence/", "/stats/", "/broker/");

    /** More than CONNECTs that wait for a thread at a time. */
    private static final int MOST_DEPARTED = 10_000;

    private static final byte[] NO_BODY = new byte[0];

    private final Broker broker;
    private final UserDestinations users;
    private final List<SpringLoop> loops;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Map<String, Client> clients = new ConcurrentHashMap<>();

    /**
     * Ids of WebSockets that have ended without a client here: their CONNECT may be yet to come, as the inbound channel has several
     * threads, and no DISCONNECT would follow it.
     */
    private final Set<String> departed = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_DEPARTED;
        }
    }));

    /**
     * Creates a handler that is not running.
     *
     * @param loops event loops, each with a thread
     * @param destinationPrefixes what is for the broker, beside the destinations of users; none: all that it knows
     * @throws IllegalArgumentException when the broker has no destinations of such a prefix
     */
    FanfareBrokerMessageHandler(
            Broker broker,
            int loops,
            SubscribableChannel inbound,
            MessageChannel outbound,
            SubscribableChannel brokerChannel,
            Collection<String> destinationPrefixes,
            UserDestinations users) {
        super(inbound, outbound, brokerChannel, destinationPrefixes.isEmpty() ? PREFIXES : destinationPrefixes);
        destinationPrefixes.forEach(FanfareBrokerMessageHandler::checkPrefix);
        this.broker = broker;
        this.users = users;
        this.loops = IntStream.rangeClosed(1, loops)
                .mapToObj(i -> new SpringLoop("fanfare-spring-" + i))
                .toList();
    }

    private static void checkPrefix(String prefix) {
        if (PREFIXES.stream().noneMatch(known -> known.startsWith(prefix) || prefix.startsWith(known))) {
            throw new IllegalArgumentException("enableSimpleBroker(\"" + prefix
                    + "\"): Fanfare's destinations begin with /topic/, /queue/, /temp-queue/, /temp-topic/ or /presence/;"
                    + " name those, or keep Spring's simple broker with fanfare.enabled=false");
        }
    }

    @Override
    protected void startInternal() {
        loops.forEach(SpringLoop::start);
        if (getClientOutboundChannel() instanceof InterceptableChannel channel) {
            OutboundBuffer.watch(channel);
        }
        publishBrokerAvailableEvent();
    }

    @Override
    protected void stopInternal() {
        publishBrokerUnavailableEvent();
        clients.values().forEach(client -> client.connection().cut());
        clients.clear();
        loops.forEach(SpringLoop::stop);
        if (getClientOutboundChannel() instanceof InterceptableChannel channel) {
            OutboundBuffer.unwatch(channel);
        }
    }

    /** Comes ahead of the DISCONNECT that Spring makes of the end of a WebSocket, and tells it from a client's own. */
    @Override
    public void onApplicationEvent(SessionDisconnectEvent event) {
        String sessionId = event.getSessionId();
        // first this, then the look: a CONNECT that another thread handles just now does the reverse
        departed.add(sessionId);
        Client client = clients.get(sessionId);
        if (client != null) {
            client.webSocketClosed();
            // DISCONNECT will find it
            departed.remove(sessionId);
        }
    }

    @Override
    protected void handleMessageInternal(Message<?> message) {
        String sessionId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
        StompHeaderAccessor accessor = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
        StompCommand command = accessor == null ? null : accessor.getCommand();
        if (command != null && sessionId != null) {
            fromClient(message, sessionId, Command.valueOf(command.name()));
        } else if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE) {
            publish(message, sessionId);
        } else if (sessionId != null) {
            heartBeat(sessionId);
        }
    }

    // ---- from the application
    // -----------------------------------------------------------------------------------------

    /** Publishes what the application sends; what the broker refuses is an exception of SimpMessagingTemplate's caller. */
    private void publish(Message<?> message, @Nullable String sessionId) {
        String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
        if (destination == null || !isBrokers(destination)) {
            return;
        }
        String target = users.isUsers(destination) ? userTarget(destination, sessionId) : destination;
        if (target == null) {
            logger.debug("No session for the user destination " + destination);
            return;
        }
        Headers.Builder headers = Headers.builder();
        StompMessages.addNativeHeaders(headers, message.getHeaders(), Command.SEND);
        Object type = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
        if (type != null) {
            headers.add("content-type", type.toString());
        }
        try {
            broker.publish(target, headers.build(), StompMessages.body(message));
        } catch (ProtocolException e) {
            throw new MessageDeliveryException(message, e.detail().isEmpty() ? e.summary() : e.detail(), e);
        }
    }

    /**
     * The broker's name for a destination of a user, or of one session: that of {@code @SendToUser(broadcast = false)}, or one
     * whose id stands in place of a user.
     *
     * @return null: for a session that there is not
     */
    private @Nullable String userTarget(String destination, @Nullable String sessionId) {
        UserDestinations.Recipient recipient = users.recipient(destination);
        Client named = clients.get(recipient.user());
        Client one = sessionId == null ? named : clients.get(sessionId);
        if (sessionId == null && named == null) {
            return recipient.destination();
        }
        String session = one == null ? null : one.connection().brokerSession();
        return session == null ? null : recipient.destination(session);
    }

    // ---- from clients
    // -------------------------------------------------------------------------------------------------

    private void fromClient(Message<?> message, String sessionId, Command command) {
        switch (command) {
            case CONNECT, STOMP -> connect(message, sessionId);
            case DISCONNECT -> disconnect(message, sessionId);
            case SEND -> send(message, sessionId);
            case SUBSCRIBE -> subscribe(message, sessionId);
            case UNSUBSCRIBE -> unsubscribe(message, sessionId);
            case ACK, NACK, BEGIN, COMMIT, ABORT -> forward(message, sessionId, command, null);
            case MESSAGE, CONNECTED, RECEIPT, ERROR -> logger.debug("A client does not send " + command);
        }
    }

    private void connect(Message<?> message, String sessionId) {
        if (departed.contains(sessionId)) {
            return;
        }
        Client client = clients.computeIfAbsent(sessionId, id -> open(message, id));
        client.connection().receive(frame(message, Command.CONNECT, null));
        if (departed.contains(sessionId)) {
            client.connection().lost();
        }
    }

    private Client open(Message<?> message, String sessionId) {
        java.security.Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
        String accepted = SimpMessageHeaderAccessor.getFirstNativeHeader("accept-version", message.getHeaders());
        SpringConnection.Client known = new SpringConnection.Client(
                sessionId,
                user,
                Principals.of(user),
                // the broker refuses a CONNECT with which it has no version in common
                StompVersion.highestOf(accepted == null ? "1.0" : accepted).orElse(StompVersion.V1_2));
        SpringLoop loop = loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
        SpringConnection connection =
                new SpringConnection(loop, getClientOutboundChannel(), known, users, () -> clients.remove(sessionId));
        connection.open(broker);
        return new Client(connection);
    }

    private void disconnect(Message<?> message, String sessionId) {
        Client client = clients.get(sessionId);
        if (client == null) {
            return;
        }
        if (client.isWebSocketClosed()) {
            client.connection().lost();
        } else {
            client.connection().receive(frame(message, Command.DISCONNECT, null));
        }
    }

    private void send(Message<?> message, String sessionId) {
        String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
        if (destination == null || !isBrokers(destination)) {
            heartBeat(sessionId);
            return;
        }
        String target = users.isUsers(destination) ? userTarget(destination, null) : destination;
        forward(message, sessionId, Command.SEND, target == null ? destination : target);
    }

    private void subscribe(Message<?> message, String sessionId) {
        String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
        Client client = clients.get(sessionId);
        if (client == null) {
            return;
        }
        if (destination == null || !isBrokers(destination)) {
            // @SubscribeMapping has answered
            client.connection().isAlive();
            return;
        }
        Headers headers = frame(message, Command.SUBSCRIBE, null).headers();
        client.subscribed(headers.find("id").orElse(destination));
        String wanted = users.forSubscribe(destination, !UserDestinations.areOfOne(headers));
        client.connection().receive(frame(message, Command.SUBSCRIBE, wanted));
    }

    private void unsubscribe(Message<?> message, String sessionId) {
        Client client = clients.get(sessionId);
        if (client == null) {
            return;
        }
        Frame frame = frame(message, Command.UNSUBSCRIBE, null);
        String id = frame.headers().find("id").orElse("");
        // a durable one may be from an earlier connection
        if (client.unsubscribed(id) || UserDestinations.areOfOne(frame.headers())) {
            client.connection().receive(frame);
        } else {
            client.connection().isAlive();
        }
    }

    private void forward(Message<?> message, String sessionId, Command command, @Nullable String destination) {
        Client client = clients.get(sessionId);
        if (client != null) {
            client.connection().receive(frame(message, command, destination));
        }
    }

    private void heartBeat(String sessionId) {
        Client client = clients.get(sessionId);
        if (client != null) {
            client.connection().isAlive();
        }
    }

    private static Frame frame(Message<?> message, Command command, @Nullable String destination) {
        Headers.Builder headers = Headers.builder().addIfPresent("destination", destination);
        StompMessages.addNativeHeaders(headers, message.getHeaders(), command);
        byte[] body = command.mayHaveBody() ? StompMessages.body(message) : NO_BODY;
        return new Frame(command, headers.build(), body);
    }

    /** Whether the first of the destinations that are joined here is for the broker. */
    private boolean isBrokers(String destination) {
        return users.isUsers(destination) || checkDestinationPrefix(destination);
    }
}
