package io.fanfare.server.internal.sse;

import io.fanfare.server.internal.http.RequestAdmission;
import io.fanfare.server.internal.net.AcceptedSocket;
import io.fanfare.server.internal.net.SessionOpener;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * Makes a request for one path of the clients' port an event stream, or refuses it; all others go on to the handshake, whose
 * filter keeps the deadline. A stream leaves Grizzly's filter chain for good.
 */
public final class EventStreamFilter extends BaseFilter {

    private final String path;
    private final RequestAdmission admission;
    private final SessionOpener sessions;

    public EventStreamFilter(String path, RequestAdmission admission, SessionOpener sessions) {
        this.path = path;
        this.admission = admission;
        this.sessions = sessions;
    }

    @Override
    public NextAction handleRead(FilterChainContext context) {
        HttpContent content = context.getMessage();
        HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
        if (!request.getRequestURI().equals(path)) {
            return context.getInvokeAction();
        }
        try {
            begin((TCPNIOConnection) context.getConnection(), request);
        } catch (StreamRefusal refusal) {
            refuse(context, request, refusal);
        }
        return context.getStopAction();
    }

    private void begin(TCPNIOConnection connection, HttpRequestPacket request) {
        StreamRequest wanted = StreamRequest.of(request, admission);
        admission.admit(connection, request).ifPresent(why -> {
            throw StreamRefusal.of(why);
        });
        admission.taken(connection);
        EventStreamConnection.open(
                sessions, admission.loops().of(connection), connection, admission.credentials(request), wanted);
    }

    private static void refuse(FilterChainContext context, HttpRequestPacket request, StreamRefusal refusal) {
        TCPNIOConnection connection = (TCPNIOConnection) context.getConnection();
        refusal.counted()
                .ifPresent(why -> AcceptedSocket.of(connection).refused(why, String.valueOf(refusal.getMessage())));
        HttpResponsePacket packet = request.getResponse();
        packet.setProtocol(Protocol.HTTP_1_1);
        packet.setStatus(refusal.status());
        packet.setReasonPhrase(refusal.reason());
        refusal.headers().forEach(packet::setHeader);
        packet.setHeader("Cache-Control", "no-store");
        packet.setHeader("Connection", "close");
        packet.setContentType(StreamRefusal.CONTENT_TYPE);
        byte[] body = refusal.body();
        packet.setContentLength(body.length);
        byte[] sent = request.getMethod() == Method.HEAD ? new byte[0] : body;
        context.write(HttpContent.builder(packet)
                .content(Buffers.wrap(context.getMemoryManager(), sent))
                .last(true)
                .build());
        connection.closeSilently();
    }
}
