package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.loop.BrokerClock;
import java.io.IOException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOServerConnection;
import org.junit.jupiter.api.Test;

class AcceptStrategyTest {

    @Test
    void bugInAcceptingDoesNotEscapeIntoTheSelector() throws IOException {
        // not bound, so that it cannot accept
        TCPNIOServerConnection listener =
                new TCPNIOServerConnection(FakeGrizzly.transport(), ServerSocketChannel.open());
        assertThatThrownBy(listener::onAccept).isInstanceOf(NotYetBoundException.class);

        assertThat(new AcceptStrategy(new EventLoops(BrokerClock.SYSTEM))
                        .executeIoEvent(listener, IOEvent.SERVER_ACCEPT))
                .isTrue();
        assertThat(listener.isOpen()).isTrue();
    }
}
