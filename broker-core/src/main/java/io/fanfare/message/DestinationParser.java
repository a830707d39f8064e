package io.fanfare.message;

import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination.Kind;
import io.fanfare.options.DestinationLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code destination} headers for one session, whose user and id decide what {@code /user} and {@code /temp} mean.
 * Any thread may call.
 */
public final class DestinationParser {

    static final String TOPIC = "/topic/";
    static final String QUEUE = "/queue/";
    private static final String QUEUE_ALIAS = "/amq/queue/";
    static final String USER = "/user/";
    static final String STATISTICS = "/stats/";
    private static final String PRESENCE_PREFIX = "/presence/";
    static final String PRESENCE = "/presence/topic/";
    public static final String TEMP_QUEUE = "/temp-queue/";
    public static final String TEMP_TOPIC = "/temp-topic/";

    /**
     * What follows the prefix of a temporary destination in a name that the broker has written, before the session's id: an
     * empty word, which no name of a client has.
     */
    private static final char BROKERS_MARK = '/';

    private static final int MAX_COMPOSITE = 64;

    /** What there is under {@code /stats/}. */
    private static final List<String> STATISTICS_TOPICS = List.of("overview", "queues");

    private final DestinationLimits limits;

    /** Null: no connection, so that no temporary destination is its own. */
    private final @Nullable String sessionId;

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

    /** A parser for messages that come from no connection. */
    public DestinationParser(DestinationLimits limits) {
        this.limits = limits;
        this.sessionId = null;
        this.user = "";
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
            throw invalid(text, Limits.exceeded("it joins %,d destinations", parts.length, MAX_COMPOSITE));
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
        if (text.startsWith(TOPIC)) {
            return new Target(topic(text), send && isPart ? text : null);
        }
        if (text.startsWith(QUEUE) || text.startsWith(QUEUE_ALIAS)) {
            boolean isAlias = text.startsWith(QUEUE_ALIAS);
            String name = queueName(text, isAlias ? QUEUE_ALIAS : QUEUE);
            // an alias is understood, never shown
            return new Target(Destination.queue(name), send && (isPart || isAlias) ? QUEUE + name : null);
        }
        if (text.startsWith(USER)) {
            return send ? anothers(text) : own(text, user, text.substring(USER.length()));
        }
        if (text.startsWith(TEMP_QUEUE)) {
            return temporary(Kind.QUEUE, TEMP_QUEUE, text, send);
        }
        if (text.startsWith(TEMP_TOPIC)) {
            return temporary(Kind.TOPIC, TEMP_TOPIC, text, send);
        }
        if (text.startsWith(STATISTICS)) {
            return new Target(statistics(text, send), null);
        }
        if (text.startsWith(PRESENCE_PREFIX)) {
            return new Target(presence(text, send), null);
        }
        throw invalid(text, "a destination begins with /topic/, /queue/, /user/, /temp-queue/ or /temp-topic/");
    }

    private Destination topic(String text) {
        String name = text.substring(TOPIC.length());
        checkName(text, TOPIC, name);
        return isPattern(text, name)
                ? Destination.pattern(String.join("", TopicName.splitPattern(name)))
                : Destination.topic(name);
    }

    /** The broker alone publishes there. */
    private static Destination statistics(String text, boolean send) {
        if (send) {
            throw invalid(text, "what is under /stats/ comes from the broker; it is for SUBSCRIBE alone");
        }
        String name = text.substring(STATISTICS.length());
        if (!STATISTICS_TOPICS.contains(name)) {
            throw invalid(text, "the broker's statistics are /stats/" + String.join(" and /stats/", STATISTICS_TOPICS));
        }
        return Destination.statistics(name);
    }

    /** The broker alone publishes there. */
    private Destination presence(String text, boolean send) {
        if (send) {
            throw invalid(text, "what is under /presence/ comes from the broker; it is for SUBSCRIBE alone");
        }
        if (!text.startsWith(PRESENCE)) {
            throw invalid(text, "the presence of a topic is /presence/topic/NAME");
        }
        String name = text.substring(PRESENCE.length());
        // as long as the topic's own name may be
        checkName(text, TOPIC, name);
        if (isPattern(text, name)) {
            throw invalid(text, "presence is one topic's, without wildcards");
        }
        return Destination.presence(name);
    }

    private String queueName(String text, String prefix) {
        String name = text.substring(prefix.length());
        boolean isDeadLetters = name.startsWith(DestinationText.DEAD_LETTERS);
        checkPlainName(text, prefix, isDeadLetters ? name.substring(DestinationText.DEAD_LETTERS.length()) : name);
        return name;
    }

    /** {@code /user/ALICE/queue/NAME} is Alice's. All her sessions get a message. */
    private Target anothers(String text) {
        String name = text.substring(USER.length());
        int end = name.indexOf('/');
        String written = end < 0 ? "" : name.substring(0, end);
        String rest = name.substring(end + 1);
        if (written.isEmpty() || !isUsers(rest)) {
            throw invalid(text, "a user's destination is /user/NAME/queue/... or /user/NAME/topic/...");
        }
        if (TopicName.isPattern(written)) {
            throw invalid(text, "wildcards are for topics");
        }
        String owner = UserNames.decode(written);
        if (owner == null) {
            throw invalid(text, "% begins two hexadecimal digits of an octet of UTF-8; for itself it is written %25");
        }
        return own(text, owner, rest);
    }

    /** {@code /user/queue/NAME} is mine. */
    private Target own(String text, String owner, String name) {
        if (!isUsers(name)) {
            throw invalid(text, "one's own destination is /user/queue/... or /user/topic/...");
        }
        checkPlainName(text, USER, name);
        return new Target(new Destination(Kind.TOPIC, new Destination.User(owner), name), USER + name);
    }

    private static boolean isUsers(String name) {
        return name.startsWith("queue/") || name.startsWith("topic/");
    }

    /** A name that the broker has written is that session's; every other name is mine. */
    private Target temporary(Kind kind, String prefix, String text, boolean send) {
        String session = brokersSession(text, prefix);
        if (session != null && !send && !session.equals(sessionId)) {
            throw invalid(text, "it belongs to another connection, and is for SEND alone");
        }
        String name = session == null
                ? text.substring(prefix.length())
                : text.substring(prefix.length() + 1 + session.length() + 1);
        checkPlainName(text, prefix, name);
        String owner = session == null ? sessionId : session;
        if (owner == null) {
            throw invalid(text, "a temporary destination belongs to a connection, and this message comes from none");
        }
        return new Target(new Destination(kind, new Destination.Connection(owner), name), prefix + name);
    }

    /** The session in a name that the broker has written; null for a name that a client has. */
    private static @Nullable String brokersSession(String text, String prefix) {
        int start = prefix.length() + 1;
        if (text.length() < start || text.charAt(prefix.length()) != BROKERS_MARK) {
            return null;
        }
        int end = text.indexOf('/', start);
        return end <= start ? null : text.substring(start, end);
    }

    /** Whether a text names a temporary destination. */
    public static boolean isTemporary(String text) {
        return text.startsWith(TEMP_QUEUE) || text.startsWith(TEMP_TOPIC);
    }

    /** My name for a temporary destination of mine; null when it is another connection's. */
    public @Nullable String ownName(String temporary) {
        String prefix = prefixOf(temporary);
        String session = brokersSession(temporary, prefix);
        if (session == null) {
            return temporary;
        }
        return session.equals(sessionId) ? prefix + temporary.substring(prefix.length() + session.length() + 2) : null;
    }

    /** A name for a temporary destination of mine that others can SEND to. */
    public String globalName(String ownName) {
        String prefix = prefixOf(ownName);
        return prefix + BROKERS_MARK + sessionId + "/" + ownName.substring(prefix.length());
    }

    private static String prefixOf(String temporary) {
        return temporary.startsWith(TEMP_QUEUE) ? TEMP_QUEUE : TEMP_TOPIC;
    }

    private void checkPlainName(String text, String prefix, String name) {
        checkName(text, prefix, name);
        if (isPattern(text, name)) {
            throw invalid(text, "wildcards are for topics");
        }
    }

    /**
     * Makes sure of what a client writes; what the broker has put in front of it, or another user is called, is not held
     * against the limits.
     */
    private void checkName(String text, String prefix, String name) {
        int bytes = prefix.length() + name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.maxDestinationBytes()) {
            throw invalid(
                    text,
                    Limits.exceeded("it has %,d B", bytes, limits.maxDestinationBytes(), "max_destination_bytes"));
        }
        List<String> words = TopicName.split(name);
        boolean startsEmpty = !TopicName.separator(words.get(0)).isEmpty();
        if (startsEmpty
                || words.stream().anyMatch(word -> TopicName.separator(word).length() == word.length())) {
            throw invalid(text, "a word of its name is empty");
        }
        if (words.size() > limits.maxDestinationWords()) {
            throw invalid(
                    text,
                    Limits.exceeded(
                            "it has %,d words", words.size(), limits.maxDestinationWords(), "max_destination_words"));
        }
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
            if (isInvisible(text.charAt(i))) {
                throw invalid(text, "it holds a control or invisible character");
            }
        }
    }

    static boolean isInvisible(int character) {
        int type = Character.getType(character);
        return Character.isISOControl(character)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static ProtocolException invalid(String text, String why) {
        return new ProtocolException("invalid destination", "invalid destination " + Printable.of(text) + ": " + why);
    }
}
