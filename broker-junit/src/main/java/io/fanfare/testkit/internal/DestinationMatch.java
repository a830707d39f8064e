package io.fanfare.testkit.internal;

import io.fanfare.message.TopicName;

/**
 * Match of destinations with a pattern, as the broker's subscriptions have it, but for all kinds of destinations: {@code *}
 * stands for one word, {@code #} or {@code **}, last, for the rest, and {@code .} and {@code /} separate different names.
 */
public final class DestinationMatch {

    private DestinationMatch() {}

    /** Whether the pattern, or the plain name, means the destination. */
    public static boolean matches(String pattern, String destination) {
        return pattern.equals(destination)
                || TopicName.matches(TopicName.splitPattern(pattern), TopicName.split(destination));
    }
}
