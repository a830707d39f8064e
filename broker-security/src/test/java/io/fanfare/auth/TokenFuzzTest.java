package io.fanfare.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.util.Base64URL;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;

/**
 * Whatever comes as a token lets somebody in or is an {@link AuthenticationException}; nobody is let in by a token that the
 * issuer has not signed. The first line is a token as it comes; the second one a header and the rest the claims of tokens
 * that the test makes: with the issuer's signature, and with those that anybody can make.
 */
class TokenFuzzTest extends JwtFixture {

    /** Of ES256, with r and s of 0 (CVE-2022-21449). */
    private static final byte[] ZEROS = new byte[64];

    private static final Rules RULES = Rules.of(
            Rule.allow("/topic/{user}.{claim:team}").forRoles("trader"),
            Rule.deny("/topic/#").forClaim("level", "0"));

    private JwtAuthenticator shared;
    private JwtAuthenticator published;

    @BeforeEach
    void open() throws IOException {
        shared = secret();
        published = jwks(TestKeys.RSA, TestKeys.P256);
    }

    @FuzzTest(maxDuration = "10m")
    void letsNobodyInWithoutTheIssuersSignature(byte[] input) throws Exception {
        String[] lines = new String(input, UTF_8).split("\n", 3);
        assertThat(attempt(published, lines[0])).isEmpty();
        if (attempt(shared, lines[0]).isPresent()) {
            assertThat(isSigned(lines[0].trim())).as(lines[0]).isTrue();
        }
        if (lines.length == 3) {
            letsInWhoIsSigned(base64(lines[1]) + "." + base64(lines[2]), algorithm(lines[1]));
        }
    }

    private void letsInWhoIsSigned(String content, String algorithm) throws Exception {
        attempt(shared, content + "." + mac(content, algorithm, SECRET)).ifPresent(TokenFuzzTest::isSensible);
        // taken for a secret, a public key would be one that everybody knows
        byte[] der = TestKeys.RSA.toPublicKey().getEncoded();
        byte[] pem = TestKeys.pem(TestKeys.RSA.toPublicKey()).getBytes(UTF_8);
        for (byte[] known : new byte[][] {der, pem, ZEROS}) {
            String token = content + "." + mac(content, algorithm, known);
            assertThat(attempt(shared, token)).as(token).isEmpty();
            assertThat(attempt(published, token)).as(token).isEmpty();
        }
        String none = content + ".";
        String zeros = content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(ZEROS);
        for (String token : new String[] {none, zeros, content + "." + mac(content, algorithm, SECRET)}) {
            assertThat(attempt(published, token)).as(token).isEmpty();
        }
        assertThat(attempt(shared, none)).as(none).isEmpty();
        assertThat(attempt(shared, zeros)).as(zeros).isEmpty();
    }

    /** Whom a token lets in; empty: it was refused. */
    private static Optional<Principal> attempt(JwtAuthenticator tokens, String token)
            throws InterruptedException, TimeoutException {
        try {
            return Optional.of(tokens.authenticate(Attempt.authorization("Bearer " + token))
                    .toCompletableFuture()
                    .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(AuthenticationException.class);
            String why = e.getCause().getMessage();
            assertThat(why).hasSizeLessThan(1000);
            assertThat(why.chars()).noneMatch(Character::isISOControl);
            return Optional.empty();
        }
    }

    private static void isSensible(Principal principal) {
        assertThat(principal.name()).isNotBlank();
        assertThat(principal.expires()).isAfter(NOW);
        assertThat(principal.roles()).noneMatch(String::isBlank);
        assertThat(principal.claims().values()).allMatch(TokenFuzzTest::isSimple);
        for (Action action : Action.values()) {
            boolean isMeant = principal.name().equals("a")
                    && texts(principal, "team").contains("b")
                    && principal.roles().contains("trader")
                    && !texts(principal, "level").contains("0");
            assertThat(RULES.allows(principal, action, "/topic/a.b"))
                    .as("%s of %s", action, principal)
                    .isEqualTo(isMeant);
        }
    }

    /** A claim as rules compare it: each member of a list is a text of its own. */
    private static List<String> texts(Principal principal, String name) {
        Object claim = principal.claims().getOrDefault(name, List.of());
        Collection<?> members = claim instanceof Collection<?> list ? list : List.of(claim);
        return members.stream().map(String::valueOf).toList();
    }

    private static boolean isSimple(Object claim) {
        return claim instanceof Collection<?> list
                ? list.stream().allMatch(each -> !(each instanceof Collection<?>) && isSimple(each))
                : claim instanceof String || claim instanceof Number || claim instanceof Boolean;
    }

    // ---- signatures, made without the library -----------------------------------------------------------------------

    private static boolean isSigned(String token) throws GeneralSecurityException {
        int dot = token.lastIndexOf('.');
        // the same bytes may be written in several ways
        byte[] signature = new Base64URL(token.substring(dot + 1)).decode();
        for (String algorithm : new String[] {"HmacSHA256", "HmacSHA384", "HmacSHA512"}) {
            String right = mac(token.substring(0, dot), algorithm, SECRET);
            if (Arrays.equals(Base64.getUrlDecoder().decode(right), signature)) {
                return true;
            }
        }
        return false;
    }

    /** What the header asks for, if it does. */
    private static String algorithm(String header) {
        return header.contains("512") ? "HmacSHA512" : header.contains("384") ? "HmacSHA384" : "HmacSHA256";
    }

    private static String mac(String content, String algorithm, byte[] secret) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(content.getBytes(UTF_8)));
    }
}
