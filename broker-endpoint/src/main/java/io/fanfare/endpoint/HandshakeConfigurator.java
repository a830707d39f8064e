package io.fanfare.endpoint;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Printable;
import io.fanfare.frame.SubProtocols;
import io.fanfare.security.OriginPolicy;
import io.fanfare.security.Principal;
import io.fanfare.statistics.Refusal;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake of all clients. A container refuses a page's origin alone, and without the request; what is found
 * out later is told to a client by a Close, behind an upgrade that no session follows. Immutable; any thread may call.
 */
final class HandshakeConfigurator extends ServerEndpointConfig.Configurator {

    /** What the handshake is decided by; each component is described at its method of {@link StompEndpointBuilder}. */
    record Rules(
            OriginPolicy origins,
            Function<HandshakeRequest, Optional<Principal>> user,
            Function<HandshakeRequest, String> address,
            boolean keepsCredentials) {}

    private static final String SAME_ORIGIN = "same-origin";

    private final StompEndpoint endpoint;
    private final Rules rules;

    HandshakeConfigurator(StompEndpoint endpoint, Rules rules) {
        this.endpoint = endpoint;
        this.rules = rules;
    }

    /** Refuses, with 403, what no {@code Host} would make right; the rest is decided with the whole request. */
    @Override
    public boolean checkOrigin(@Nullable String origin) {
        return rules.origins().allowed().contains(SAME_ORIGIN)
                || rules.origins().allows(origin, null);
    }

    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
        return SubProtocols.choose(SubProtocols.split(requested)).orElse("");
    }

    /** None: a container would compress each message anew for each subscriber. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        return List.of();
    }

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        Client client = new Client(
                rules.address().apply(request),
                credentials(request),
                rules.user().apply(request),
                refusal(request).orElse(null));
        config.getUserProperties().put(Client.PROPERTY, client);
    }

    private Optional<Client.Refused> refusal(HandshakeRequest request) {
        String origin = first(request, "Origin");
        if (!rules.origins().allows(origin, first(request, "Host"))) {
            return Optional.of(new Client.Refused(
                    Refusal.ORIGIN,
                    CloseCode.POLICY,
                    "pages of this origin may not connect",
                    Printable.of(String.valueOf(origin))));
        }
        List<String> offered = SubProtocols.split(lines(request, HandshakeRequest.SEC_WEBSOCKET_PROTOCOL));
        if (!offered.isEmpty() && SubProtocols.choose(offered).isEmpty()) {
            return Optional.of(new Client.Refused(
                    Refusal.SUB_PROTOCOL,
                    CloseCode.PROTOCOL_ERROR,
                    "none of the sub-protocols is known; offer one of " + SubProtocols.SUPPORTED,
                    Printable.of(String.valueOf(offered))));
        }
        return Optional.empty();
    }

    private Map<String, String> credentials(HandshakeRequest request) {
        Map<String, String> found = new HashMap<>();
        if (rules.keepsCredentials()) {
            keep(request, "authorization", ", ", found);
            keep(request, "cookie", "; ", found);
        }
        return found;
    }

    private static void keep(HandshakeRequest request, String name, String separator, Map<String, String> found) {
        for (String value : lines(request, name)) {
            found.merge(name, value.strip(), (before, next) -> before + separator + next);
        }
    }

    private static @Nullable String first(HandshakeRequest request, String name) {
        List<String> lines = lines(request, name);
        return lines.isEmpty() ? null : lines.get(0).strip();
    }

    /** The values of a header, line by line; not every container's map ignores the case of a name. */
    private static List<String> lines(HandshakeRequest request, String name) {
        return request.getHeaders().entrySet().stream()
                .filter(header -> header.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .flatMap(header -> header.getValue().stream())
                .toList();
    }

    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
        return endpointClass.cast(new ContainerEndpoint(endpoint));
    }
}
