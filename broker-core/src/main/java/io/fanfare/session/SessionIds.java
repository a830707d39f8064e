package io.fanfare.session;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes session ids that can't be guessed. Any thread may call. */
public final class SessionIds {

    private static final int BYTES = 12;

    private final SecureRandom random = new SecureRandom();

    String next() {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
