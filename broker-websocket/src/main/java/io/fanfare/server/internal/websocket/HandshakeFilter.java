package io.fanfare.server.internal.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Printable;
import io.fanfare.server.internal.http.RequestAdmission;
import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.server.internal.net.SessionOpener;
import io.fanfare.statistics.Refusal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;

/**
 * The last filter of the WebSocket listener: refuses or upgrades the one request of a connection. Requests that Tyrus would
 * wrongly accept are refused before it sees them; once upgraded, a connection leaves Grizzly's filter chain for good.
 */
public final class HandshakeFilter extends BaseFilter {

    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private final RequestAdmission admission;
    private final SessionOpener sessions;
    private final EndpointSettings settings;
    private final HandshakeRules rules;
    private final StompContainer container;

    public HandshakeFilter(
            RequestAdmission admission, SessionOpener sessions, EndpointSettings settings, StompContainer container) {
        this.admission = admission;
        this.sessions = sessions;
        this.settings = settings;
        this.rules = new HandshakeRules(settings, admission);
        this.container = container;
    }

    @Override
    public NextAction handleAccept(FilterChainContext context) {
        admission.opened((TCPNIOConnection) context.getConnection());
        return context.getInvokeAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext context) {
        admission.endDeadline((TCPNIOConnection) context.getConnection());
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
        WebSocketEngine.UpgradeInfo upgrade = container.engine().upgrade(tyrusRequest(request), response);
        if (upgrade.getStatus() == WebSocketEngine.UpgradeStatus.SUCCESS && response.getStatus() == 101) {
            upgrade(context, request, response, message.getContent());
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
        return admission
                .admit(connection, request)
                .map(HandshakeRules.Decision::unavailable)
                .orElse(decision);
    }

    private void upgrade(
            FilterChainContext context, HttpRequestPacket request, TyrusUpgradeResponse response, Buffer rest) {
        HttpResponsePacket packet = request.getResponse();
        packet.setProtocol(Protocol.HTTP_1_1);
        packet.setStatus(101);
        packet.setReasonPhrase("Switching Protocols");
        for (Map.Entry<String, List<String>> header : response.getHeaders().entrySet()) {
            packet.setHeader(header.getKey(), String.join(", ", header.getValue()));
        }
        // Tyrus knows no extension
        Optional<CompressionOffers.Agreement> agreement = settings.agree(TyrusRequest.lines(request, EXTENSIONS));
        agreement.ifPresent(agreed -> packet.setHeader(EXTENSIONS, agreed.answer()));
        context.write(HttpContent.builder(packet).build());
        TCPNIOConnection grizzly = (TCPNIOConnection) context.getConnection();
        admission.taken(grizzly);
        WebSocketConnection connection = WebSocketConnection.open(
                sessions,
                admission.loops().of(grizzly),
                grizzly,
                new WebSocketConnection.Upgraded(
                        admission.credentials(request),
                        settings.compression(agreement),
                        container,
                        settings.maxFrameBytes()));
        ByteBuffer early = ByteBuffer.allocate(rest.remaining());
        rest.get(early);
        connection.arrived(early.flip());
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
        byte[] body = (decision.text() + "\n").getBytes(UTF_8);
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
}
