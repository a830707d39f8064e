package io.fanfare.auth;

import static io.fanfare.auth.Attempt.authorization;
import static io.fanfare.auth.Attempt.http;
import static io.fanfare.auth.Attempt.login;
import static io.fanfare.auth.Attempt.passcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token is looked for, and which one counts. */
class TokensTest {

    private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl";

    private final Tokens tokens = new Tokens("session");

    @Test
    void aPasscodeMayBeAToken() {
        assertThat(tokens.find(passcode(TOKEN))).isEqualTo(TOKEN);
        assertThat(tokens.find(login("alice", TOKEN))).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    void authorizationBringsABearerToken(String scheme) {
        assertThat(tokens.find(authorization(scheme + TOKEN))).isEqualTo(TOKEN);
        assertThat(tokens.find(http("authorization", scheme + TOKEN))).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YWxpY2U6c2VjcmV0", "Bearer", "", "Bearerx", "Token x"})
    void anotherSchemeIsNoToken(String authorization) {
        assertThat(tokens.find(authorization(authorization))).isNull();
        assertThat(tokens.find(http("authorization", authorization))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "session=" + TOKEN,
                "a=b; session=" + TOKEN + "; c=d",
                "a=b;session=\"" + TOKEN + "\"",
                "session=" + TOKEN + "; session=" + TOKEN,
                "xsession=x; session =" + TOKEN + "; Session=y; session2=z"
            })
    void aCookieOfTheNameMayHoldIt(String cookie) {
        assertThat(tokens.find(http("cookie", cookie))).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=b", "session", "session=", "=session", ";;=;", "sessions=" + TOKEN})
    void anotherCookieDoesNot(String cookie) {
        assertThat(tokens.find(http("cookie", cookie))).isNull();
    }

    @Test
    void twoCookiesOfTheNameAreRefused() {
        Credentials tossed = http("cookie", "session=" + TOKEN + "; session=x.y.z");
        assertThat(tokens.isThere(tossed)).isTrue();
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> tokens.find(tossed))
                .withMessage("several cookies of the name that holds the token");
    }

    @Test
    void withoutANameNoCookieIsLookedAt() {
        assertThat(new Tokens(null).find(http("cookie", "session=" + TOKEN))).isNull();
    }

    @Test
    void whatConnectSaysComesBeforeWhatTheHandshakeSaid() {
        Handshake handshake = new Handshake(
                "192.0.2.1", Map.of("authorization", "Bearer h.h.h", "cookie", "session=c.c.c"), List.of());
        assertThat(tokens.find(new Credentials(null, "p.p.p", "Bearer a.a.a", handshake)))
                .isEqualTo("p.p.p");
        assertThat(tokens.find(new Credentials(null, null, "Bearer a.a.a", handshake)))
                .isEqualTo("a.a.a");
        assertThat(tokens.find(new Credentials(null, "password", "Bearer a.a.a", handshake)))
                .isEqualTo("a.a.a");
        assertThat(tokens.find(new Credentials(null, null, null, handshake))).isEqualTo("h.h.h");
    }

    @Test
    void whoGivesAPasswordIsNotWhoTheBrowsersCookieBelongsTo() {
        assertThat(tokens.find(http("cookie", "session=" + TOKEN, "password"))).isNull();
        assertThat(tokens.find(http("authorization", "Bearer " + TOKEN, "password")))
                .isNull();
        // many clients send empty headers when they are told nothing
        assertThat(tokens.find(http("cookie", "session=" + TOKEN, ""))).isEqualTo(TOKEN);
    }
}
