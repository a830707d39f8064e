package io.fanfare.nats.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.nats.NatsBackplane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatsOptionsTest {

    private static final String LOOPBACK = "nats://127.0.0.1:4222";
    private static final NatsAccess CREDENTIALS = NatsAccess.OPEN.withCredentials(Path.of("node.creds"));

    @ParameterizedTest
    @ValueSource(strings = {"nats://127.0.0.1:4222", "localhost", "nats://[::1]:4222", "nats://127.8.9.10"})
    void aServerOnLoopbackNeedsNoTlsAndNoLogin(String server) {
        assertThat(options(server, o -> o).refusal()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nats://a.example:4222, TLS",
        "nats://user:secret@a.example:4222, TLS",
        "tls://a.example:4222, login",
        "nats://127.0.0.1.example:4222, TLS"
    })
    void aServerElsewhereWithoutTlsOrLoginIsRefusedAndItsPasswordIsNotShown(String server, String missing) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatsBackplane(options(server, o -> o)))
                .withMessageContaining("cluster.nats: ")
                .withMessageContaining("has no " + missing)
                .withMessageContaining("cluster.allow_insecure")
                .matches(e -> !e.getMessage().contains("secret"));
    }

    @Test
    void aServerElsewhereIsTakenWithTlsAndALoginOrWhenThatIsAllowed() {
        assertThat(isTls(options("tls://a.example", o -> o.access(CREDENTIALS))))
                .isTrue();
        assertThat(isTls(options("tls://user:secret@a.example", o -> o))).isTrue();
        NatsAccess both = CREDENTIALS.withAuthorities(Path.of("ca.pem"));
        assertThat(isTls(options("nats://a.example", o -> o.access(both)))).isTrue();
        NatsAccess none = NatsAccess.OPEN.withAllowInsecure(true);
        assertThat(isTls(options("nats://a.example", o -> o.access(none)))).isFalse();
    }

    @Test
    void whatIsShownOfAServerHasNoUserAndNoPassword() {
        assertThat(options("nats://user:secret@127.0.0.1:4222", o -> o).shownServers())
                .containsExactly(LOOPBACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:4222", "nats://:4222", "nats://", "nats://127.0.0.1/path", "nats://a b"})
    void whatIsNoUrlOfANatsServerIsRefused(String server) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsOptions.builder(server).build())
                .withMessageStartingWith("cluster.nats must be nats://HOST:PORT or tls://HOST:PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nats://my_nats:4222", "tls://user:secret@my_nats", "my_nats"})
    void aHostThatNatssClientCanNotReachIsRefusedByASentenceThatSaysSo(String server) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NatsOptions.builder(server).build())
                .withMessageContaining("cluster.nats: ")
                .withMessageContaining("no host named my_nats")
                .withMessageContaining("another name")
                .matches(e -> !e.getMessage().contains("secret"));
    }

    @Test
    void thereAreOneToSixtyFourServers() {
        assertThat(NatsOptions.builder()
                        .servers(Collections.nCopies(64, LOOPBACK))
                        .build()
                        .servers())
                .hasSize(64);
        refused("cluster.nats", o -> o.servers(Collections.nCopies(65, LOOPBACK)));
        assertThat(NatsOptions.builder().build().refusal()).hasValue("cluster.nats names no server");
    }

    @Test
    void aNameIsOneTokenOfASubject() {
        String longest = "n".repeat(32);
        assertThat(options(LOOPBACK, o -> o.name(longest)).name()).isEqualTo(longest);
        for (String wrong : List.of("", longest + "n", "a.b", "a b", "*", ">")) {
            refused("cluster.name", o -> o.name(wrong));
        }
    }

    @Test
    void limitsHoldAndOnePastThemIsRefused() {
        assertThat(options(LOOPBACK, o -> o.replicas(5)).effectiveReplicas()).isEqualTo(5);
        refused("cluster.replicas", o -> o.replicas(6));
        refused("cluster.replicas", o -> o.replicas(-1));
        assertThat(options(LOOPBACK, o -> o.isolationGrace(Duration.ZERO)).isolationGrace())
                .isZero();
        refused("cluster.isolation_grace", o -> o.isolationGrace(Duration.ofNanos(-1)));
        assertThat(options(LOOPBACK, o -> o.pingInterval(Duration.ofMillis(100)))
                        .pingInterval())
                .hasMillis(100);
        refused("cluster.ping_interval", o -> o.pingInterval(Duration.ofMillis(99)));
        assertThat(options(LOOPBACK, o -> o.pingInterval(Duration.ofMinutes(10)))
                        .pingInterval())
                .hasMinutes(10);
        refused(
                "cluster.ping_interval",
                o -> o.pingInterval(Duration.ofMinutes(10).plusNanos(1)));
        assertThat(options(LOOPBACK, o -> o.keptBytes(1 << 20)).kept().bytes()).isEqualTo(1 << 20);
        refused("cluster.kept_bytes", o -> o.keptBytes((1 << 20) - 1));
        for (int seconds : List.of(1, 100)) {
            assertThat(options(LOOPBACK, o -> o.appendTimeout(Duration.ofSeconds(seconds)))
                            .kept()
                            .appendTimeout())
                    .hasSeconds(seconds);
        }
        refused("cluster.append_timeout", o -> o.appendTimeout(Duration.ofMillis(999)));
        refused("cluster.append_timeout", o -> o.appendTimeout(Duration.ofMillis(100_001)));
        assertThat(options(LOOPBACK, o -> o.ackWait(Duration.ofSeconds(1))).ackWait())
                .hasSeconds(1);
        refused("queues.ack_wait", o -> o.ackWait(Duration.ofMillis(999)));
        assertThat(options(LOOPBACK, o -> o.ackWait(Duration.ofDays(1))).ackWait())
                .hasDays(1);
        refused("queues.ack_wait", o -> o.ackWait(Duration.ofDays(1).plusNanos(1)));
    }

    @Test
    void aSharedQueueIsAQueue() {
        assertThat(options(LOOPBACK, o -> o.sharedQueues(List.of("/queue/orders.#")))
                        .sharedQueues())
                .containsExactly("/queue/orders.#");
        refused("queues.shared", o -> o.sharedQueues(List.of("/topic/orders")));
        refused("queues.shared", o -> o.sharedQueues(List.of("/queue/")));
    }

    @Test
    void threeServersKeepThreeReplicasAndFewerKeepOne() {
        assertThat(NatsOptions.builder(LOOPBACK, LOOPBACK).build().effectiveReplicas())
                .isEqualTo(1);
        assertThat(NatsOptions.builder(LOOPBACK, LOOPBACK, LOOPBACK).build().effectiveReplicas())
                .isEqualTo(3);
    }

    @Test
    void aCertificateWithoutItsKeyIsRefused() {
        NatsAccess half = NatsAccess.OPEN.withCertificate(Path.of("node.crt"), null);
        assertThat(options(LOOPBACK, o -> o.access(half)).refusal())
                .hasValueSatisfying(why -> assertThat(why).contains("cluster.tls_key"));
    }

    private static boolean isTls(NatsOptions options) {
        assertThat(options.refusal()).isEmpty();
        return options.isTls();
    }

    private static NatsOptions options(String server, UnaryOperator<NatsOptions.Builder> more) {
        return more.apply(NatsOptions.builder(server)).build();
    }

    private static void refused(String key, UnaryOperator<NatsOptions.Builder> wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options(LOOPBACK, wrong))
                .withMessageStartingWith(key + " must be ");
    }
}
