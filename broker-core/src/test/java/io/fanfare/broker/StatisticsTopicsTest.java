package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Framing;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /stats/...}: what the broker tells of itself, to operators alone. */
class StatisticsTopicsTest extends BrokerTest {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/stats/overview\n\n^@";

    private Client connectFrom(String address) {
        var client = openFrom(address, Framing.TCP, loop);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        client.got("CONNECTED\nversion:1.2\nheart-beat:*\n\n^@");
        return client;
    }

    private void publish(String name, String json) {
        broker.operations().publishStatistics(name, json.getBytes(UTF_8));
        settle();
    }

    /** Each login is a user of one role, that of its name. */
    private void brokerWithUsers() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> CompletableFuture.completedFuture(
                                new Principal(credentials.login(), Set.of(credentials.login()), Map.of(), null)))
                        .authorizer(Rules.of(Rule.allow("/topic/#"))))
                .build());
    }

    @Test
    void aLocalClientWhoseUserIsKnownNeedsTheRole() {
        var bob = openFrom("127.0.0.1", Framing.TCP, loop);
        bob.connection().principal(Principal.of("bob"));
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        bob.got("CONNECTED\nversion:1.2\nheart-beat:*\n\n^@");
        bob.sends(SUBSCRIBE);
        bob.gotError(CloseCode.POLICY, "not allowed", "SUBSCRIBE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "0:0:0:0:0:0:0:1", "::1"})
    void aClientOnThisMachineReadsThemWhereThereAreNoLogins(String address) {
        var bob = connectFrom(address);
        assertThat(broker.hasStatisticsSubscribers("overview")).isFalse();
        bob.sends(SUBSCRIBE);
        assertThat(broker.hasStatisticsSubscribers("overview")).isTrue();
        assertThat(broker.hasStatisticsSubscribers("queues")).isFalse();
        publish("overview", "{}");
        bob.got("MESSAGE\nsubscription:0\ndestination:/stats/overview\ncontent-type:application/json\n\n{}^@");
        publish("queues", "[]");
        bob.gotNothing();
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(broker.hasStatisticsSubscribers("overview")).isFalse();
        publish("overview", "{}");
        bob.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "128.0.0.1", "0:0:0:0:0:0:0:2", "::2", "c1"})
    void aClientElsewhereDoesNot(String address) {
        var bob = connectFrom(address);
        bob.sends(SUBSCRIBE);
        bob.gotError(CloseCode.POLICY, "not allowed", "SUBSCRIBE", "/stats/overview");
    }

    @Test
    void aUserWithTheRoleAdminReadsThem() {
        brokerWithUsers();
        var admin = Clients.connectAs(this, "admin");
        admin.sends(SUBSCRIBE);
        publish("overview", "{}");
        admin.got("MESSAGE\nsubscription:0\ndestination:/stats/overview\ncontent-type:application/json\n\n{}^@");
    }

    @Test
    void aUserWithoutTheRoleDoesNotAlsoOnThisMachine() {
        brokerWithUsers();
        var bob = openFrom("127.0.0.1", Framing.TCP, loop);
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:trader\n\n^@");
        bob.next("CONNECTED");
        bob.sends(SUBSCRIBE);
        bob.gotError(CloseCode.POLICY, "not allowed", "/stats/overview");
    }

    @Test
    void noClientPublishesThere() {
        var bob = connectFrom("127.0.0.1");
        bob.sends("SEND\ndestination:/stats/overview\n\n{}^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "SUBSCRIBE alone");
        Assertions.assertThatThrownBy(() -> broker.publish("/stats/overview", Headers.EMPTY, new byte[0]))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stats/", "/stats/other", "/stats/*", "/stats/#", "/stats/overview/x"})
    void whatThereIsNotIsAnErrorThatNamesWhatThereIs(String destination) {
        var bob = connectFrom("127.0.0.1");
        bob.sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination", "/stats/overview");
    }

    @Test
    void aPatternOfTopicsDoesNotMatchThem() {
        var bob = connectFrom("127.0.0.1");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@");
        connectFrom("127.0.0.1").sends(SUBSCRIBE);
        publish("overview", "{}");
        bob.gotNothing();
    }

    @Test
    void aTopicOfThatNameIsAnother() {
        var bob = connectFrom("127.0.0.1");
        bob.sends(SUBSCRIBE);
        bob.sends("SEND\ndestination:/topic/overview\n\nforged^@");
        bob.gotNothing();
    }

    @Test
    void theyAreNotDurable() {
        var bob = openFrom("127.0.0.1", Framing.TCP, loop);
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:bob\nclient-id:b\n\n^@");
        bob.next("CONNECTED");
        bob.sends("SUBSCRIBE\nid:0\ndurable:true\ndestination:/stats/overview\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid subscription", "durable");
    }

    @Test
    void theyAreNotCountedAsPublished() {
        connectFrom("127.0.0.1").sends(SUBSCRIBE);
        publish("overview", "{}");
        assertThat(broker.statistics(0).messages().published()).isZero();
        assertThat(broker.statistics(0).messages().delivered()).isEqualTo(1);
    }
}
