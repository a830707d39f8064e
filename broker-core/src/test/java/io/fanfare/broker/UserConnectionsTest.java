package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.security.Principal;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How many connections one user may have. */
class UserConnectionsTest extends BrokerTest {

    private static final String CONNECT = "CONNECT\naccept-version:1.2\nlogin:alice\nreceipt:r\n\n^@";

    @BeforeEach
    void limit() {
        brokerWith(
                BrokerOptions.builder().limits(l -> l.maxConnectionsPerUser(2)).build());
    }

    @Test
    @DisplayName("case 14: a user's connection over the limit is an ERROR that names limit and key, close 1013")
    void oneMoreIsRefused() {
        Clients.connectAs(this, "alice");
        Clients.connectWith(this, "login:alice", otherLoop);
        var third = open();
        third.sends(CONNECT);
        var error = third.gotError(
                CloseCode.OVERLOAD, "too many connections", "2 connections", "limit is 2", "max_connections_per_user");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        Clients.connectAs(this, "bob");
    }

    @Test
    @DisplayName("case 14: whoever goes, however it goes, makes room")
    void whoGoesMakesRoom() {
        for (int i = 0; i < 3; i++) {
            var one = Clients.connectAs(this, "alice");
            var two = Clients.connectAs(this, "alice");
            one.isLost();
            two.sends(i == 0 ? "DISCONNECT\n\n^@" : "NONSENSE\n\n^@");
        }
        // both of the two that may be there
        Clients.connectAs(this, "alice").isOpen();
        Clients.connectAs(this, "alice").isOpen();
    }

    @Test
    void whoIsRefusedDoesNotCount() {
        var one = Clients.connectAs(this, "alice");
        Clients.connectAs(this, "alice");
        for (int i = 0; i < 5; i++) {
            open().sends(CONNECT);
        }
        one.isLost();
        Clients.connectAs(this, "alice");
    }

    @Test
    void whoHasNoNameIsNobodyInParticular() {
        for (int i = 0; i < 5; i++) {
            connect();
        }
    }

    @Test
    void theAnswerMayComeLate() {
        var answers = new ArrayDeque<CompletableFuture<Principal>>();
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxConnectionsPerUser(1))
                .auth(a -> a.authenticator(credentials -> {
                    answers.add(new CompletableFuture<>());
                    return answers.getLast();
                }))
                .build());
        var first = open();
        var second = open();
        first.sends(CONNECT);
        second.sends(CONNECT);
        answers.forEach(answer -> answer.complete(Principal.of("alice")));
        settle();
        first.got("CONNECTED\nversion:1.2\n\n^@");
        second.gotError(CloseCode.OVERLOAD, "too many connections", "max_connections_per_user");
        assertThat(second.connection().isSuspended()).isFalse();
    }
}
