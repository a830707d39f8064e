package io.fanfare.server.internal.websocket;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Printable;
import io.fanfare.loop.Timer;
import io.fanfare.security.Authenticator;
import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.server.internal.net.EventLoops;
import io.fanfare.statistics.Refusal;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.jspecify.annotations.Nullable;

/**
 * The last filter of the WebSocket listener: refuses or upgrades the one request of a connection. Requests that Tyrus would
 * wrongly accept are refused before it sees them; once upgraded, a connection leaves Grizzly's filter chain for good.
 */
public final class HandshakeFilter extends BaseFilter {

    /** The longest Retry-After of a refusal; each client gets a random one, so that not all come back at once. */
    private static final int MAX_RETRY_SECONDS = 5;

    private static final Attribute<Timer> DEADLINE =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(HandshakeFilter.class.getName() + ".deadline");

    /** What Grizzly's HTTP codec keeps of a request: three quarters of an idle connection's memory. */
    private static final List<String> HTTP_ATTRIBUTES =
            List.of(HttpServerFilter.HTTP_SERVER_REQUEST_ATTR_NAME, "HttpServerFilter.KeepAliveContext");

    private final Broker broker;
    private final EventLoops loops;
    private final EndpointSettings settings;
    private final HandshakeRules rules;
    private final WebSocketEngine engine;

    public HandshakeFilter(Broker broker, EventLoops loops, EndpointSettings settings, StompContainer container) {
        this.broker = broker;
        this.loops = loops;
        this.settings = settings;
        this.rules = new HandshakeRules(settings);
        this.engine = container.getWebSocketEngine();
    }

    @Override
    public NextAction handleAccept(FilterChainContext context) {
        TCPNIOConnection connection = (TCPNIOConnection) context.getConnection();
        DEADLINE.set(
                connection, loops.of(connection).schedule(settings.handshakeTimeout(), () -> takesTooLong(connection)));
        return context.getInvokeAction();
    }

    private static void takesTooLong(TCPNIOConnection connection) {
        AcceptedSocket.of(connection).refused(Refusal.TIMEOUT, "no whole request within handshake_timeout");
        connection.terminateSilently();
    }

    @Override
    public NextAction handleClose(FilterChainContext context) {
        cancelDeadline((TCPNIOConnection) context.getConnection());
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleRead(FilterChainContext context) {
        HttpContent message = context.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) message.getHttpHeader();
        HandshakeRules.Decision decision = decide((TCPNIOConnection) context.getConnection(), request);
        if (!decision.isUpgrade()) {
            refuse(context, request, decision);
            return context.getStopAction();
        }
        TyrusUpgradeResponse response = new TyrusUpgradeResponse();
        WebSocketEngine.UpgradeInfo upgrade = engine.upgrade(tyrusRequest(request), response);
        if (upgrade.getStatus() == WebSocketEngine.UpgradeStatus.SUCCESS && response.getStatus() == 101) {
            upgrade(context, request, response, upgrade, message.getContent());
        } else {
            refuse(context, request, HandshakeRules.Decision.badRequest("the handshake is malformed"));
        }
        return context.getStopAction();
    }

    private RequestContext tyrusRequest(HttpRequestPacket request) {
        return TyrusRequest.of(
                request, settings.endpoint(request.getRequestURI()).orElseThrow());
    }

    private HandshakeRules.Decision decide(TCPNIOConnection connection, HttpRequestPacket request) {
        HandshakeRules.Decision decision = rules.decide(request);
        if (!decision.isUpgrade()) {
            return decision;
        }
        if (broker.isDraining()) {
            return unavailable(Refusal.DRAINING, "the broker is about to restart; connect again in a few seconds");
        }
        AcceptedSocket socket = AcceptedSocket.of(connection);
        socket.proxiedFor(
                ForwardedFor.client(
                        socket.client(), request.getHeaders().values("X-Forwarded-For"), settings.trustedProxies()),
                0);
        return socket.admit().map(why -> unavailable(null, why)).orElse(decision);
    }

    private static HandshakeRules.Decision unavailable(@Nullable Refusal refusal, String text) {
        return HandshakeRules.Decision.unavailable(
                refusal, text, ThreadLocalRandom.current().nextInt(1, MAX_RETRY_SECONDS + 1));
    }

    private void upgrade(
            FilterChainContext context,
            HttpRequestPacket request,
            TyrusUpgradeResponse response,
            WebSocketEngine.UpgradeInfo upgrade,
            Buffer rest) {
        HttpResponsePacket packet = request.getResponse();
        packet.setProtocol(Protocol.HTTP_1_1);
        packet.setStatus(101);
        packet.setReasonPhrase("Switching Protocols");
        for (Map.Entry<String, List<String>> header : response.getHeaders().entrySet()) {
            packet.setHeader(header.getKey(), String.join(", ", header.getValue()));
        }
        context.write(HttpContent.builder(packet).build());
        TCPNIOConnection grizzly = (TCPNIOConnection) context.getConnection();
        cancelDeadline(grizzly);
        HTTP_ATTRIBUTES.forEach(grizzly.getAttributes()::removeAttribute);
        WebSocketConnection connection =
                WebSocketConnection.open(broker, loops.of(grizzly), grizzly, credentials(request), upgrade);
        ByteBuffer early = ByteBuffer.allocate(rest.remaining());
        rest.get(early);
        connection.arrived(early.flip());
    }

    /** Headers of the request that an authenticator may ask for; none without an authenticator. */
    private Map<String, String> credentials(HttpRequestPacket request) {
        if (broker.options().auth().authenticator() == Authenticator.ANONYMOUS) {
            return Map.of();
        }
        Map<String, String> found = new HashMap<>();
        keep(request, "authorization", ", ", found);
        keep(request, "cookie", "; ", found);
        return found;
    }

    private static void keep(HttpRequestPacket request, String name, String separator, Map<String, String> found) {
        for (String value : request.getHeaders().values(name)) {
            found.merge(name, value.strip(), (before, next) -> before + separator + next);
        }
    }

    private static void refuse(
            FilterChainContext context, HttpRequestPacket request, HandshakeRules.Decision decision) {
        if (decision.refusal() != null) {
            AcceptedSocket.of((TCPNIOConnection) context.getConnection())
                    .refused(decision.refusal(), detail(request, decision.refusal(), decision.text()));
        }
        HttpResponsePacket packet = request.getResponse();
        packet.setProtocol(Protocol.HTTP_1_1);
        packet.setStatus(decision.status());
        packet.setReasonPhrase(decision.reason());
        decision.headers().forEach(packet::setHeader);
        packet.setHeader("Connection", "close");
        packet.setContentType("text/plain; charset=utf-8");
        byte[] body = (decision.text() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        packet.setContentLength(body.length);
        context.write(HttpContent.builder(packet)
                .content(Buffers.wrap(context.getMemoryManager(), body))
                .last(true)
                .build());
        context.getConnection().closeSilently();
    }

    /** What operators are told: they have not seen the request, which the text of the answer need not repeat. */
    private static String detail(HttpRequestPacket request, Refusal refusal, String text) {
        return switch (refusal) {
            case ORIGIN -> Printable.of(String.valueOf(request.getHeader("Origin"))) + ": " + text;
            case NOT_FOUND -> Printable.of(String.valueOf(request.getRequestURI())) + ": " + text;
            default -> text;
        };
    }

    private void cancelDeadline(TCPNIOConnection connection) {
        Timer deadline = DEADLINE.remove(connection);
        if (deadline != null) {
            loops.of(connection).runOrExecute(deadline::cancel);
        }
    }
}
