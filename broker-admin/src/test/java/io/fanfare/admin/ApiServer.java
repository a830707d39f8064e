package io.fanfare.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.broker.Broker;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A server with the API, and clients of both of its sides that are closed with it. */
public final class ApiServer implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final FanfareServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<RawTcp> clients = new ArrayList<>();

    public ApiServer() {
        this(builder -> builder);
    }

    public ApiServer(UnaryOperator<FanfareServerBuilder> options) {
        server = options.apply(FanfareServer.builder()
                        .port(0)
                        .tcpPort(0)
                        .loops(2)
                        .admin(a -> a.port(0))
                        .http(new AdminApi()))
                .start();
    }

    /**
     * An answer.
     *
     * @param json null: the body is none
     */
    public record Answer(int status, HttpResponse<byte[]> response, JsonNode json) {

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String detail() {
            return json.path("detail").asText();
        }
    }

    public Broker broker() {
        return server.broker();
    }

    public int port() {
        return server.adminUri().orElseThrow().getPort();
    }

    /** Where clients find the broker, over WebSocket. */
    public URI webSocketUri() {
        return server.webSocketUri();
    }

    /** The port of plain STOMP. */
    public int tcpPort() {
        return server.tcpPort();
    }

    /** A URI of the API; the path begins behind {@code /api/v1}. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + "/api/v1" + path);
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /** Sends JSON; apostrophes stand for quotation marks. */
    Answer post(String path, String json, String... headers) {
        return send("POST", path, json.replace('\'', '"'), headers);
    }

    Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Await.DEADLINE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return answer(request.build());
    }

    public Answer answer(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            boolean isJson = response.headers()
                    .firstValue("Content-Type")
                    .filter(type -> type.contains("json"))
                    .isPresent();
            return new Answer(
                    response.statusCode(), response, isJson ? MAPPER.readTree(response.body()) : MAPPER.nullNode());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A socket to the admin port. */
    public RawTcp raw() {
        return kept(RawTcp.connect(port()));
    }

    /** A client of plain STOMP that is connected. */
    public StompSocket connect() {
        return StompSocket.over(kept(RawTcp.connect(server.tcpPort()))).connects("1.2");
    }

    /** A client of plain STOMP that has a user. */
    StompSocket connectAs(String user) {
        StompSocket client = StompSocket.over(kept(RawTcp.connect(server.tcpPort())));
        client.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + user + "\npasscode:secret\n\n^@");
        return client.got("CONNECTED\nversion:1.2\n\n^@");
    }

    private RawTcp kept(RawTcp client) {
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(RawTcp::close);
        server.close();
    }
}
