package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.IOEvent;
import org.junit.jupiter.api.Test;

/** A bug in a TLS handshake ends its connection at once, not only at the handshake's deadline. */
class FailingHandshakeTest {

    private final SelectorLoop loop = new SelectorLoop(null);
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

    private void begin(HandshakeStatus status) throws SSLException {
        connection.setProcessor(new Closed());
        TlsListener listener = new TlsListener(
                new EventLoops(), () -> new BrokenEngine(status), Runnable::run, Duration.ofSeconds(10));
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
