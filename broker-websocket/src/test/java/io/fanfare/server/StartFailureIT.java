package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A server that cannot start says which port or file is the reason, and what to do. */
class StartFailureIT {

    @Test
    void portInUseIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            FanfareServer.builder().port(taken.getLocalPort()).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use;"
                            + " stop the process that listens there, or set listen.port to another port"
                            + " (0: any free one)");
        }
    }

    @Test
    void whenTheSecondPortIsInUseTheFirstIsFreedAgain() throws IOException {
        int free = FreePorts.next();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> FanfareServer.builder()
                            .port(free)
                            .tcpPort(taken.getLocalPort())
                            .start())
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("listen.stomp_port");
            new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void hostThatDoesNotExistIsOneSentence() {
        assertThatThrownBy(() -> FanfareServer.builder()
                        .host("no-such-host.invalid")
                        .port(0)
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot listen on no-such-host.invalid:0: unknown host; set listen.host to an address of"
                        + " this machine");
    }

    @Test
    void networkIsRefusedWhileEverybodyIsLetIn() {
        assertThatThrownBy(() -> FanfareServer.builder().host("0.0.0.0").port(0).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot listen on 0.0.0.0, which is not a loopback address, while every client is accepted"
                        + " without a login: set up authentication, or allow it with allow_anonymous: true");
    }

    @Test
    void addressOfAnotherMachineIsOneSentence() {
        // RFC 5737: no machine has it
        assertThatThrownBy(() -> FanfareServer.builder()
                        .host("192.0.2.1")
                        .port(0)
                        .allowAnonymous(true)
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ")
                .hasMessageContaining("set listen.host to an address of this machine (0.0.0.0: all of them)");
    }

    @Test
    void adminPortInUseIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> FanfareServer.builder()
                            .port(0)
                            .admin(a -> a.port(taken.getLocalPort()))
                            .start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasMessageContaining("set admin.port to another port");
        }
    }

    @Test
    void certificateThatIsMissingIsNamed() {
        TlsOptions tls = TlsOptions.of(Path.of("no-such-file.crt"), Path.of("no-such-file.key"));

        assertThatThrownBy(() -> FanfareServer.builder().port(0).tls(tls).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot read no-such-file.crt: there is no such file");
    }

    @Test
    void certificateWithoutAKeyIsRefused() {
        TlsOptions tls = TlsOptions.OFF.withCertificates(Path.of("server.crt"));

        assertThatThrownBy(() -> FanfareServer.builder().port(0).tls(tls).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("tls.key");
    }
}
