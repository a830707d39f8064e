package io.fanfare.security;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.session.ClientIdentity;
import java.util.Map;
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

    public static Credentials of(Headers connect, Handshake handshake) {
        return new Credentials(connect.get("login"), connect.get("passcode"), authorization(connect), handshake);
    }

    /** The same but for passwords and tokens. */
    public Credentials withoutSecrets() {
        return new Credentials(
                login, null, null, new Handshake(handshake.address(), Map.of(), handshake.certificates()));
    }

    /**
     * The same client with a new token, which is in a header or is the body.
     *
     * @throws ProtocolException when there is none
     */
    public Credentials renewed(Frame send) {
        Headers headers = send.headers();
        String newAuthorization = authorization(headers);
        String newPasscode = headers.get("passcode");
        if (newPasscode == null && newAuthorization == null) {
            newPasscode = send.bodyAsString().strip();
            if (newPasscode.isEmpty()) {
                throw new ProtocolException(
                        "missing passcode",
                        "a SEND to " + ClientIdentity.DESTINATION
                                + " has the new token in passcode, in Authorization or as its body");
            }
        }
        return new Credentials(headers.find("login").orElse(login), newPasscode, newAuthorization, handshake);
    }

    private static @Nullable String authorization(Headers headers) {
        String authorization = headers.get("Authorization");
        return authorization == null ? headers.get("authorization") : authorization;
    }

    @Override
    public String toString() {
        return "Credentials of " + handshake.address();
    }
}
