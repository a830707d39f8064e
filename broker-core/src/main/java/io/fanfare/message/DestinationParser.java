package io.fanfare.message;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.security.Authorizer;
import io.fanfare.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code destination} headers for one session, whose user and id decide what {@code /user} and {@code /temp} mean.
 * Owned by the session's loop.
 */
public final class DestinationParser {

    private static final String TOPIC = "/topic/";
    private static final String QUEUE = "/queue/";
    private static final String QUEUE_ALIAS = "/amq/queue/";
    private static final String USER = "/user/";
    public static final String TEMP_QUEUE = "/temp-queue/";
    public static final String TEMP_TOPIC = "/temp-topic/";

    /** Begins the keys of what belongs to somebody: no header can hold it in a name. */
    private static final String PRIVATE = "\u0000";

    private static final int MAX_COMPOSITE = 64;

    private final BrokerOptions options;
    private final String sessionId;
    private final String user;

    public DestinationParser(BrokerOptions options, String sessionId, String user) {
        this.options = options;
        this.sessionId = sessionId;
        this.user = user;
    }

    /** What a SEND may name: destinations without wildcards. */
    public List<Destination> forSend(String text) {
        List<Destination> destinations = composite(text, true);
        for (Destination destination : destinations) {
            if (destination.kind() == Destination.Kind.PATTERN) {
                throw invalid(text, "a SEND goes to a destination without wildcards");
            }
        }
        return destinations;
    }

    /** What a SUBSCRIBE may name: also patterns of topics. */
    public List<Destination> forSubscribe(String text) {
        return composite(text, false);
    }

    private List<Destination> composite(String text, boolean send) {
        checkCharacters(text);
        if (text.indexOf(',') < 0) {
            return List.of(single(text, send, false));
        }
        List<Destination> all = new ArrayList<>();
        String[] parts = text.split(",", -1);
        if (parts.length > MAX_COMPOSITE) {
            throw invalid(text, "it joins " + parts.length + " destinations, more than " + MAX_COMPOSITE);
        }
        for (String part : parts) {
            Destination destination = single(part.strip(), send, true);
            if (!all.contains(destination)) {
                all.add(destination);
            }
        }
        return all;
    }

    private Destination single(String text, boolean send, boolean isPart) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > options.destinations().maxDestinationBytes()) {
            throw invalid(
                    text,
                    "it has " + bytes + " B, more than "
                            + options.destinations().maxDestinationBytes() + " (max_destination_bytes)");
        }
        String shown = isPart ? text : null;
        if (text.startsWith(TOPIC)) {
            String name = name(text, TOPIC);
            Destination.Kind kind = isPattern(text, name) ? Destination.Kind.PATTERN : Destination.Kind.TOPIC;
            return new Destination(kind, name, send ? shown : null);
        }
        if (text.startsWith(QUEUE) || text.startsWith(QUEUE_ALIAS)) {
            boolean isAlias = text.startsWith(QUEUE_ALIAS);
            String name = plainName(text, isAlias ? QUEUE_ALIAS : QUEUE);
            // an alias is understood, never shown
            return new Destination(Destination.Kind.QUEUE, name, send && (isPart || isAlias) ? QUEUE + name : null);
        }
        if (text.startsWith(USER)) {
            return user(text, plainName(text, USER), send);
        }
        if (text.startsWith(TEMP_QUEUE)) {
            return temporary(Destination.Kind.QUEUE, TEMP_QUEUE, plainName(text, TEMP_QUEUE), send);
        }
        if (text.startsWith(TEMP_TOPIC)) {
            return temporary(Destination.Kind.TOPIC, TEMP_TOPIC, plainName(text, TEMP_TOPIC), send);
        }
        throw invalid(text, "a destination begins with /topic/, /queue/, /user/, /temp-queue/ or /temp-topic/");
    }

    /** {@code /user/queue/NAME} is mine; {@code /user/ALICE/queue/NAME} is Alice's. All her sessions get a message. */
    private Destination user(String text, String name, boolean send) {
        String owner = user;
        String rest = name;
        if (send) {
            int end = name.indexOf('/');
            owner = end < 0 ? "" : name.substring(0, end).replace("%2F", "/");
            rest = name.substring(end + 1);
        }
        if ((!rest.startsWith("queue/") && !rest.startsWith("topic/")) || owner.isEmpty()) {
            throw invalid(
                    text,
                    send
                            ? "a user's destination is /user/NAME/queue/... or /user/NAME/topic/..."
                            : "one's own destination is /user/queue/... or /user/topic/...");
        }
        return new Destination(
                Destination.Kind.TOPIC, PRIVATE + "user" + PRIVATE + owner + PRIVATE + rest, USER + rest);
    }

    /** A name that begins with a session's id is that session's, for those who were told it; else it is mine. */
    private Destination temporary(Destination.Kind kind, String prefix, String name, boolean send) {
        int end = name.indexOf('/');
        if (send && end == sessionId.length() && !name.startsWith(sessionId)) {
            String owner = name.substring(0, end);
            String rest = name.substring(end + 1);
            return new Destination(kind, temporaryPrefix(owner) + rest, prefix + rest);
        }
        String mine = name.startsWith(sessionId + "/") ? name.substring(sessionId.length() + 1) : name;
        return new Destination(kind, temporaryPrefix(sessionId) + mine, prefix + mine);
    }

    /** How the keys of a session's temporary destinations begin. */
    public static String temporaryPrefix(String session) {
        return PRIVATE + "temp" + PRIVATE + session + PRIVATE;
    }

    /** What an {@link Authorizer} is asked about: the destination as its clients write it, without aliases. */
    public static String name(Destination destination, Authorizer.Action action) {
        String key = destination.key();
        if (Topic.isPublic(key)) {
            return switch (destination.kind()) {
                case TOPIC -> TOPIC + key;
                case PATTERN -> TOPIC + String.join("", TopicName.splitPattern(key));
                case QUEUE -> QUEUE + key;
            };
        }
        int end = key.lastIndexOf(PRIVATE);
        String rest = key.substring(end + 1);
        if (action == Authorizer.Action.SUBSCRIBE) {
            return USER + rest;
        }
        String owner = key.substring(key.indexOf(PRIVATE, 1) + 1, end);
        return USER + owner.replace("/", "%2F") + "/" + rest;
    }

    /** The session that a temporary destination belongs to; empty for all others. */
    public static String temporaryOwner(Destination destination) {
        String prefix = PRIVATE + "temp" + PRIVATE;
        String key = destination.key();
        return key.startsWith(prefix) ? key.substring(prefix.length(), key.indexOf(PRIVATE, prefix.length())) : "";
    }

    /** A name for my temporary destination that others can SEND to. */
    public String globalName(String temporary) {
        String prefix = temporary.startsWith(TEMP_QUEUE) ? TEMP_QUEUE : TEMP_TOPIC;
        String name = temporary.substring(prefix.length());
        return name.startsWith(sessionId + "/") ? temporary : prefix + sessionId + "/" + name;
    }

    private String plainName(String text, String prefix) {
        String name = name(text, prefix);
        if (isPattern(text, name)) {
            throw invalid(text, "wildcards are for topics");
        }
        return name;
    }

    private String name(String text, String prefix) {
        String name = text.substring(prefix.length());
        List<String> words = TopicName.split(name);
        boolean startsEmpty = !TopicName.separator(words.get(0)).isEmpty();
        if (startsEmpty || words.stream().anyMatch(word -> TopicName.bare(word).isEmpty())) {
            throw invalid(text, "a word of its name is empty");
        }
        if (words.size() > options.destinations().maxDestinationWords()) {
            throw invalid(
                    text,
                    "it has " + words.size() + " words, more than "
                            + options.destinations().maxDestinationWords() + " (max_destination_words)");
        }
        return name;
    }

    private static boolean isPattern(String text, String name) {
        if (!TopicName.isPattern(name)) {
            return false;
        }
        List<String> words = TopicName.splitPattern(name);
        for (String word : words.subList(0, words.size() - 1)) {
            if (TopicName.isRest(word)) {
                throw invalid(text, "# stands for the rest of a name and is its last word");
            }
        }
        return true;
    }

    private static void checkCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int type = Character.getType(c);
            if (Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                throw invalid(text, "it holds a control or invisible character");
            }
        }
    }

    private static ProtocolException invalid(String text, String why) {
        return new ProtocolException("invalid destination", "invalid destination " + Printable.of(text) + ": " + why);
    }
}
