package io.fanfare.server.internal.websocket;

import io.fanfare.server.internal.net.TlsChannel;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.tyrus.core.RequestContext;

/** Converts a Grizzly request to Tyrus's. */
final class TyrusRequest {

    private TyrusRequest() {}

    static RequestContext of(HttpRequestPacket request) {
        RequestContext context = RequestContext.Builder.create()
                .requestURI(URI.create(request.getRequestURI()))
                .queryString(request.getQueryString())
                .secure(TlsChannel.of(request.getConnection()) != null)
                .remoteAddr(request.getRemoteAddress())
                .serverAddr(request.getLocalHost() == null ? request.getLocalAddress() : request.getLocalHost())
                .serverPort(request.getLocalPort())
                .tyrusProperties(Map.of())
                .build();
        for (String name : request.getHeaders().names()) {
            context.getHeaders().computeIfAbsent(name, n -> values(request, n));
        }
        return context;
    }

    private static List<String> values(HttpRequestPacket request, String name) {
        List<String> values = new ArrayList<>();
        request.getHeaders().values(name).forEach(value -> values.add(value.strip()));
        return values;
    }
}
