package io.fanfare.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a while which passcodes were right, so that many who come back at once need not all be checked; those who
 * say the same at the same time share one check. What is remembered is a MAC under a key that this process alone has, of
 * name, hash and passcode: no passcode is kept, and a new hash in the file is a new question.
 */
final class VerifiedPasscodes {

    private static final String MAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final AsyncCache<ByteBuffer, Boolean> checks;
    private final Workers workers;

    VerifiedPasscodes(UsersOptions options, Workers workers, Ticker ticker) {
        this.workers = workers;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, MAC);
        checks = Caffeine.newBuilder()
                .expireAfterWrite(options.cacheTime())
                .maximumSize(options.maxCached())
                .ticker(ticker)
                // its own upkeep: little enough to do on the spot
                .executor(Runnable::run)
                .buildAsync();
    }

    /**
     * Whether a passcode is right, as far as that is known or being found out.
     *
     * @param check tells when nothing is known; done by the workers
     */
    CompletableFuture<Boolean> get(String name, PasswordHash hash, String passcode, BooleanSupplier check) {
        // a check without a value is forgotten as soon as it is done
        return checks.get(
                        question(name, hash.encoded(), passcode),
                        (question, executor) -> workers.submit(() -> check.getAsBoolean() ? Boolean.TRUE : null))
                .thenApply(Objects::nonNull);
    }

    private ByteBuffer question(String... parts) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }
}
