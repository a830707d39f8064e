package io.fanfare.message;

import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination.Kind;
import io.fanfare.message.Destination.Owner;
import io.fanfare.options.DestinationLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code destination} headers for one session, whose user and id decide what {@code /user} and {@code /temp} mean.
 * Any thread may call.
 */
public final class DestinationParser {

    static final String TOPIC = "/topic/";
    static final String QUEUE = "/queue/";
    private static final String QUEUE_ALIAS = "/amq/queue/";
    static final String USER = "/user/";
    public static final String TEMP_QUEUE = "/temp-queue/";
    public static final String TEMP_TOPIC = "/temp-topic/";

    private static final int MAX_COMPOSITE = 64;

    private final DestinationLimits limits;
    private final String sessionId;
    private final String user;

    /**
     * A parser for one session.
     *
     * @param user the user's name; the session's id for a connection without a user
     */
    public DestinationParser(DestinationLimits limits, String sessionId, String user) {
        this.limits = limits;
        this.sessionId = sessionId;
        this.user = user;
    }

    /**
     * Reads the destination of a SEND: without wildcards.
     *
     * @throws ProtocolException when it is none
     */
    public List<Target> forSend(String text) {
        List<Target> targets = composite(text, true);
        for (Target target : targets) {
            if (target.destination().kind() == Kind.PATTERN) {
                throw invalid(text, "a SEND goes to a destination without wildcards");
            }
        }
        return targets;
    }

    /**
     * Reads the destination of a SUBSCRIBE: also patterns of topics.
     *
     * @throws ProtocolException when it is none
     */
    public List<Destination> forSubscribe(String text) {
        return composite(text, false).stream().map(Target::destination).toList();
    }

    private List<Target> composite(String text, boolean send) {
        checkCharacters(text);
        if (text.indexOf(',') < 0) {
            return List.of(single(text, send, false));
        }
        List<Target> all = new ArrayList<>();
        String[] parts = text.split(",", -1);
        if (parts.length > MAX_COMPOSITE) {
            throw invalid(text, "it joins " + parts.length + " destinations, more than " + MAX_COMPOSITE);
        }
        for (String part : parts) {
            Target target = single(part.strip(), send, true);
            // one destination, however its parts spell it
            if (all.stream().noneMatch(other -> other.destination().equals(target.destination()))) {
                all.add(target);
            }
        }
        return all;
    }

    private Target single(String text, boolean send, boolean isPart) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.maxDestinationBytes()) {
            throw invalid(
                    text,
                    Limits.exceeded("it has %,d B", bytes, limits.maxDestinationBytes(), "max_destination_bytes"));
        }
        if (text.startsWith(TOPIC)) {
            return new Target(topic(text), send && isPart ? text : null);
        }
        if (text.startsWith(QUEUE) || text.startsWith(QUEUE_ALIAS)) {
            boolean isAlias = text.startsWith(QUEUE_ALIAS);
            String name = plainName(text, isAlias ? QUEUE_ALIAS : QUEUE);
            // an alias is understood, never shown
            return new Target(Destination.queue(name), send && (isPart || isAlias) ? QUEUE + name : null);
        }
        if (text.startsWith(USER)) {
            return user(text, plainName(text, USER), send);
        }
        if (text.startsWith(TEMP_QUEUE)) {
            return temporary(Kind.QUEUE, TEMP_QUEUE, plainName(text, TEMP_QUEUE), send);
        }
        if (text.startsWith(TEMP_TOPIC)) {
            return temporary(Kind.TOPIC, TEMP_TOPIC, plainName(text, TEMP_TOPIC), send);
        }
        throw invalid(text, "a destination begins with /topic/, /queue/, /user/, /temp-queue/ or /temp-topic/");
    }

    private Destination topic(String text) {
        String name = name(text, TOPIC);
        return isPattern(text, name)
                ? Destination.pattern(String.join("", TopicName.splitPattern(name)))
                : Destination.topic(name);
    }

    /** {@code /user/queue/NAME} is mine; {@code /user/ALICE/queue/NAME} is Alice's. All her sessions get a message. */
    private Target user(String text, String name, boolean send) {
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
        return new Target(new Destination(Kind.TOPIC, new Destination.User(owner), rest), USER + rest);
    }

    /** A name that begins with a session's id is that session's, for clients that were told it; else it is mine. */
    private Target temporary(Kind kind, String prefix, String name, boolean send) {
        String session = sessionId;
        String rest = name.startsWith(sessionId + "/") ? name.substring(sessionId.length() + 1) : name;
        int end = name.indexOf('/');
        if (send && end == sessionId.length() && !name.startsWith(sessionId)) {
            session = name.substring(0, end);
            rest = name.substring(end + 1);
        }
        Owner owner = new Destination.Connection(session);
        return new Target(new Destination(kind, owner, rest), prefix + rest);
    }

    /** Whether a text names a temporary destination. */
    public static boolean isTemporary(String text) {
        return text.startsWith(TEMP_QUEUE) || text.startsWith(TEMP_TOPIC);
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
        if (words.size() > limits.maxDestinationWords()) {
            throw invalid(
                    text,
                    Limits.exceeded(
                            "it has %,d words", words.size(), limits.maxDestinationWords(), "max_destination_words"));
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
