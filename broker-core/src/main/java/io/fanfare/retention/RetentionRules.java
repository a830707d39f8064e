package io.fanfare.retention;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.SendProperties;
import io.fanfare.message.TopicName;
import io.fanfare.options.TopicRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules for what topics keep, by pattern. Immutable: topics see by the object that the rules have changed. */
public final class RetentionRules {

    private static final String TOPIC = "/topic/";
    private static final String USER = "/user/";

    /**
     * A rule with its pattern in words.
     *
     * @param ofUsers whether it is for users' topics, or for those that all clients share
     */
    private record Compiled(TopicRule rule, boolean ofUsers, List<String> pattern) {}

    private final List<Compiled> rules = new ArrayList<>();
    private final boolean hasPresence;

    /** These rules, the first of which that matches counts. */
    public RetentionRules(List<TopicRule> rules) {
        boolean anyPresence = false;
        for (TopicRule rule : rules) {
            boolean ofUsers = rule.match().startsWith(USER);
            String name = rule.match().substring((ofUsers ? USER : TOPIC).length());
            this.rules.add(new Compiled(rule, ofUsers, TopicName.splitPattern(name)));
            anyPresence |= rule.presence();
        }
        this.hasPresence = anyPresence;
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Whether one of them has presence gathered. */
    public boolean hasPresence() {
        return hasPresence;
    }

    /**
     * The key of the value that a message sets or takes away: what {@code retain-key} says, else the value of the rule's header,
     * without both the empty one.
     *
     * @param rule of the topic; null: none matches
     * @return null when it does neither
     */
    public static @Nullable String key(@Nullable TopicRule rule, Message message) {
        if (message.properties().retain() != Retain.REMOVE && !isValue(rule, message)) {
            return null;
        }
        String key = message.properties().retainKey();
        if (key == null && rule != null && rule.key() != null) {
            key = message.headers().get(rule.key());
        }
        return key == null ? "" : key;
    }

    /** Whether a message is a last value. */
    static boolean isValue(@Nullable TopicRule rule, Message message) {
        SendProperties properties = message.properties();
        return properties.retain() != Retain.REMOVE
                && !properties.isAtOnce()
                && (properties.retain() == Retain.SET
                        || (rule != null && rule.retain() != TopicRule.Retain.ON_REQUEST));
    }

    /** Whether topics keep the same by these. */
    public boolean keepsSame(RetentionRules other) {
        return keeping().equals(other.keeping());
    }

    private List<TopicRule> keeping() {
        return rules.stream().map(each -> each.rule().withoutPresence()).toList();
    }

    /**
     * The rule of a topic, or of all topics of a pattern.
     *
     * @param words of its name
     * @return null when no rule matches, or a pattern has topics of other rules, or of none, too
     */
    public @Nullable TopicRule find(Destination topic, List<String> words) {
        boolean ofUser = topic.owner() instanceof Destination.User;
        if (rules.isEmpty() || (!ofUser && !topic.isShared())) {
            return null;
        }
        if (topic.kind() == Destination.Kind.PATTERN) {
            return ofAll(TopicName.splitPattern(topic.name()));
        }
        for (Compiled each : rules) {
            if (each.ofUsers() == ofUser && TopicName.matches(each.pattern(), words)) {
                return each.rule();
            }
        }
        return null;
    }

    private @Nullable TopicRule ofAll(List<String> pattern) {
        for (Compiled each : rules) {
            if (!each.ofUsers() && TopicName.overlap(each.pattern(), pattern)) {
                return TopicName.contains(each.pattern(), pattern) ? each.rule() : null;
            }
        }
        return null;
    }
}
