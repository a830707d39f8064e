package io.fanfare.endpoint;

import io.fanfare.frame.CloseCode;
import io.fanfare.security.Handshake;
import io.fanfare.security.Principal;
import io.fanfare.statistics.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Properties that the HTTP request of one client showed, for the connection that it becomes. Passed from one thread to
 * the next.
 */
final class Client {

    /** The user property that takes it from the handshake to the endpoint. */
    static final String PROPERTY = Client.class.getName();

    /**
     * The reason not to speak with a client, although its container has upgraded the request.
     *
     * @param counted what operators see it as
     * @param text of the Close frame, at most 123 bytes
     * @param detail for operators: what the client sent
     */
    record Refused(Refusal counted, CloseCode code, String text, String detail) {}

    private final String address;
    private final Optional<Principal> user;
    private final @Nullable Refused refused;
    private Map<String, String> credentials;

    /**
     * A client.
     *
     * @param address its IP address; empty: not known
     * @param credentials headers for the authenticator
     * @param user authenticated by the container; empty: CONNECT says
     * @param refused null: it may connect
     */
    Client(String address, Map<String, String> credentials, Optional<Principal> user, @Nullable Refused refused) {
        this.address = address;
        this.credentials = credentials;
        this.user = user;
        this.refused = refused;
    }

    String address() {
        return address;
    }

    Optional<Principal> user() {
        return user;
    }

    Optional<Refused> refused() {
        return Optional.ofNullable(refused);
    }

    /** What the authenticator is given, once; its headers are forgotten then. */
    Handshake takeHandshake() {
        Handshake all = new Handshake(address, credentials, List.of());
        credentials = Map.of();
        return all;
    }
}
