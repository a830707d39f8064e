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
 * Cache of right passcodes, so that many clients that come back at once need not all be checked; equal checks at the same
 * time are made once. An entry is a MAC of name, hash and passcode, under a random key that only this process has: no passcode
 * is kept, and with a new hash in the file the old entry is not found any more. Any thread may call any method.
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
                // the cache's own upkeep: little enough to do on the calling thread
                .executor(Runnable::run)
                .buildAsync();
    }

    /**
     * Tells whether a passcode is right, by the cache, a check under way, or else a new check.
     *
     * @param check checks the passcode; called by a thread of the workers
     */
    CompletableFuture<Boolean> get(String name, PasswordHash hash, String passcode, BooleanSupplier check) {
        // null, a wrong passcode: the cache forgets an entry without a value as soon as the check is done
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
