package io.fanfare.server.internal.websocket;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.tyrus.core.RequestContext;

/** Converts a Grizzly request that {@link HandshakeRules} allow to Tyrus's. */
final class TyrusRequest {

    private TyrusRequest() {}

    /**
     * The request as Tyrus takes it.
     *
     * @param path of the endpoint that it means
     */
    static RequestContext of(HttpRequestPacket request, String path) {
        RequestContext context = RequestContext.Builder.create()
                .requestURI(URI.create(path))
                .queryString(request.getQueryString())
                .tyrusProperties(Map.of())
                .build();
        for (String name : request.getHeaders().names()) {
            context.getHeaders().computeIfAbsent(name, n -> lines(request, n));
        }
        // Tyrus wants it alone, but it is one of a list (RFC 6455 4.2.1)
        context.getHeaders().put("Upgrade", List.of("websocket"));
        return context;
    }

    /**
     * A request that Tyrus accepts, and nothing but that.
     *
     * @param path of an endpoint
     */
    static RequestContext accepted(String path) {
        RequestContext context = RequestContext.Builder.create()
                .requestURI(URI.create(path))
                .tyrusProperties(Map.of())
                .build();
        context.getHeaders().put("Host", List.of("localhost"));
        context.getHeaders().put("Connection", List.of("Upgrade"));
        context.getHeaders().put("Upgrade", List.of("websocket"));
        context.getHeaders().put("Sec-WebSocket-Version", List.of("13"));
        context.getHeaders().put("Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ=="));
        return context;
    }

    /** The values of a header, line by line. */
    static List<String> lines(HttpRequestPacket request, String name) {
        List<String> values = new ArrayList<>();
        request.getHeaders().values(name).forEach(value -> values.add(value.strip()));
        return values;
    }
}
