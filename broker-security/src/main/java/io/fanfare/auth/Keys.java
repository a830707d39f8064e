package io.fanfare.auth;

import com.nimbusds.jose.JWSHeader;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the keys are that tokens are checked with. Any thread may ask. */
interface Keys extends AutoCloseable {

    /**
     * The keys that may have signed a token, at most a few; none when there is none for it.
     *
     * @return fails by an {@link io.fanfare.security.AuthenticationUnavailableException} when there are no keys to be had
     */
    CompletableFuture<List<VerificationKey>> find(JWSHeader header);

    @Override
    void close();

    /**
     * Opens a source.
     *
     * @throws IllegalArgumentException when it can't be; the message is a sentence
     */
    static Keys open(KeySource source) {
        if (source instanceof KeySource.JwksUrl url) {
            return RemoteKeys.open(url.uri());
        }
        return new Fixed(file(source));
    }

    private static WatchedValue<List<VerificationKey>> file(KeySource source) {
        if (source instanceof KeySource.SecretFile secret) {
            return WatchedValue.open(
                    secret.file(), Secrecy.SECRET, content -> List.of(VerificationKey.secret(withoutLineEnd(content))));
        }
        if (source instanceof KeySource.PublicKeyFile pem) {
            return WatchedValue.open(pem.file(), Secrecy.PUBLIC, Keys::ofPem);
        }
        if (source instanceof KeySource.JwksFile jwks) {
            return WatchedValue.open(
                    jwks.file(),
                    Secrecy.PUBLIC,
                    content -> VerificationKey.ofJwks(new String(content, StandardCharsets.UTF_8)));
        }
        throw new IllegalArgumentException("no file: " + source);
    }

    private static List<VerificationKey> ofPem(byte[] content) {
        try {
            String text = new String(content, StandardCharsets.ISO_8859_1);
            return Pem.publicKeys(text).stream().map(VerificationKey::of).toList();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Editors end a text with a line end; in random bytes it is one of them. */
    private static byte[] withoutLineEnd(byte[] content) {
        int end = content.length;
        for (byte b : content) {
            boolean isText = (b >= ' ' && b < 0x7F) || b == '\n' || b == '\r';
            if (!isText) {
                return content;
            }
        }
        while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(content, end);
    }

    /** The keys of a file. */
    record Fixed(WatchedValue<List<VerificationKey>> file) implements Keys {

        @Override
        public CompletableFuture<List<VerificationKey>> find(JWSHeader header) {
            return CompletableFuture.completedFuture(VerificationKey.fitting(file.value(), header));
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
