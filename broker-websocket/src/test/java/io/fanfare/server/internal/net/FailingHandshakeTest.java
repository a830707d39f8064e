package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.fanfare.loop.BrokerClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.IOEvent;
import org.junit.jupiter.api.Test;

/** A bug in a TLS handshake ends its connection at once, not only at the handshake's deadline. */
class FailingHandshakeTest {

    private final SelectorLoop loop = new SelectorLoop(null, BrokerClock.SYSTEM);
    private final FakeGrizzly connection = FakeGrizzly.accepted(loop);

    @Test
    void bugOnTheLoop() throws SSLException {
        begin(HandshakeStatus.NEED_UNWRAP);
        connection.fire(IOEvent.READ);
        assertThat(connection.isTerminated()).isTrue();
    }

    @Test
    void bugInATaskOnAnotherThread() throws SSLException {
        begin(HandshakeStatus.NEED_TASK);
        connection.fire(IOEvent.READ);
        loop.turn();
        assertThat(connection.isTerminated()).isTrue();
    }

    @Test
    void bugWhileTheCertificateIsReadEndsItsConnection() throws SSLException {
        CompletableFuture<SSLEngine> engine = new CompletableFuture<>();
        begin(engine);
        connection.fire(IOEvent.READ);
        assertThat(connection.isTerminated()).isFalse();
        engine.completeExceptionally(new IllegalStateException("a bug"));
        loop.turn();
        assertThat(connection.isTerminated()).isTrue();
    }

    @Test
    void clientThatGoesWhileTheCertificateIsReadIsForgotten() throws SSLException {
        CompletableFuture<SSLEngine> engine = new CompletableFuture<>();
        begin(engine);
        connection.terminateSilently();
        engine.complete(new BrokenEngine(HandshakeStatus.NEED_UNWRAP));
        loop.turn();
        assertThat(connection.getProcessor()).isInstanceOf(Closed.class);
    }

    @Test
    void handshakeBeginsWhenTheCertificateHasBeenRead() throws SSLException {
        CompletableFuture<SSLEngine> engine = new CompletableFuture<>();
        begin(engine);
        connection.fire(IOEvent.READ);
        assertThat(TlsChannel.of(connection)).isNull();
        engine.complete(new BrokenEngine(HandshakeStatus.NEED_UNWRAP));
        loop.turn();
        assertThat(TlsChannel.of(connection)).isNotNull();
    }

    private void begin(HandshakeStatus status) throws SSLException {
        begin(CompletableFuture.completedFuture(new BrokenEngine(status)));
    }

    private void begin(CompletableFuture<SSLEngine> engine) throws SSLException {
        connection.setProcessor(new Closed());
        TlsListener listener = new TlsListener(
                new EventLoops(BrokerClock.SYSTEM), () -> engine, Runnable::run, Duration.ofSeconds(10));
        TlsHandshake.begin(listener, connection, loop, new byte[0], () -> fail("the handshake cannot succeed"));
    }

    /** The processor before the handshake. */
    private static final class Closed extends SocketProcessor {

        @Override
        protected void onEvent(IOEvent event, org.glassfish.grizzly.Connection<?> connection) {
            assertThat(event).isEqualTo(IOEvent.CLOSED);
        }
    }
}
