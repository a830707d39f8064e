package io.fanfare.nats.internal.kept;

import io.fanfare.nats.internal.connect.StreamLife;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings of the stream of a rule. */
final class StreamSettings {

    /**
     * Messages of a subject that a stream has at least, before it lets go of older ones. A node that reads a little behind must
     * find them: one that it does not find is lost for its clients.
     */
    private static final int MIN_PER_SUBJECT = 16;

    /** For so long NATS knows the ids of messages; longer than an append is tried. */
    private static final Duration DUPLICATES = Duration.ofMinutes(2);

    private static final String DESCRIPTION = "Fanfare, kept topics of ";

    /** In a description, behind the rule: with smaller limits it has let go of messages that it would have by these. */
    private static final Pattern WHOLE_BEHIND = Pattern.compile(", whole behind (\\d{1,18})$");

    private StreamSettings() {}

    /** The stream's name; streams have no dots, slashes and wildcards in theirs. */
    static String name(NatsOptions options, TopicRule rule) {
        String readable = rule.match().replaceAll("[^A-Za-z0-9]+", "_");
        return "fanfare-" + options.name() + "-kept" + readable.substring(0, Math.min(readable.length(), 40)) + "-"
                + SubjectTokens.fingerprint(rule.match());
    }

    /** What the subjects of its messages begin with; a token for the topic and one for the key follow. */
    static String prefix(NatsOptions options, TopicRule rule) {
        return "fanfare." + options.name() + ".kept." + SubjectTokens.fingerprint(rule.match()) + ".";
    }

    static StreamConfiguration of(NatsOptions options, TopicRule rule) {
        return adapt(StreamConfiguration.builder(), options, rule)
                .description(StreamLife.describe(DESCRIPTION + rule.match()))
                .name(name(options, rule))
                .subjects(subject(options, rule))
                .retentionPolicy(RetentionPolicy.Limits)
                .storageType(StorageType.File)
                .build();
    }

    private static String subject(NatsOptions options, TopicRule rule) {
        return prefix(options, rule) + "*.*";
    }

    /** A stream that is there with these limits. */
    static StreamConfiguration follow(StreamInfo there, NatsOptions options, TopicRule rule) {
        StreamConfiguration found = there.getConfiguration();
        StreamConfiguration.Builder other = adapt(StreamConfiguration.builder(found), options, rule);
        if (found.getMaxMsgsPerSubject() < perSubject(rule)) {
            String before = WHOLE_BEHIND.matcher(found.getDescription()).replaceFirst("");
            other.description(
                    before + ", whole behind " + there.getStreamState().getLastSequence());
        }
        return other.build();
    }

    /** Up to which sequence messages may be missing that a history should have. */
    static long lostUpTo(StreamInfo there) {
        long first = Math.max(0, there.getStreamState().getFirstSequence() - 1);
        Matcher whole =
                WHOLE_BEHIND.matcher(String.valueOf(there.getConfiguration().getDescription()));
        return whole.find() ? Math.max(first, Long.parseLong(whole.group(1))) : first;
    }

    /** The same with what may differ from one start of the cluster to the next. */
    private static StreamConfiguration.Builder adapt(
            StreamConfiguration.Builder to, NatsOptions options, TopicRule rule) {
        return to.replicas(options.effectiveReplicas())
                .maxMessagesPerSubject(perSubject(rule))
                .maxBytes(options.kept().bytes())
                .maxAge(maxAge(rule))
                // a last value must not go because others came; a history's oldest messages may
                .discardPolicy(isHistoryAlone(rule) ? DiscardPolicy.Old : DiscardPolicy.New)
                .duplicateWindow(DUPLICATES);
    }

    /**
     * One more than a history has: so a node that reads the stream sees which message came before the history, and knows from
     * where on nothing is missing.
     */
    static int perSubject(TopicRule rule) {
        return Math.max(rule.historyMessages() + 1, MIN_PER_SUBJECT);
    }

    /** Last values have no age but their own. */
    private static Duration maxAge(TopicRule rule) {
        Duration age = rule.historyAge();
        return age == null || !isHistoryAlone(rule) ? Duration.ZERO : age.compareTo(DUPLICATES) < 0 ? DUPLICATES : age;
    }

    /** Whether its topics keep no last values. */
    static boolean isHistoryAlone(TopicRule rule) {
        return rule.retain() == TopicRule.Retain.ON_REQUEST;
    }

    /** Whether a stream that is there is this one, maybe by other limits. */
    static boolean isOurs(StreamConfiguration found, NatsOptions options, TopicRule rule) {
        return String.valueOf(found.getDescription()).startsWith(DESCRIPTION + rule.match())
                && found.getSubjects().equals(List.of(subject(options, rule)))
                && found.getRetentionPolicy() == RetentionPolicy.Limits
                && found.getStorageType() == StorageType.File;
    }

    /** Whether a stream that is there has these limits. */
    static boolean isCurrent(StreamConfiguration found, NatsOptions options, TopicRule rule) {
        StreamConfiguration wanted = of(options, rule);
        return found.getReplicas() == wanted.getReplicas()
                && found.getMaxMsgsPerSubject() == wanted.getMaxMsgsPerSubject()
                && found.getMaxBytes() == wanted.getMaxBytes()
                && found.getMaxAge().equals(wanted.getMaxAge())
                && found.getDiscardPolicy() == wanted.getDiscardPolicy()
                && found.getDuplicateWindow().equals(wanted.getDuplicateWindow());
    }
}
