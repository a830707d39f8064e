package io.fanfare.options;

import io.fanfare.security.Rule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rule for the topics of a pattern: what they keep for subscribers that come later, and what they tell of those that are
 * there. Of several rules that match a topic the first counts.
 *
 * @param match a topic, or a pattern for topics as in SUBSCRIBE: {@code /topic/prices.#}, {@code /user/topic/news}
 * @param retain which last values it keeps
 * @param key the header of SEND that values are kept by, with {@link Retain#BY_KEY}; else null
 * @param historyMessages the last messages that it keeps; 0: no history
 * @param historyAge how long it keeps them; null: as long as there is room
 * @param historyBytes the bytes of them that it keeps, with what keeping them takes
 * @param presence whether {@code /presence/topic/...} tells which sessions are subscribed
 */
public record TopicRule(
        String match,
        Retain retain,
        @Nullable String key,
        int historyMessages,
        @Nullable Duration historyAge,
        long historyBytes,
        boolean presence) {

    /** Which last values a topic keeps. */
    public enum Retain {
        /** Those of SENDs with {@code retain:set} alone. */
        ON_REQUEST,
        /** The last message; of those with a {@code retain-key}, the last of each key. */
        LAST,
        /** The last message of each value of a header. */
        BY_KEY
    }

    /** Bytes of a topic's history, unless its rule says otherwise; 8 MiB. */
    public static final long DEFAULT_HISTORY_BYTES = 8L << 20;

    private static final String SHARED = "/topic/";
    private static final List<String> PREFIXES = List.of(SHARED, "/user/topic/", "/user/queue/");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when {@code match} is no topic and no pattern for topics, a number is out of its range,
     *     or there is a key without {@link Retain#BY_KEY}
     */
    public TopicRule {
        boolean isTopic = PREFIXES.stream().anyMatch(match::startsWith);
        if (!isTopic || match.indexOf('{') >= 0) {
            throw new IllegalArgumentException("match begins with " + String.join(", ", PREFIXES)
                    + " and has words, * for one of them, and # for the rest, not " + match);
        }
        // the same patterns as in a permission
        Rule.allow(match);
        Check.notNegative("history.messages", historyMessages);
        Check.positive("history.bytes", historyBytes);
        if (historyAge != null) {
            Check.positive("history.age", historyAge);
        }
        if ((retain == Retain.BY_KEY) != (key != null && !key.isEmpty())) {
            throw new IllegalArgumentException("retain by key needs the name of a header");
        }
        if (presence && !match.startsWith(SHARED)) {
            throw new IllegalArgumentException("presence is for topics that all clients share, " + SHARED + "...");
        }
    }

    /** A rule that keeps nothing yet; the methods below add to it. */
    public static TopicRule of(String match) {
        return new TopicRule(match, Retain.ON_REQUEST, null, 0, null, DEFAULT_HISTORY_BYTES, false);
    }

    /** Keeps the last message. */
    public TopicRule retainLast() {
        return new TopicRule(match, Retain.LAST, null, historyMessages, historyAge, historyBytes, presence);
    }

    /** Keeps the last message of each value of a header. */
    public TopicRule retainByKey(String header) {
        return new TopicRule(match, Retain.BY_KEY, header, historyMessages, historyAge, historyBytes, presence);
    }

    /** Keeps so many of the last messages, up to {@link #DEFAULT_HISTORY_BYTES}. */
    public TopicRule history(int messages) {
        return new TopicRule(match, retain, key, messages, historyAge, historyBytes, presence);
    }

    /** Keeps the last messages within these bounds. */
    public TopicRule history(int messages, Duration age, long bytes) {
        return new TopicRule(match, retain, key, messages, age, bytes, presence);
    }

    /** Tells subscribers of {@code /presence/topic/...} which sessions are subscribed. */
    public TopicRule withPresence() {
        return new TopicRule(match, retain, key, historyMessages, historyAge, historyBytes, true);
    }

    /** The same as far as it has topics keep something. */
    public TopicRule withoutPresence() {
        return new TopicRule(match, retain, key, historyMessages, historyAge, historyBytes, false);
    }

    public boolean hasHistory() {
        return historyMessages > 0;
    }

    /** Whether its topics keep anything that no SEND asks for. */
    public boolean keeps() {
        return hasHistory() || retain != Retain.ON_REQUEST;
    }
}
