package io.fanfare.security;

import org.jspecify.annotations.Nullable;

/**
 * What a client presents to authenticate itself. Never logged: {@link #toString} shows no secret.
 *
 * @param login header of CONNECT; null: none
 * @param passcode header of CONNECT; null: none
 * @param authorization the {@code Authorization} header of CONNECT, such as {@code Bearer TOKEN}; null: none
 * @param handshake what came before CONNECT
 */
public record Credentials(
        @Nullable String login,
        @Nullable String passcode,
        @Nullable String authorization,
        Handshake handshake) {

    @Override
    public String toString() {
        return "Credentials of " + handshake.address();
    }
}
