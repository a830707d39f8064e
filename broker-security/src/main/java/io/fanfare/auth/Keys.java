package io.fanfare.auth;

import com.nimbusds.jose.JWSHeader;
import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.Pem;
import io.fanfare.files.WatchedValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The keys that tokens are checked with. Any thread may call any method. */
interface Keys extends AutoCloseable {

    /** Far more than the keys of one issuer take. */
    int MAX_FILE_BYTES = 16 << 20;

    /**
     * Finds the keys that may have signed a token: a few, or none.
     *
     * @return fails with an {@link io.fanfare.security.AuthenticationUnavailableException} when no keys have been read yet
     */
    CompletableFuture<List<VerificationKey>> find(JWSHeader header);

    @Override
    void close();

    /**
     * Opens a source.
     *
     * @throws IllegalArgumentException when the file can't be read or the URL is not safe; the message is a sentence
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
                    new BoundedFile(secret.file(), MAX_FILE_BYTES, Secrecy.SECRET),
                    content -> List.of(VerificationKey.secret(KeySource.SecretFile.secret(content))));
        }
        if (source instanceof KeySource.PublicKeyFile pem) {
            return WatchedValue.open(new BoundedFile(pem.file(), MAX_FILE_BYTES, Secrecy.PUBLIC), Keys::ofPem);
        }
        if (source instanceof KeySource.JwksFile jwks) {
            return WatchedValue.open(
                    new BoundedFile(jwks.file(), MAX_FILE_BYTES, Secrecy.PUBLIC),
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

    /** Keys of a file. */
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
