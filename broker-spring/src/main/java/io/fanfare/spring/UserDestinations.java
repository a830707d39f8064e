package io.fanfare.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Headers;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Destinations of users as Spring's applications and clients write them, in the broker's words.
 *
 * @param prefix of the application's, {@code /user/} unless it says otherwise
 */
record UserDestinations(String prefix) {

    private static final String BROKERS = "/user/";

    /**
     * One client's own, beside those of its user: where a message goes that is for one session alone ({@code
     * @SendToUser(broadcast = false)}).
     */
    private static final String ONE_SESSION = "/temp-topic/spring-user/";

    /** {@link #ONE_SESSION} of another session, as the broker writes it: an empty word comes before the session. */
    private static final String ANOTHERS_START = "/temp-topic//";

    private static final String ANOTHERS_END = "/spring-user/";

    /** Headers of a SUBSCRIBE that is durable, or may begin at a cursor. */
    private static final List<String> OF_ONE = List.of(
            "durable",
            "persistent",
            "activemq.subscriptionName",
            "durable-subscription-name",
            "from",
            "x-stream-offset");

    /** A SEND's destination, in parts. */
    record Recipient(String user, String rest) {

        /** The same for the broker. */
        String destination() {
            // more than the broker would encode, all of which it decodes
            return BROKERS + URLEncoder.encode(user, UTF_8).replace("+", "%20") + "/" + rest;
        }

        /** The same for one session, by the id that the broker has given it. */
        String destination(String session) {
            return ANOTHERS_START + session + ANOTHERS_END + rest;
        }
    }

    boolean isUsers(String destination) {
        return destination.startsWith(prefix);
    }

    /** Reads the destination of a SEND. */
    Recipient recipient(String destination) {
        String rest = destination.substring(prefix.length());
        int end = rest.indexOf('/');
        if (end < 0) {
            return new Recipient(rest, "");
        }
        // SimpMessagingTemplate.convertAndSendToUser encodes the slash, and nothing else
        return new Recipient(rest.substring(0, end).replace("%2F", "/"), rest.substring(end + 1));
    }

    /**
     * The destination of a SUBSCRIBE for the broker.
     *
     * @param sessionToo whether to join with what is sent to this session alone
     */
    String forSubscribe(String destination, boolean sessionToo) {
        return Arrays.stream(destination.split(",", -1))
                .map(String::strip)
                .map(each -> isUsers(each) ? own(each.substring(prefix.length()), sessionToo) : each)
                .collect(Collectors.joining(","));
    }

    private static String own(String rest, boolean sessionToo) {
        return sessionToo ? BROKERS + rest + "," + ONE_SESSION + rest : BROKERS + rest;
    }

    /**
     * Whether a SUBSCRIBE asks for what is one lasting destination's alone, and so not for what is sent to one session: durable
     * subscriptions and cursors.
     */
    static boolean areOfOne(Headers subscribe) {
        return OF_ONE.stream().anyMatch(subscribe::has);
    }

    /** The destination of a MESSAGE for the client: as it has subscribed. */
    String shown(String destination) {
        if (destination.startsWith(ONE_SESSION)) {
            return prefix + destination.substring(ONE_SESSION.length());
        }
        return destination.startsWith(BROKERS) ? prefix + destination.substring(BROKERS.length()) : destination;
    }
}
