package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules, tokens that expire, and new ones, through sockets. A token is a name and the seconds it lasts. */
class PermissionIT {

    private static final List<Rule> RULES = List.of(
            Rule.allow(Action.SUBSCRIBE, "/topic/prices.#"),
            Rule.allow(Action.SEND, "/topic/prices.*").forUsers("feed"),
            Rule.deny(Action.SUBSCRIBE, "/topic/prices.secret"));

    private static final Rules AUTHORIZER = new Rules(RULES);

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(builder -> builder.broker(BrokerOptions.builder()
            .auth(a -> a.authenticator(PermissionIT::authenticate)
                    .authorizer(AUTHORIZER)
                    .expiryWarning(Duration.ofSeconds(5)))
            .build()));

    private static CompletionStage<Principal> authenticate(Credentials credentials) {
        return CompletableFuture.supplyAsync(() -> {
            String[] token = String.valueOf(credentials.passcode()).split("/");
            if (token.length < 2) {
                throw new AuthenticationException("no token");
            }
            Instant expires = Instant.now().plusSeconds(Long.parseLong(token[1]));
            return new Principal(token[0], Set.of(), Map.of(), expires);
        });
    }

    @BeforeEach
    void rules() {
        AUTHORIZER.replace(RULES);
    }

    private static StompSocket connect(Transport transport, String token, String... headers) {
        StompSocket client = SERVER.open(transport);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\npasscode:" + token + "\n" + String.join("\n", headers)
                + (headers.length == 0 ? "\n^@" : "\n\n^@"));
        Received connected = client.next();
        assertThat(connected.command()).as("%s", connected).isEqualTo("CONNECTED");
        assertThat(Long.parseLong(connected.header("session-expires"))).isPositive();
        return client;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAllowedWorksAndWhatIsNotIsRefused(Transport transport) {
        StompSocket alice = connect(transport, "alice/3600").subscribes("id:0\ndestination:/topic/prices.acme");
        connect(transport, "feed/3600").publishes("/topic/prices.acme", "12");
        alice.gotMessage("12");
        alice.sends("SEND\ndestination:/topic/prices.acme\n\n13^@").gotError(1008, "not allowed", "SEND");
        connect(transport, "alice/3600")
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/prices.#\n\n^@")
                .gotError(1008, "not allowed", "SUBSCRIBE", "/topic/prices.#");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a page that has asked for soft errors is told, and goes on")
    void softErrors(Transport transport) {
        StompSocket alice = connect(transport, "alice/3600", "soft-errors:true");
        alice.sends("SEND\ndestination:/topic/prices.acme\nreceipt:r\n\n13^@");
        Received error = alice.next();
        assertThat(error.header("error-code")).isEqualTo("not-allowed");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        alice.gotNothing();
    }

    @ParameterizedTest
    @EnumSource
    void newRulesEndWhatGoesOn(Transport transport) {
        StompSocket alice = connect(transport, "alice/3600").subscribes("id:0\ndestination:/topic/prices.acme");
        StompSocket bob =
                connect(transport, "bob/3600", "soft-errors:true").subscribes("id:0\ndestination:/topic/prices.acme");
        AUTHORIZER.replace(List.of(Rule.allow("/topic/prices.*").forUsers("feed")));
        SERVER.broker().permissionsChanged();
        alice.gotError(1008, "permission withdrawn", "/topic/prices.acme");
        assertThat(bob.next().header("error-code")).isEqualTo("permission-withdrawn");
        connect(transport, "feed/3600").publishes("/topic/prices.acme", "14");
        bob.gotNothing();
    }

    @Test
    @DisplayName("a token that expires is warned of, and then it is the end, for a client that only listens too")
    void aTokenExpires() {
        // half of the time for what comes before the warning, which is said in one go
        String frames = "CONNECT\naccept-version:1.2\nhost:h\npasscode:alice/8\nsoft-errors:true\n\n^@"
                + "SUBSCRIBE\nid:0\ndestination:/topic/prices.acme\nreceipt:subscribed\n\n^@";
        List<StompSocket> clients = Arrays.stream(Transport.values())
                .map(transport -> SERVER.open(transport).sends(frames))
                .toList();
        for (StompSocket alice : clients) {
            assertThat(alice.next().command()).isEqualTo("CONNECTED");
            alice.got("RECEIPT\nreceipt-id:subscribed\n\n^@");
            assertThat(alice.next().header("error-code")).isEqualTo("session-expires-soon");
        }
        clients.forEach(alice -> alice.gotError(4401, "session expired", "/broker/auth"));
    }

    @ParameterizedTest
    @EnumSource
    void aNewTokenPutsTheEndOff(Transport transport) {
        StompSocket alice = connect(transport, "alice/600", "soft-errors:true");
        alice.sends(
                "SEND\ndestination:/broker/auth\nreceipt:r\n\nalice/3600^@SEND\ndestination:/topic/x\nreceipt:s\n\n^@");
        Received receipt = alice.next();
        assertThat(receipt.header("receipt-id")).isEqualTo("r");
        assertThat(Long.parseLong(receipt.header("session-expires"))).isGreaterThan(600_000);
        assertThat(alice.next().header("receipt-id")).as("what came behind it").isEqualTo("s");
        alice.sends("SEND\ndestination:/broker/auth\nreceipt:r\npasscode:bob/3600\n\n^@")
                .gotError(1008, "authentication failed");
    }
}
