package io.fanfare.endpoint;

import io.fanfare.broker.Broker;
import io.fanfare.security.OriginPolicy;
import io.fanfare.security.Principal;
import jakarta.websocket.server.HandshakeRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Collects the options of a {@link StompEndpoint}; each has its default until it is set. For one thread. */
public final class StompEndpointBuilder {

    private final Broker broker;
    private OriginPolicy origins = OriginPolicy.SAME_ORIGIN;
    private Function<HandshakeRequest, Optional<Principal>> user = request -> containerUser(request, List.of());
    private Function<HandshakeRequest, String> address = request -> "";
    private int loops = Runtime.getRuntime().availableProcessors();
    private int maxJoinedBytes;

    StompEndpointBuilder(Broker broker) {
        this.broker = broker;
    }

    /** The web pages that may connect, by their {@code Origin}; those from the same host by default. */
    public StompEndpointBuilder origins(OriginPolicy policy) {
        origins = policy;
        return this;
    }

    /**
     * Roles that a user of the container is asked for, with {@code isUserInRole}; those that it has are its roles in the
     * broker's permissions. None by default. Replaces {@link #user}.
     */
    public StompEndpointBuilder roles(String... names) {
        List<String> asked = List.of(names);
        user = request -> containerUser(request, asked);
        return this;
    }

    /**
     * The user of a request; for those with one the broker's authenticator is not asked, and CONNECT's {@code login} counts for
     * nothing. By default the one that the container has authenticated; {@code request -> Optional.empty()} leaves all to
     * the authenticator.
     *
     * @param value called by threads of the container, several at once; must not throw
     */
    public StompEndpointBuilder user(Function<HandshakeRequest, Optional<Principal>> value) {
        user = value;
        return this;
    }

    /**
     * The IP address of a request's client, for logs, operators and the authenticator; empty: not known. Jakarta WebSocket
     * has no such thing, so that nothing is known by default; an application can put it into the HTTP session, or
     * read a header that its proxy sets.
     *
     * @param value called by threads of the container, several at once; must not throw
     */
    public StompEndpointBuilder address(Function<HandshakeRequest, String> value) {
        address = value;
        return this;
    }

    /**
     * Event loops, each with a thread, that share the connections; one for each processor.
     *
     * @throws IllegalArgumentException for less than 1
     */
    public StompEndpointBuilder loops(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("loops is " + value + "; it must be positive");
        }
        loops = value;
        return this;
    }

    /**
     * Has STOMP frames that wait for a client leave together, in one WebSocket message of up to so many bytes: many times
     * faster. Only for clients that take several frames in a message, as @stomp/stompjs does. 0 by default: each frame is a
     * message.
     *
     * @throws IllegalArgumentException for less than 0
     */
    public StompEndpointBuilder joinFramesUpTo(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("joinFramesUpTo is " + bytes + "; it must not be negative");
        }
        maxJoinedBytes = bytes;
        return this;
    }

    /** The endpoint; its loops run until {@link StompEndpoint#close}. */
    public StompEndpoint build() {
        return new StompEndpoint(broker, this);
    }

    HandshakeConfigurator.Rules rules(boolean keepsCredentials) {
        return new HandshakeConfigurator.Rules(origins, user, address, keepsCredentials);
    }

    int loops() {
        return loops;
    }

    int maxJoinedBytes() {
        return maxJoinedBytes;
    }

    private static Optional<Principal> containerUser(HandshakeRequest request, List<String> roles) {
        return Optional.ofNullable(request.getUserPrincipal())
                .map(user -> Principal.of(user.getName()))
                .map(user -> roles.isEmpty() ? user : withRoles(request, user.name(), roles));
    }

    private static Principal withRoles(HandshakeRequest request, String name, List<String> roles) {
        Set<String> held = roles.stream().filter(request::isUserInRole).collect(Collectors.toSet());
        return new Principal(name, held, Map.of(), null);
    }
}
