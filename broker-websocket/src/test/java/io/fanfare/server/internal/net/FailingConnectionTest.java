package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.glassfish.grizzly.IOEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** An exception of any kind ends the connection that it came from, and no other. */
class FailingConnectionTest {

    private static final String CONNECT = "CONNECT\naccept-version:1.2\nhost:a\n\n^@";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.fanfare.server");
    private final Broker broker = new Broker();
    private final SelectorLoop loop = new SelectorLoop(null, BrokerClock.SYSTEM);
    private final Client bob = new Client();
    private final Client alice = new Client();

    @BeforeEach
    void watchTheLog() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void onlyThatConnectionEnded() {
        logger.setAdditive(true);
        logger.detachAppender(log);
        assertThat(bob.grizzly.isTerminated()).isTrue();
        assertThat(alice.grizzly.isTerminated()).isFalse();
        assertThat(broker.sessionCount()).isOne();
        alice.sends(CONNECT);
        assertThat(alice.channel.written()).startsWith("CONNECTED\n");
    }

    static List<Throwable> bugs() {
        return List.of(
                new IllegalStateException("a bug"),
                new NullPointerException(),
                new StackOverflowError(),
                new OutOfMemoryError("not really"),
                new AssertionError("not on its loop"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void bugInReading(Throwable bug) {
        bob.channel.failsReading(bug);
        bob.grizzly.fire(IOEvent.READ);
        assertThat(bugsLogged()).containsExactly(bug.toString());
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void bugInTheCodec(Throwable bug) {
        bob.codecFailure = bug;
        bob.sends("x");
        assertThat(bugsLogged()).containsExactly(bug.toString());
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void bugInWriting(Throwable bug) {
        bob.channel.failsWriting(bug);
        bob.sends(CONNECT);
        loop.turn();
        assertThat(bugsLogged()).containsExactly(bug.toString());
    }

    @Test
    void inputThatBreaksOffIsNoBug() {
        bob.channel.failsReading(new IOException("Connection reset"));
        bob.grizzly.fire(IOEvent.READ);
        assertThat(bugsLogged()).isEmpty();
    }

    @Test
    void pipeThatIsBrokenIsNoBug() {
        bob.channel.failsWriting(new IOException("Broken pipe"));
        bob.sends(CONNECT);
        loop.turn();
        assertThat(bugsLogged()).isEmpty();
    }

    @Test
    void bugWhileTheConnectionCloses() {
        bob.closedFailure = new IllegalStateException("a bug");
        bob.channel.failsReading(new IOException("Connection reset"));
        bob.grizzly.fire(IOEvent.READ);
        assertThat(bugsLogged()).containsExactly("java.lang.IllegalStateException: a bug");
    }

    private List<String> bugsLogged() {
        return log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.ERROR))
                .map(line -> {
                    String text = line.getThrowableProxy().getMessage();
                    String type = line.getThrowableProxy().getClassName();
                    return text == null ? type : type + ": " + text;
                })
                .toList();
    }

    private static <T extends Throwable> void fail(Throwable failure) throws T {
        if (failure != null) {
            @SuppressWarnings("unchecked")
            T unchecked = (T) failure;
            throw unchecked;
        }
    }

    /** A client of plain STOMP on the test's loop. */
    private final class Client {

        final FakeGrizzly grizzly = FakeGrizzly.accepted(loop);
        final FakeChannel channel = new FakeChannel();
        Throwable codecFailure;
        Throwable closedFailure;

        Client() {
            new Connection(this).start(broker::open);
        }

        void sends(String text) {
            channel.sends(text);
            grizzly.fire(IOEvent.READ);
            loop.turn();
        }
    }

    private final class Connection extends SocketConnection {

        private final Client client;

        Connection(Client client) {
            super(loop, client.grizzly, client.channel);
            this.client = client;
        }

        @Override
        protected void received(ByteBuffer bytes) {
            FailingConnectionTest.<RuntimeException>fail(client.codecFailure);
            session().receive(loop().decodeBuffer().put(bytes).flip());
        }

        @Override
        protected void onClosed() {
            FailingConnectionTest.<RuntimeException>fail(client.closedFailure);
        }

        @Override
        public Framing framing() {
            return Framing.TCP;
        }

        @Override
        public void close(CloseCode code, String reason) {
            closing(CloseState.FLUSHING);
        }
    }
}
