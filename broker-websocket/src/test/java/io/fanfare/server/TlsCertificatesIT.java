package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Handshake;
import io.fanfare.server.TlsOptions.ClientAuth;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Whom a server shows itself to be, whom it lets in, and how that changes while it runs. */
class TlsCertificatesIT {

    private static final List<Handshake> HANDSHAKES = new CopyOnWriteArrayList<>();

    private static final Authenticator WATCHING = credentials -> {
        HANDSHAKES.add(credentials.handshake());
        return Authenticator.ANONYMOUS.authenticate(credentials);
    };

    @RegisterExtension
    static final TestServer NEEDS = server(ClientAuth.NEED);

    @RegisterExtension
    static final TestServer WANTS = server(ClientAuth.WANT);

    @RegisterExtension
    static final TestServer CHANGES = new TestServer(options -> options.tls(files()));

    private static TestServer server(ClientAuth auth) {
        return new TestServer(options -> options.tls(Identity.SERVER
                        .options()
                        .withClientAuthorities(Identity.ALICE.certificateFile())
                        .withClientAuth(auth))
                .broker(BrokerOptions.builder()
                        .auth(a -> a.authenticator(WATCHING))
                        .build()));
    }

    private static TlsOptions files() {
        Path directory = Identity.newDirectory();
        TlsOptions files = TlsOptions.of(directory.resolve("tls.crt"), directory.resolve("tls.key"));
        Identity.SERVER.copyTo(files);
        return files;
    }

    // ---- clients' certificates --------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource({"WEBSOCKET,TLSv1.3", "WEBSOCKET,TLSv1.2", "TCP,TLSv1.3", "TCP,TLSv1.2"})
    void authenticatorsSeeTheClientsCertificate(Transport transport, String protocol) {
        for (TestServer server : List.of(NEEDS, WANTS)) {
            connect(server, Identity.SERVER.trustedBy(Identity.ALICE), transport, protocol)
                    .connects("1.2");

            assertThat(lastCertificates()).containsExactly(Identity.ALICE.certificate());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void resumedSessionsStillShowIt(Transport transport) {
        SSLContext alice = Identity.SERVER.trustedBy(Identity.ALICE);
        for (int i = 0; i < 3; i++) {
            connect(NEEDS, alice, transport, "TLSv1.3").connects("1.2");

            assertThat(lastCertificates()).containsExactly(Identity.ALICE.certificate());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whereACertificateIsWantedItMayBeMissing(Transport transport) {
        connect(WANTS, Identity.SERVER.trusted(), transport, "TLSv1.3").connects("1.2");

        assertThat(lastCertificates()).isEmpty();
    }

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource({"WEBSOCKET,TLSv1.3", "WEBSOCKET,TLSv1.2", "TCP,TLSv1.3", "TCP,TLSv1.2"})
    void certificatesThatNobodyVouchesForAreRefused(Transport transport, String protocol) {
        SSLContext stranger = Identity.SERVER.trustedBy(Identity.STRANGER);
        for (TestServer server : List.of(NEEDS, WANTS)) {
            assertThatThrownBy(
                            () -> connect(server, stranger, transport, protocol).connects("1.2"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("certificate");
        }
    }

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource({"WEBSOCKET,TLSv1.3", "WEBSOCKET,TLSv1.2", "TCP,TLSv1.3", "TCP,TLSv1.2"})
    void whereACertificateIsNeededItMustNotBeMissing(Transport transport, String protocol) {
        assertThatThrownBy(() -> connect(NEEDS, Identity.SERVER.trusted(), transport, protocol)
                        .connects("1.2"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("alert");
    }

    private static StompSocket connect(TestServer server, SSLContext context, Transport transport, String protocol) {
        TlsClients clients = new TlsClients(server, context, protocol);
        return transport == Transport.TCP ? StompSocket.over(clients.tcp()) : StompSocket.over(clients.webSocket());
    }

    private static List<X509Certificate> lastCertificates() {
        return HANDSHAKES.get(HANDSHAKES.size() - 1).certificates();
    }

    // ---- the server's own -------------------------------------------------------------------------------------------

    @Test
    void newFilesCountForNewConnectionsAndOldOnesStay() {
        RawTcp before = awaitServer(Identity.SERVER).connects();

        Identity.OTHER_SERVER.copyTo(filesOf(CHANGES));

        RawTcp after = awaitServer(Identity.OTHER_SERVER).connects();
        for (RawTcp client : List.of(before, after)) {
            client.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        }
        Identity.SERVER.copyTo(filesOf(CHANGES));
        awaitServer(Identity.SERVER);
    }

    @ParameterizedTest
    @CsvSource({"key of another", "no PEM at all", "no file"})
    void filesThatAreNoGoodChangeNothingAndAreToldOfOnce(String what) throws IOException {
        awaitServer(Identity.SERVER);
        Logger logger = (Logger) LoggerFactory.getLogger("io.fanfare.server.internal.tls");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        Path key = filesOf(CHANGES).key();
        switch (what) {
            case "key of another" -> Identity.put(Identity.STRANGER.keyFile(), key);
            case "no PEM at all" ->
                Identity.put(Files.writeString(Identity.newDirectory().resolve("k"), "hello"), key);
            default -> Files.delete(key);
        }

        Await.until("it is told of", () -> {
            assertThat(served()).isEqualTo(Identity.SERVER.certificate());
            return !lines.list.isEmpty();
        });
        // another look at the same files, which comes within two seconds
        Await.throughout(
                Duration.ofSeconds(3), "the old certificate", () -> served().equals(Identity.SERVER.certificate()));
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage()).contains(key.toString());
        logger.detachAppender(lines);
        Identity.SERVER.copyTo(filesOf(CHANGES));
    }

    private static TlsOptions filesOf(TestServer server) {
        return server.running().options().tls();
    }

    /** The certificate that a new connection gets to see. */
    private static X509Certificate served() {
        RawTcp client = anyServer();
        X509Certificate shown = certificateOf(client);
        client.close();
        return shown;
    }

    private static RawTcp anyServer() {
        return new TlsClients(CHANGES, Identity.trusting(Identity.SERVER, Identity.OTHER_SERVER)).tcp();
    }

    private static X509Certificate certificateOf(RawTcp client) {
        try {
            return (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection to the server once it is this one. */
    private static RawTcp awaitServer(Identity identity) {
        Await.until("the certificate", () -> served().equals(identity.certificate()));
        return anyServer();
    }

    @Test
    void serverDoesNotStartWithFilesThatAreNoGood(@TempDir Path directory) throws IOException {
        Path certificate = Identity.SERVER.certificateFile();
        Path key = Identity.SERVER.keyFile();
        Path nothing = Files.writeString(directory.resolve("nothing"), "");
        Path locked = Files.writeString(
                directory.resolve("locked"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");

        assertThatStartFails(certificate, directory.resolve("missing"), "cannot read", "missing", "no such file");
        assertThatStartFails(nothing, key, "cannot use", "nothing", "there is no certificate in it");
        assertThatStartFails(certificate, nothing, "cannot use", "nothing", "there is no private key in it");
        assertThatStartFails(certificate, locked, "cannot use", "locked", "passphrase");
        assertThatStartFails(
                certificate,
                Identity.STRANGER.keyFile(),
                "cannot use",
                Identity.STRANGER.keyFile().toString());
    }

    private static void assertThatStartFails(Path certificate, Path key, String... inMessage) {
        FanfareServerBuilder builder = FanfareServer.builder().port(0).tls(TlsOptions.of(certificate, key));

        assertThatThrownBy(builder::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll(inMessage);
    }
}
