package io.fanfare.auth;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.HashingFunction;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hash of a passcode as it stands in a users file: argon2id ({@code $argon2id$v=19$m=...}) or bcrypt ({@code $2b$12$...}).
 * Memory and time of a check are limited, so that a typing error can't take all of either.
 */
final class PasswordHash {

    /** The minimum of OWASP's Password Storage Cheat Sheet; of its equal choices the one with the least memory. */
    private static final int MEMORY_KIB = 7 << 10;

    private static final int PASSES = 5;
    private static final int LANES = 1;
    private static final int OUTPUT_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private static final int MAX_MEMORY_KIB = 256 << 10;
    private static final int MAX_PASSES = 32;
    private static final int MAX_LANES = 16;
    private static final int MIN_COST = 4;
    private static final int MAX_COST = 16;

    private static final Pattern ARGON2ID = Pattern.compile(
            "\\$argon2id\\$v=(?:16|19)\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$[A-Za-z0-9+/]{11,}\\$[A-Za-z0-9+/]{16,}");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    private final String encoded;

    private PasswordHash(String encoded) {
        this.encoded = encoded;
    }

    /**
     * Parses a hash.
     *
     * @throws IllegalArgumentException when it is malformed or too costly; the message holds no part of the hash
     */
    static PasswordHash parse(String encoded) {
        Matcher argon2 = ARGON2ID.matcher(encoded);
        if (argon2.matches()) {
            limit("m", argon2.group(1), 8 * Integer.parseInt(argon2.group(3)), MAX_MEMORY_KIB);
            limit("t", argon2.group(2), 1, MAX_PASSES);
            limit("p", argon2.group(3), 1, MAX_LANES);
            return new PasswordHash(encoded);
        }
        Matcher bcrypt = BCRYPT.matcher(encoded);
        if (bcrypt.matches()) {
            limit("the cost", bcrypt.group(1), MIN_COST, MAX_COST);
            // 2a, 2b and 2y are one algorithm; password4j's 2a differs for characters outside of ASCII
            return new PasswordHash("$2b" + encoded.substring(3));
        }
        throw new IllegalArgumentException("neither an argon2id nor a bcrypt hash; `fanfare user hash NAME` makes one");
    }

    private static void limit(String what, String value, int min, int max) {
        int number = Integer.parseInt(value);
        if (number < min || number > max) {
            throw new IllegalArgumentException(what + " of a hash must be " + min + " to " + max + ", not " + number);
        }
    }

    /** Hashes a passcode by argon2id, with a new random salt. */
    static PasswordHash of(String passcode) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        Argon2Function argon2 = Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, OUTPUT_BYTES, Argon2.ID);
        return new PasswordHash(
                argon2.hash(passcode.getBytes(StandardCharsets.UTF_8), salt).getResult());
    }

    /** Tells whether this is the hash of a passcode. Takes the time and the memory that the hash prescribes. */
    boolean matches(String passcode) {
        HashingFunction function = encoded.startsWith("$argon2")
                ? Argon2Function.getInstanceFromHash(encoded)
                : BcryptFunction.getInstanceFromHash(encoded);
        return function.check(passcode, encoded);
    }

    /** The text for a users file; not for logs. */
    String encoded() {
        return encoded;
    }
}
