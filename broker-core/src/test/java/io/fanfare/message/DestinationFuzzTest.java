package io.fanfare.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.DestinationLimits;
import io.fanfare.topic.PatternTrie;
import java.util.ArrayList;
import java.util.List;

/**
 * Any text is a destination or a {@link ProtocolException}; what is accepted can be shown to any client and read again, and
 * the two ways to hold a name against a pattern agree. The first line is what a client subscribes or sends to, the
 * second one a topic's name.
 */
class DestinationFuzzTest {

    private static final String SESSION = "s-1";

    private final DestinationParser parser = new DestinationParser(DestinationLimits.DEFAULT, SESSION, "alice");

    @FuzzTest(maxDuration = "10m")
    void isADestinationThatCanBeReadAgainOrNone(byte[] input) {
        String[] lines = new String(input, UTF_8).split("\n", 2);
        List<Destination> subscribed = read(lines[0], false);
        List<Destination> sent = read(lines[0], true);
        assertThat(sent).noneMatch(each -> each.kind() == Destination.Kind.PATTERN);
        subscribed.forEach(this::isItsOwnName);
        sent.stream().filter(each -> !isPrivate(each)).forEach(this::isItsOwnName);
        if (lines.length == 2) {
            List<Destination> names = read(lines[1], true);
            for (Destination each : subscribed) {
                names.forEach(name -> bothMatchersAgree(each, name));
            }
        }
    }

    private List<Destination> read(String text, boolean send) {
        try {
            List<Target> targets = send ? parser.forSend(text) : List.of();
            targets.forEach(target -> isVisible(String.valueOf(target.shown())));
            List<Destination> read =
                    send ? targets.stream().map(Target::destination).toList() : parser.forSubscribe(text);
            assertThat(read).isNotEmpty().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(64);
            read.forEach(DestinationFuzzTest::holdsNothingInvisible);
            return read;
        } catch (ProtocolException e) {
            assertThat(e.summary()).isEqualTo("invalid destination");
            assertThat(e.detail()).hasSizeLessThan(600);
            assertThat(e.detail().chars()).noneMatch(Character::isISOControl);
            return List.of();
        }
    }

    private static void holdsNothingInvisible(Destination destination) {
        isVisible(destination.name());
    }

    private static void isVisible(String all) {
        assertThat(all.chars()).noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }

    private static boolean isPrivate(Destination destination) {
        return !destination.isShared();
    }

    private void isItsOwnName(Destination destination) {
        String spelled = spelled(destination);
        assertThat(spelled.getBytes(UTF_8).length)
                .isLessThanOrEqualTo(DestinationLimits.DEFAULT.maxDestinationBytes() + 4);
        List<Destination> again = parser.forSubscribe(spelled);
        assertThat(again).hasSize(1);
        assertThat(again.get(0)).isEqualTo(destination);
    }

    private static String spelled(Destination destination) {
        return DestinationText.of(destination);
    }

    private static void bothMatchersAgree(Destination pattern, Destination topic) {
        if (pattern.kind() != Destination.Kind.PATTERN || topic.kind() != Destination.Kind.TOPIC || isPrivate(topic)) {
            return;
        }
        List<String> wanted = TopicName.splitPattern(pattern.name());
        List<String> name = TopicName.split(topic.name());
        PatternTrie<String> trie = new PatternTrie<>();
        trie.add(wanted, "it", 1);
        List<String> found = new ArrayList<>();
        trie.match(name, entry -> found.add(entry.value()));

        assertThat(found).as("%s and %s", pattern, topic).hasSize(TopicName.matches(wanted, name) ? 1 : 0);
        assertThat(TopicName.matches(wanted, name) && !topic.name().startsWith(TopicName.literalPrefix(wanted)))
                .isFalse();
        trie.remove(wanted, "it");
        assertThat(trie.isEmpty()).isTrue();
    }
}
