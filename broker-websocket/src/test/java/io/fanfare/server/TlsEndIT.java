package io.fanfare.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Principal;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a TLS connection, from either side, and what was sent before it. */
class TlsEndIT {

    /** Answer to the login of "later", which the test gives. */
    private static volatile CompletableFuture<Principal> answer = new CompletableFuture<>();

    private static volatile boolean asked;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.tls(Identity.SERVER.options())
            .broker(BrokerOptions.builder()
                    .auth(a -> a.authenticator(credentials -> {
                        String login = Objects.requireNonNullElse(credentials.login(), "");
                        if (!login.equals("later")) {
                            return CompletableFuture.completedFuture(Principal.of(login));
                        }
                        asked = true;
                        return answer;
                    }))
                    .build()));

    private static TlsClients clients(String... protocols) {
        return new TlsClients(SERVER, Identity.SERVER.trusted(), protocols);
    }

    @BeforeEach
    void nobodyHasAsked() {
        asked = false;
        answer = new CompletableFuture<>();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void errorIsReadByAClientThatKeepsSending(String protocol) {
        RawTcp client = clients(protocol).tcp().connects().sends("NONSENSE\n\n^@");
        byte[] more = Transcript.bytes("SEND\ndestination:/topic/a\n\n" + "x".repeat(100_000) + "^@");
        for (int i = 0; i < 20; i++) {
            client.sends(more);
        }

        client.gotStart("ERROR\nmessage:unknown command\n");
        endsInOrder(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void orderlyEndHasACloseNotify(String protocol) {
        RawTcp tcp = clients(protocol).tcp().connects().sends("DISCONNECT\nreceipt:bye\n\n^@");
        tcp.got("RECEIPT\nreceipt-id:bye\n\n^@");
        endsInOrder(tcp);

        RawWebSocket webSocket = clients(protocol).webSocket().connects().sends("DISCONNECT\n\n^@");
        webSocket.gotClose(1000).sends(WsFrame.close(1000));
        endsInOrder(webSocket.tcp());

        RawTcp refused = clients(protocol).http().sends("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(new String(refused.readToEnd(), ISO_8859_1)).startsWith("HTTP/1.1 404");
    }

    /** A socket of Java throws when the end comes without close_notify. */
    private static void endsInOrder(RawTcp client) {
        assertThat(client.readToEnd()).isEmpty();
    }

    @Test
    void clientThatEndsItsSideStillGetsItsAnswers() {
        RawTcp client = clients("TLSv1.3").tcp().connects().sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@");
        client.shutdownOutput();

        client.got("RECEIPT\nreceipt-id:r\n\n^@");
        endsInOrder(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void clientsMayGoWithoutAWord(String protocol) throws IOException {
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().tcpPort(), false);
        clients(protocol).connectOver(wire).connects();
        TlsClients.Wire reset = new TlsClients.Wire(SERVER.running().webSocketPort(), false);
        RawWebSocket.open(clients(protocol).connectOver(reset)).connects();
        SERVER.awaitSessions(2);

        wire.close();
        reset.setSoLinger(true, 0);
        reset.close();

        SERVER.awaitSessions(0);
    }

    @Test
    void damagedRecordEndsItsConnection() throws IOException {
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().tcpPort(), false);
        RawTcp client = clients().connectOver(wire).connects();
        wire.hold();
        client.sends("SEND\ndestination:/topic/a\n\nhi^@");
        wire.spoil();
        wire.release();

        client.ended();
        SERVER.awaitSessions(0);
    }

    // ---- the end comes in the same read as what was sent before it --------------------------------------------------

    private static final String CONNECT_LATER = "CONNECT\naccept-version:1.2\nhost:a\nlogin:later\n\n^@";
    private static final String FAREWELL = "SEND\ndestination:/topic/a\nreceipt:r\n\nfarewell^@";

    private static RawTcp subscriber() {
        return clients()
                .tcp()
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static void logIn() {
        Await.until("the authenticator is asked", () -> asked);
        answer.complete(Principal.of("later"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void framesHeldBackForTheLoginAreHandledBeforeTheEndThatCameWithThem(String protocol) throws IOException {
        RawTcp subscriber = subscriber();
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().tcpPort(), false);
        RawTcp client = clients(protocol).connectOver(wire);
        wire.hold();
        client.sends(CONNECT_LATER).sends(FAREWELL).shutdownOutput();
        wire.release();
        logIn();

        assertThat(subscriber.frame()).endsWith("farewell^@");
        SERVER.awaitSessions(1);
    }

    @Test
    @DisplayName("a client that ends its side behind CONNECT and SEND gets CONNECTED, RECEIPT and then the end")
    void answersToWhatWasHeldBackAreSentBeforeTheEnd() throws IOException {
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().tcpPort(), false);
        RawTcp client = clients("TLSv1.3").connectOver(wire);
        wire.hold();
        client.sends(CONNECT_LATER).sends(FAREWELL).shutdownOutput();
        wire.release();
        logIn();

        client.gotStart("CONNECTED\n").gotStart("RECEIPT\nreceipt-id:r\n");
        endsInOrder(client);
    }

    @Test
    @DisplayName("request, frames and close_notify in one read: the frames are answered, and the connection ends")
    void theEndMayComeWithTheRequest() throws IOException {
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().webSocketPort(), false);
        RawTcp client = clients("TLSv1.3").connectOver(wire);
        wire.hold();
        client.sends(RawWebSocket.request().getBytes(ISO_8859_1));
        client.sends(WsFrame.text("CONNECT\naccept-version:1.2\nhost:a\n\n^@").bytes());
        client.shutdownOutput();
        wire.release();

        assertThat(RawWebSocket.response(client).status()).isEqualTo(101);
        assertThat(Transcript.text(client.readToEnd())).contains("CONNECTED");
        SERVER.awaitSessions(0);
    }

    @Test
    @DisplayName("a WebSocket Close is handled behind the frames that are held back before it")
    void webSocketCloseIsHandledBehindWhatIsHeldBack() throws IOException {
        RawTcp subscriber = subscriber();
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().webSocketPort(), false);
        RawWebSocket client = RawWebSocket.open(clients().connectOver(wire));
        wire.hold();
        client.sends(WsFrame.text(CONNECT_LATER), WsFrame.text(FAREWELL), WsFrame.close(1000));
        wire.release();
        logIn();

        assertThat(subscriber.frame()).endsWith("farewell^@");
        client.gotStart("CONNECTED\n")
                .gotStart("RECEIPT\nreceipt-id:r\n")
                .gotClose(1000)
                .tcp()
                .ended();
    }
}
