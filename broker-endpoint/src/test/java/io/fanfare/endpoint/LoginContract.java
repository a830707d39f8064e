package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** A container that asks for a login: what it has found out counts. */
abstract class LoginContract extends EndpointLifeContract {

    private static final String ALICE =
            "Authorization: Basic " + Base64.getEncoder().encodeToString("alice:secret".getBytes(UTF_8));

    /** Starts the container for {@code alice} alone, passcode {@code secret}, a trader. */
    abstract Container startWithLogin(ServerEndpointConfig endpoint) throws Exception;

    @Test
    void theUserOfTheContainerIsTheClientWithItsRoles() throws Exception {
        BrokerOptions traders = BrokerOptions.builder()
                .auth(auth ->
                        auth.authorizer(Rules.of(Rule.allow("/topic/trades").forRoles("trader"))))
                .build();
        try (Scene login = new Scene(this::startWithLogin, traders, builder -> builder.roles("trader", "admin"))) {
            assertThat(RawWebSocket.handshake(login.http(), RawWebSocket.request("Connection: close"))
                            .status())
                    .isEqualTo(401);
            StompSocket alice = StompSocket.over(login.webSocket(ALICE));
            alice.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:bob\n\n^@").next();
            alice.subscribes("id:0\ndestination:/topic/trades").publishes("/topic/trades", "hi");
            assertThat(alice.gotMessage("hi").header("user-id")).isEqualTo("alice");
            alice.sends("SUBSCRIBE\nid:1\ndestination:/topic/other\n\n^@").gotError(1008, "not allowed");
        }
    }
}
