package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.fanfare.loop.BrokerClock;
import io.fanfare.testing.HandClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.IOEvent;
import org.junit.jupiter.api.Test;

/** The time of a TLS handshake is the client's: what the server reads and computes is not counted. */
class TlsHandshakeTimeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HandClock clock = new HandClock();
    private final SelectorLoop loop = new SelectorLoop(null, clock);
    private final FakeGrizzly connection = FakeGrizzly.accepted(loop);
    private final Queue<Runnable> computations = new ArrayDeque<>();
    private final CompletableFuture<SSLEngine> engine = new CompletableFuture<>();

    private void begin() throws SSLException {
        TlsListener listener =
                new TlsListener(new EventLoops(BrokerClock.SYSTEM), () -> engine, computations::add, TIMEOUT);
        TlsHandshake.begin(listener, connection, loop, new byte[0], () -> fail("the handshake cannot succeed"));
    }

    private void isOpenAfter(Duration time, boolean expected) {
        clock.pass(time);
        loop.turn();
        assertThat(connection.isTerminated()).isNotEqualTo(expected);
    }

    @Test
    void aCertificateThatIsReadForLongEndsNoClient() throws SSLException {
        begin();
        isOpenAfter(TIMEOUT.multipliedBy(2), true);
        engine.complete(new BrokenEngine(HandshakeStatus.NEED_UNWRAP));
        loop.turn();
        isOpenAfter(TIMEOUT.minusSeconds(1), true);
        isOpenAfter(Duration.ofSeconds(2), false);
    }

    @Test
    void aSignatureThatWaitsForAProcessorEndsNoClient() throws SSLException {
        engine.complete(new BrokenEngine(HandshakeStatus.NEED_TASK));
        begin();
        isOpenAfter(TIMEOUT.minusSeconds(1), true);
        connection.fire(IOEvent.READ);
        assertThat(computations).hasSize(1);
        isOpenAfter(TIMEOUT.multipliedBy(2), true);
    }
}
