package io.fanfare.broker;

import io.fanfare.frame.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a client says to prove who it is. Never logged: {@link #toString} shows no secret.
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

    static Credentials of(Headers connect, Handshake handshake) {
        String authorization = connect.get("Authorization");
        return new Credentials(
                connect.get("login"),
                connect.get("passcode"),
                authorization == null ? connect.get("authorization") : authorization,
                handshake);
    }

    @Override
    public String toString() {
        return "Credentials of " + handshake.address();
    }
}
