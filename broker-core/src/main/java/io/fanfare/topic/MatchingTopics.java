package io.fanfare.topic;

import io.fanfare.message.Destination;
import io.fanfare.message.TopicName;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The topics that keep messages and that a pattern matches, in the order of their names; ones that come meanwhile may be among them. */
final class MatchingTopics {

    private final KeptTopics kept;
    private final List<String> pattern;

    /** Those whose names begin as the pattern does. */
    private final Iterator<Topic> candidates;

    /** The name of the last that was looked at; empty: none. */
    private String lastName;

    MatchingTopics(KeptTopics kept, Destination pattern) {
        this(kept, TopicName.splitPattern(pattern.name()), "");
    }

    private MatchingTopics(KeptTopics kept, List<String> pattern, String lastName) {
        this.kept = kept;
        this.pattern = pattern;
        this.lastName = lastName;
        this.candidates = kept.beginningWith(TopicName.literalPrefix(pattern), lastName);
    }

    /** The same from here on. */
    MatchingTopics copy() {
        return new MatchingTopics(kept, pattern, lastName);
    }

    boolean hasNext() {
        return candidates.hasNext();
    }

    /** Looks at the next candidate; null: the pattern does not match it. */
    @Nullable
    Topic next() {
        Topic next = candidates.next();
        lastName = next.destination().name();
        return TopicName.matches(pattern, TopicName.split(lastName)) ? next : null;
    }
}
