package io.fanfare.testkit;

import io.fanfare.server.FanfareServer;
import io.fanfare.testkit.internal.StompSocket;
import io.fanfare.testkit.internal.TestTls;
import io.fanfare.testkit.internal.proxy.FaultRules;
import io.fanfare.testkit.internal.proxy.ProxiedConnection;
import io.fanfare.testkit.internal.proxy.Proxy;
import io.fanfare.testkit.internal.proxy.Transcripts;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** The ports through which clients of a test broker come; they stay when the broker is started anew. Any thread may call. */
final class Gateway implements AutoCloseable {

    private final FaultRules rules = new FaultRules();
    private final Transcripts transcripts = new Transcripts();
    private final @Nullable TestTls tls;
    private final Proxy webSocket;
    private final List<Proxy> tcp;

    /** @param tls of its ports; null: as the server's are */
    Gateway(FanfareServer server, @Nullable TestTls tls) {
        this.tls = tls;
        this.webSocket = Proxy.listen(tls, true, server.webSocketPort(), rules, transcripts);
        this.tcp = server.tcpPort() < 0
                ? List.of()
                : List.of(Proxy.listen(tls, false, server.tcpPort(), rules, transcripts));
    }

    URI webSocketUri(FanfareServer server) {
        URI direct = server.webSocketUri();
        String scheme = tls == null ? direct.getScheme() : "wss";
        return URI.create(scheme + "://" + direct.getHost() + ":" + webSocket.port() + direct.getRawPath());
    }

    int tcpPort() {
        return tcp.isEmpty() ? -1 : tcp.get(0).port();
    }

    /** Where the kit's own clients connect. */
    StompSocket.Address address(FanfareServer server) {
        return new StompSocket.Address(
                webSocketUri(server), tcpPort(), tls == null ? SocketFactory.getDefault() : tls.sockets());
    }

    FaultRules rules() {
        return rules;
    }

    Transcripts transcripts() {
        return transcripts;
    }

    List<ProxiedConnection> connections() {
        return proxies().flatMap(each -> each.connections().stream()).toList();
    }

    void faultsCleared() {
        proxies().forEach(Proxy::faultsCleared);
    }

    /** The broker is about to go. */
    void detach() {
        proxies().forEach(each -> each.target(0));
        connections().forEach(ProxiedConnection::reset);
    }

    /** The broker is there again. */
    void attach(FanfareServer server) {
        webSocket.target(server.webSocketPort());
        tcp.forEach(each -> each.target(server.tcpPort()));
    }

    private Stream<Proxy> proxies() {
        return Stream.concat(Stream.of(webSocket), tcp.stream());
    }

    @Override
    public void close() {
        proxies().forEach(Proxy::close);
    }
}
