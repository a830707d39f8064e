package io.fanfare.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Authenticators of tokens, closed behind each test, and what their tokens are made of; the time stands still. */
abstract class JwtFixture {

    static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    static final String SOON = "\"exp\":1800000600";
    static final String ALICE = "{\"sub\":\"alice\"," + SOON + "}";
    static final byte[] SECRET = "a secret of 64 bytes, as long as the longest hash that uses it..".getBytes(UTF_8);

    @TempDir
    Path folder;

    /** A file with {@link #SECRET}, unless a test puts another there. */
    Path secret;

    private final List<JwtAuthenticator> opened = new ArrayList<>();

    @BeforeEach
    void writeSecret() throws IOException {
        secret = write("secret", SECRET);
    }

    @AfterEach
    void close() {
        opened.forEach(JwtAuthenticator::close);
    }

    JwtOptions options() {
        return JwtOptions.of(new KeySource.SecretFile(secret));
    }

    JwtAuthenticator secret() {
        return open(options());
    }

    JwtAuthenticator publicKey(String pem) throws IOException {
        return open(JwtOptions.of(new KeySource.PublicKeyFile(write("key.pem", pem.getBytes(UTF_8)))));
    }

    JwtAuthenticator jwks(JWK... keys) throws IOException {
        // a set with private parts is somebody's mistake, and still a set
        String json = new JWKSet(List.of(keys)).toString(false);
        return open(JwtOptions.of(new KeySource.JwksFile(write("jwks.json", json.getBytes(UTF_8)))));
    }

    JwtAuthenticator open(JwtOptions options) {
        JwtAuthenticator tokens =
                new JwtAuthenticator(options, Clock.fixed(NOW, ZoneOffset.UTC), Keys.open(options.keys()));
        opened.add(tokens);
        return tokens;
    }

    Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
