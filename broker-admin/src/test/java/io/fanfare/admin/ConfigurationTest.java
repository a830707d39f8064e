package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.server.FanfareServer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "auth.jwt.secret, s3cret, ***",
        "admin.token, s3cret, ***",
        "db.password, s3cret, ***",
        "auth.jwt.secret_file, /etc/secret, /etc/secret",
        "admin.tokens_file, /etc/tokens, /etc/tokens",
        "auth.jwt.jwks_url, https://u:s3cret@id.example/k, https://***@id.example/k",
        "auth.jwt.jwks_url, https://id.example/k?key=s3cret, https://id.example/k?***",
        "listen.host, 127.0.0.1, 127.0.0.1"
    })
    void secretsAreMasked(String key, String value, String shown) {
        assertThat(new Configuration(() -> Map.of(key, value)).masked()).containsExactly(Map.entry(key, shown));
    }

    @Test
    void ofWhatAnEmbedderSuppliesOnlyTheTypeIsShown() {
        Authenticator leaky = new Authenticator() {
            @Override
            public CompletableFuture<io.fanfare.security.Principal> authenticate(
                    io.fanfare.security.Credentials credentials) {
                return CompletableFuture.failedFuture(new AuthenticationException("no"));
            }

            @Override
            public String toString() {
                return "s3cret";
            }
        };
        Map<String, String> shown = Configuration.of(FanfareServer.builder()
                .broker(BrokerOptions.builder()
                        .auth(a -> a.authenticator(leaky))
                        .build())
                .options());
        assertThat(shown.get("broker.auth.authenticator")).startsWith("io.fanfare.admin.ConfigurationTest");
        assertThat(shown.values()).noneMatch(value -> value.contains("s3cret"));
        assertThat(shown).containsEntry("listen.port", "15674").containsEntry("broker.queues.prefetch", "100");
    }
}
