package io.fanfare.server.internal.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.server.internal.http.RequestAdmission;
import io.fanfare.statistics.Refusal;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Request for an event stream, in STOMP's terms.
 *
 * @param connect headers of CONNECT
 * @param subscribe headers of SUBSCRIBE
 * @param origin of the page that may read the answer; empty: no page asks, or one of this host
 */
record StreamRequest(Headers connect, Headers subscribe, Optional<String> origin) {

    /** The id of the one SUBSCRIBE, and of its receipt. */
    private static final String ID = "sse";

    private static final String DESTINATION = "destination";

    private static final String FROM = "from";

    /** The id of an event with a topic's message: its epoch, and its number in it. */
    private static final Pattern EVENT_ID = Pattern.compile("([a-z0-9]+(?:-[a-z0-9]+)?)-(\\d{1,18})");

    /** Headers of SUBSCRIBE that the query may have: they choose messages, or which are left out. */
    private static final List<String> HEADERS =
            List.of("selector", "max-rate", "conflate", "overflow", "retained", FROM);

    /** Libraries that stand in for EventSource send {@code Last-Event-ID} in the query. */
    private static final String LAST_EVENT_ID = "lastEventId";

    /** No heart-beats come; comments go out "every 15 seconds or so" (HTML Standard 9.2.7). */
    private static final String HEART_BEAT = "0,15000";

    /**
     * Reads a request.
     *
     * @throws StreamRefusal when it asks for no event stream, or may not
     */
    static StreamRequest of(HttpRequestPacket request, RequestAdmission admission) {
        if (request.getMethod() != Method.GET) {
            throw new StreamRefusal(405, Optional.of(Refusal.BAD_REQUEST), "an event stream begins with GET")
                    .header("Allow", "GET");
        }
        if (request.getProtocol() != Protocol.HTTP_1_1 || request.getHeader("Host") == null) {
            throw StreamRefusal.badRequest("a request of HTTP/1.1 with a Host header is needed");
        }
        if (RequestAdmission.hasBody(request)) {
            throw StreamRefusal.badRequest("a request for an event stream has no body");
        }
        if (!acceptsEvents(request)) {
            throw new StreamRefusal(
                    406,
                    Optional.of(Refusal.BAD_REQUEST),
                    "this is an event stream: Accept should be text/event-stream, as EventSource sends it");
        }
        if (!admission.allowsPage(request)) {
            throw new StreamRefusal(
                    403,
                    Optional.of(Refusal.ORIGIN),
                    "pages of this origin may not connect; the operator can add it to the allowed origins");
        }
        return new StreamRequest(
                connect(request), subscribe(request), Optional.ofNullable(request.getHeader("Origin")));
    }

    /** RFC 9110 12.5.1: without Accept, everything is welcome. */
    private static boolean acceptsEvents(HttpRequestPacket request) {
        boolean any = false;
        for (String line : request.getHeaders().values("Accept")) {
            for (String part : line.split(",")) {
                String type = part.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                if (type.equals("text/event-stream") || type.equals("text/*") || type.equals("*/*")) {
                    return true;
                }
                any |= !type.isEmpty();
            }
        }
        return !any;
    }

    private static Headers connect(HttpRequestPacket request) {
        Headers.Builder connect = Headers.builder().add("accept-version", "1.2").add("heart-beat", HEART_BEAT);
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            addLogin(authorization.substring(6).strip(), connect);
        }
        return connect.build();
    }

    /** RFC 7617 2: the user's name has no colon. */
    private static void addLogin(String encoded, Headers.Builder connect) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), UTF_8);
        } catch (IllegalArgumentException e) {
            throw StreamRefusal.badRequest("Authorization: Basic is not base64");
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw StreamRefusal.badRequest("Authorization: Basic has no colon between user and password");
        }
        connect.add("login", pair.substring(0, colon)).add("passcode", pair.substring(colon + 1));
    }

    private static Headers subscribe(HttpRequestPacket request) {
        List<String> destinations = new ArrayList<>();
        Map<String, String> others = new LinkedHashMap<>();
        String lastEventId = request.getHeader("Last-Event-ID");
        for (String parameter : split(request.getQueryString())) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            String value = decoded(equals < 0 ? "" : parameter.substring(equals + 1));
            if (name.equals(DESTINATION)) {
                destinations.add(value);
            } else if (HEADERS.contains(name)) {
                if (others.putIfAbsent(name, value) != null) {
                    throw StreamRefusal.badRequest("there are two " + name);
                }
            } else if (name.equals(LAST_EVENT_ID)) {
                lastEventId = lastEventId == null ? value : lastEventId;
            } else {
                throw StreamRefusal.badRequest("there is no parameter " + Printable.of(name) + "; known: " + DESTINATION
                        + ", " + String.join(", ", HEADERS));
            }
        }
        if (destinations.isEmpty()) {
            throw StreamRefusal.badRequest("a destination is missing: /sse?destination=/topic/a");
        }
        // HTML Standard 9.2.4: EventSource goes on where it was, whatever its URL says
        resumePoint(destinations, lastEventId).ifPresent(place -> others.put(FROM, place));
        Headers.Builder subscribe = Headers.builder()
                .add("id", ID)
                .add("receipt", ID)
                // one subscription: a message that several of them match comes once
                .add(DESTINATION, String.join(",", destinations));
        others.forEach(subscribe::add);
        return subscribe.build();
    }

    /** The cursor behind the last event of one topic; several topics have no common one. */
    private static Optional<String> resumePoint(List<String> destinations, @Nullable String lastEventId) {
        String destination = destinations.get(0);
        boolean isOneTopic = destinations.size() == 1
                && (destination.startsWith("/topic/") || destination.startsWith("/user/"))
                && destination.chars().noneMatch(c -> ",*#>".indexOf(c) >= 0);
        Matcher id = EVENT_ID.matcher(lastEventId == null ? "" : lastEventId);
        return isOneTopic && id.matches() ? Optional.of(id.group(1) + "/" + id.group(2)) : Optional.empty();
    }

    private static List<String> split(@Nullable String query) {
        return query == null || query.isEmpty() ? List.of() : List.of(query.split("&"));
    }

    private static String decoded(String text) {
        String decoded;
        try {
            decoded = URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw StreamRefusal.badRequest("the query has a % that begins no octet");
        }
        if (decoded.indexOf(0) >= 0) {
            // no header of STOMP can say it: it would become another destination
            throw StreamRefusal.badRequest("the query has a NUL");
        }
        return decoded;
    }
}
