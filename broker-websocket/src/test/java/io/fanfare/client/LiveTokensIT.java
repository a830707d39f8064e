package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fanfare.auth.JwtAuthenticator;
import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens that a client renews, with a real broker that checks them. The client's clock is the test's, so that ten minutes
 * pass for it and none for the broker.
 */
@Timeout(300)
class LiveTokensIT {

    private static final byte[] KEY = "the key that tokens are signed with, 32 bytes and more".getBytes(UTF_8);
    private static final int LIFE_SECONDS = 600;

    private final FakeTimer timer = new FakeTimer();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private JwtAuthenticator tokens;
    private FanfareServer server;
    private StompClient client;
    private int asked;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        Path key = Files.write(folder.resolve("key"), KEY);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        tokens = new JwtAuthenticator(JwtOptions.of(new KeySource.SecretFile(key)));
        BrokerOptions options = BrokerOptions.builder()
                .auth(auth -> auth.authenticator(tokens))
                .topics(topics ->
                        topics.rules(List.of(TopicRule.of("/topic/prices").retainLast())))
                .build();
        server = FanfareServer.builder().port(0).tcpPort(-1).broker(options).start();
        client = connect();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        tokens.close();
    }

    private StompClient connect() {
        return StompClient.builder(server.webSocketUri())
                .header("passcode", token(LIFE_SECONDS))
                .onError(failure -> {})
                .heartBeat(HeartBeat.NONE)
                .connect(timer);
    }

    private String next() {
        asked++;
        return token(asked * 2 * LIFE_SECONDS);
    }

    private static String token(int seconds) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    new JWTClaimsSet.Builder()
                            .subject("alice")
                            .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                            .build());
            token.sign(new MACSigner(KEY));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private Live follow() {
        LiveOptions options =
                LiveOptions.builder().token(this::next).onError(failures::add).build();
        Live live = client.live("/topic/prices", options);
        live.ready().join();
        return live;
    }

    private void passes(int seconds) {
        timer.pass(Duration.ofSeconds(seconds));
        // behind the answer to a token that was sent, on the same connection
        client.send("/topic/other", "x").join();
    }

    @Test
    void theBrokerTakesTheNewTokenAndSaysWhenTheNextIsDue() {
        follow();
        passes(LIFE_SECONDS / 2);
        assertThat(asked).isZero();
        passes(LIFE_SECONDS / 2 - 30);
        assertThat(asked).isEqualTo(1);
        // which lasts twice as long
        passes(LIFE_SECONDS);
        assertThat(asked).isEqualTo(1);
        passes(LIFE_SECONDS - 30);
        assertThat(asked).isEqualTo(2);
        assertThat(failures).isEmpty();
    }

    @Test
    void theTokenOfTheNextClientIsRenewedAndThatOfTheOneBeforeNoMore() {
        Live live = follow();
        try (StompClient before = client) {
            client = connect();
            live.attach(client).join();
            passes(LIFE_SECONDS - 30);
            assertThat(asked).isEqualTo(1);
            assertThat(before.isOpen()).isTrue();
            live.close();
            passes(2 * LIFE_SECONDS);
            assertThat(asked).isEqualTo(1);
        }
    }

    @Test
    void aTokenThatTheBrokerRefusesEndsTheConnectionWhichSaysWhy() {
        client.renewTokens(() -> token(LIFE_SECONDS) + "x", failures::add);
        assertThatThrownBy(() -> passes(LIFE_SECONDS - 30)).hasMessageContaining("authentication failed");
        assertThat(client.isOpen()).isFalse();
        assertThat(failures).isEmpty();
    }
}
