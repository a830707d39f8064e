package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import io.fanfare.security.Authenticator;
import io.fanfare.testing.HandLoop;

/** Clients that say something of themselves in CONNECT. */
final class Clients {

    private Clients() {}

    /** A client that names its user. */
    static Client connectAs(BrokerTest test, String login) {
        return connectWith(test, "login:" + login);
    }

    /** A client of another broker, which knows its users by what they call themselves. */
    static Client connectChecked(BrokerTest test, String login) {
        test.brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> Authenticator.ANONYMOUS.authenticate(credentials)))
                .build());
        return connectAs(test, login);
    }

    /** A client that comes with these header lines. */
    static Client connectWith(BrokerTest test, String lines) {
        return connectWith(test, lines, test.loop);
    }

    static Client connectWith(BrokerTest test, String lines, HandLoop loop) {
        Client client = test.open(Framing.TCP, loop);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n" + lines + "\n\n^@");
        assertThat(client.next("expected CONNECTED").command()).isEqualTo("CONNECTED");
        return client;
    }
}
