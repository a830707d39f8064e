package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.passcode;
import static io.fanfare.auth.Attempt.refused;
import static io.fanfare.auth.KeyServer.NEW;
import static io.fanfare.auth.KeyServer.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.testing.Await;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that a server hands out. */
class RemoteKeysIT {

    @RegisterExtension
    final KeyServer server = new KeyServer();

    // ---- keys that are there --------------------------------------------------------------------------------------

    @Test
    void theKeysOfTheServerCheckTokens() {
        JwtAuthenticator tokens = server.open();
        assertThat(letIn(tokens, passcode(OLD)).name()).isEqualTo("alice");
        assertThat(letIn(tokens, passcode(OLD)).name()).isEqualTo("alice");
        assertThat(server.requests).hasValue(1);
    }

    @Test
    void whoeverAsksDoesNotWaitForTheServer() throws Exception {
        server.gate = new CountDownLatch(1);
        JwtAuthenticator tokens = server.open();
        CompletableFuture<?> first = tokens.authenticate(passcode(OLD)).toCompletableFuture();
        CompletableFuture<?> second = tokens.authenticate(passcode(OLD)).toCompletableFuture();
        Await.until("the server is asked", () -> server.requests.get() == 1);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        server.gate.countDown();
        first.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        second.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(server.requests).hasValue(1);
    }

    @Test
    void aNewKeyIsAskedForWhenATokenNamesIt() {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        server.body = KeyServer.jwks(TestKeys.RSA, TestKeys.OTHER_RSA);
        server.passes(RemoteKeys.PAUSE);
        letIn(tokens, passcode(NEW));
        letIn(tokens, passcode(OLD));
        assertThat(server.requests).hasValue(2);
    }

    @Test
    void inventedKeysDoNotMakeUsAskAndAsk() {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        for (int i = 0; i < 20; i++) {
            assertThat(refused(tokens, passcode(NEW))).isEqualTo("no key for algorithm 'RS256' and kid 'rsa-2'");
        }
        assertThat(server.requests).hasValue(1);
        server.passes(RemoteKeys.PAUSE);
        for (int i = 0; i < 20; i++) {
            refused(tokens, passcode(NEW));
        }
        assertThat(server.requests).hasValue(2);
    }

    @Test
    void aKeyThatWasWithdrawnIsForgottenAfterAWhile() {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        server.body = KeyServer.jwks(TestKeys.OTHER_RSA);
        server.passes(RemoteKeys.REFRESH.minusNanos(1));
        letIn(tokens, passcode(OLD));
        assertThat(server.requests).hasValue(1);
        server.passes(Duration.ofNanos(1));
        // who comes now is still let in, and has the server asked
        letIn(tokens, passcode(OLD));
        Await.until("the new keys", () -> isRefused(tokens, OLD));
        letIn(tokens, passcode(NEW));
        assertThat(server.requests).hasValue(2);
    }

    private static boolean isRefused(JwtAuthenticator tokens, String token) {
        return tokens.authenticate(passcode(token))
                .handle((principal, failure) -> failure != null)
                .toCompletableFuture()
                .join();
    }

    // ---- what is no source ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example.com/jwks",
                "http://127.0.0.1.example.com/jwks",
                "http://localhost@example.com/jwks",
                "file:///etc/passwd",
                "ftp://id.example.com/jwks",
                "https:///jwks",
                "jwks"
            })
    void keysComeSafelyOrNotAtAll(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeys.open(URI.create(url)).close())
                .withMessageContaining("begins with https://");
    }
}
