package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections through something that has authenticated the client already. */
class KnownUserTest extends BrokerTest {

    private final List<Credentials> asked = new ArrayList<>();

    @BeforeEach
    void ask() {
        broker = new Broker(BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> {
                    asked.add(credentials);
                    return CompletableFuture.completedFuture(Principal.of("asked"));
                }))
                .build());
    }

    private Client open(Principal known) {
        Client client = open();
        client.connection().principal(known);
        return client;
    }

    @Test
    void theClientIsThatUserAndTheAuthenticatorIsNotAsked() {
        Client alice = open(Principal.of("alice"));
        alice.sends("CONNECT\naccept-version:1.2\nlogin:bob\npasscode:x\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SEND\ndestination:/topic/a\n\nhi^@");
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        assertThat(asked).isEmpty();
    }

    @Test
    void aClientThatIsKnownToHaveNoUserIsAnonymousWhateverItsLogin() {
        Client client = open(Principal.of(""));
        client.sends("CONNECT\naccept-version:1.2\nlogin:bob\npasscode:x\n\n^@");
        client.got("CONNECTED\nversion:1.2\n\n^@");
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SEND\ndestination:/topic/a\n\nhi^@");
        client.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        assertThat(asked).isEmpty();
    }
}
