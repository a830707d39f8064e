package io.fanfare.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.message.Sender;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.selector.Selector;
import io.fanfare.testing.HeapMeter;
import io.fanfare.topic.backlog.DeliveryPolicy;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which subscribers with {@code delta:merge-patch} get a value as a patch, and which get it whole. */
class AudiencePatchesTest extends TopicFixture {

    private static final DeliveryPolicy DELTA_OR_LESS =
            new DeliveryPolicy(Overflow.DROP_OLDEST, Integer.MAX_VALUE, 0, null, true);
    private static final String FILL = "-".repeat(50);

    /** Values up to here have patches. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    /** So many messages that come together are remembered for those behind them. */
    private static final int MAX_RUN = 1_000;

    @BeforeEach
    void valuesWithPatches() {
        topics(TopicOptions.builder()
                .rules(List.of(TopicRule.of("/topic/a.#").retainByKey("k")))
                .mergePatch((before, after) -> (label(before) + ">" + label(after)).getBytes(UTF_8))
                .build());
    }

    /** A body begins with its name. */
    private static String label(byte[] body) {
        String text = new String(body, UTF_8);
        return text.substring(0, text.indexOf('|'));
    }

    private static Message value(String key, int number) {
        return message(key + number + "|" + FILL, "k", key);
    }

    private static Message value(String key, int number, int length) {
        String label = key + number + "|";
        return message(label + "-".repeat(length - label.length()), "k", key);
    }

    private TestSubscription subscribed(DeliveryPolicy policy) {
        TestSubscription subscription =
                new TestSubscription(peer(), "0", TOPIC).with(policy).withoutValuesBefore();
        subscribe(subscription, ReplayRequest.of(Headers.of("retained", "false")));
        return subscription;
    }

    private void publishNow(Message... messages) {
        publish(TOPIC, messages);
        settle();
    }

    /** What has come: {@code x2} is the whole of it, {@code x1>x2} the patch. */
    private static List<String> got(TestSubscription subscription) {
        return subscription.peer().take().stream()
                .map(each -> each.text().contains("|")
                        ? each.text().substring(0, each.text().indexOf('|'))
                        : each.text())
                .toList();
    }

    @Test
    void eachValueComesAsAPatchToTheOneOfItsKeyBefore() {
        TestSubscription bob = subscribed(DELTA);
        TestSubscription carol = subscribed(DELTA);
        publishNow(value("x", 1));
        publishNow(value("y", 1));
        publishNow(value("x", 2));
        publishNow(value("y", 2));
        assertThat(got(bob)).containsExactly("x1", "y1", "x1>x2", "y1>y2");
        assertThat(got(carol)).containsExactly("x1", "y1", "x1>x2", "y1>y2");
        assertThat(delivered()).isEqualTo(8);
    }

    @Test
    void valuesOfARunArePatchesToEachOther() {
        TestSubscription bob = subscribed(DELTA);
        publishNow(value("x", 1), value("x", 2), value("y", 1), value("x", 3));
        assertThat(got(bob)).containsExactly("x1", "x1>x2", "y1", "x2>x3");
    }

    @Test
    void runsThatHaveGoneTakeNoRoomOfThoseToCome() {
        TestSubscription bob = subscribed(DELTA);
        for (int i = 0; i < MAX_RUN; i++) {
            publishNow(value("k" + i + ".", 1));
        }
        got(bob);
        publishNow(value("x", 1), value("x", 2), value("x", 3));
        assertThat(got(bob)).containsExactly("x1", "x1>x2", "x2>x3");
    }

    @Test
    void ofALongRunTheFirstThousandAreRemembered() {
        TestSubscription bob = subscribed(DELTA);
        int behind = 5;
        publishNow(IntStream.rangeClosed(1, MAX_RUN + behind)
                .mapToObj(i -> value("x", i))
                .toArray(Message[]::new));
        List<String> got = got(bob);
        assertThat(got.subList(1, MAX_RUN + 1)).allMatch(each -> each.contains(">"));
        assertThat(got.subList(MAX_RUN + 1, MAX_RUN + behind - 1)).noneMatch(each -> each.contains(">"));
        assertThat(got.get(MAX_RUN + behind - 1))
                .as("its value before is still known")
                .contains(">");
    }

    @Test
    void oneThatJoinsInTheMiddleOfARunGetsItsFirstValueWhole() {
        TestSubscription early = subscribed(DELTA);
        publish(TOPIC, value("x", 1));
        TestSubscription late = subscribed(DELTA);
        publishNow(value("x", 2), value("x", 3));
        assertThat(got(early)).containsExactly("x1", "x1>x2", "x2>x3");
        assertThat(got(late)).containsExactly("x2", "x2>x3");
        assertThat(delivered()).isEqualTo(5);
        publishNow(value("x", 4));
        assertThat(got(late)).containsExactly("x3>x4");
    }

    @Test
    void aValueOfAnotherKeyFromBeforeItJoinedIsNotTheOneBefore() {
        TestSubscription early = subscribed(DELTA);
        publishNow(value("y", 1));
        TestSubscription late = subscribed(DELTA);
        publishNow(value("x", 1));
        publishNow(value("y", 2));
        publishNow(value("x", 2));
        assertThat(got(early)).containsExactly("y1", "x1", "y1>y2", "x1>x2");
        assertThat(got(late)).containsExactly("x1", "y2", "x1>x2");
    }

    @Test
    void oneWithTheValuesBeforeGetsPatchesToThem() {
        TestSubscription early = subscribed(DELTA);
        publishNow(value("x", 1));
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", TOPIC).with(DELTA));
        settle();
        publishNow(value("x", 2));
        assertThat(got(bob)).containsExactly("x1", "x1>x2");
        assertThat(got(early)).containsExactly("x1", "x1>x2");
    }

    @Test
    void whatComesWhileItsValuesGoOutComesWholeAndWhatFollowsIsAPatchAgain() {
        TestSubscription early = subscribed(DELTA);
        publishNow(value("x", 1));
        publishNow(value("y", 1));
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", TOPIC).with(DELTA));
        loop.takeTurn();
        publishNow(value("x", 2));
        publishNow(value("x", 3));
        publishNow(value("y", 2));
        assertThat(got(early)).containsExactly("x1", "y1", "x1>x2", "x2>x3", "y1>y2");
        List<String> got = got(bob);
        assertThat(got.subList(0, 2)).containsExactly("x1", "y1");
        assertThat(got.get(got.size() - 1)).endsWith("y2");
    }

    @Test
    void aSlowOneGetsWhatWaitedAndTheNextWhole() {
        TestSubscription slow = subscribed(DELTA_OR_LESS);
        TestSubscription quick = subscribed(DELTA_OR_LESS);
        publishNow(value("x", 1));
        slow.peer().hasRoom(0);
        publishNow(value("x", 2));
        publishNow(value("x", 3));
        assertThat(delivered()).isEqualTo(5);
        slow.peer().hasRoom(Long.MAX_VALUE);
        settle();
        publishNow(value("x", 4));
        publishNow(value("x", 5));
        assertThat(got(quick)).containsExactly("x1", "x1>x2", "x2>x3", "x3>x4", "x4>x5");
        assertThat(got(slow)).containsExactly("x1", "x1>x2", "x3", "x4", "x4>x5");
        assertThat(delivered()).isEqualTo(10);
    }

    @Test
    void behindWhatARateLeftOutAValueComesWhole() {
        TestSubscription bob = subscribed(new DeliveryPolicy(Overflow.CONFLATE, Integer.MAX_VALUE, 1, "k", true));
        publishNow(value("x", 1));
        publishNow(value("x", 2));
        publishNow(value("x", 3));
        pass(Duration.ofSeconds(3));
        publishNow(value("x", 4));
        pass(Duration.ofSeconds(3));
        publishNow(value("x", 5));
        pass(Duration.ofSeconds(3));
        assertThat(got(bob)).containsExactly("x1", "x3", "x3>x4", "x4>x5");
    }

    @Test
    void behindWhatARateLeftOutValuesOfOtherKeysComeWholeToo() {
        TestSubscription bob = subscribed(new DeliveryPolicy(Overflow.CONFLATE, Integer.MAX_VALUE, 1, "k", true));
        publishNow(value("x", 1));
        publishNow(value("x", 2));
        publishNow(value("y", 1));
        publishNow(value("x", 3));
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(2));
        }
        publishNow(value("y", 2));
        pass(Duration.ofSeconds(2));
        publishNow(value("x", 4));
        pass(Duration.ofSeconds(2));
        assertThat(got(bob)).containsExactly("x1", "y1", "x3", "y2", "x3>x4");
    }

    @Test
    void behindAMessageThatIsNoValueTheNextComesWhole() {
        TestSubscription bob = subscribed(DELTA);
        publishNow(value("x", 1));
        publishNow(message("n1|" + FILL, new SendProperties(4, SendProperties.AT_ONCE, 0, null), "k", "x"));
        publishNow(value("x", 2));
        publishNow(value("x", 3));
        assertThat(got(bob)).containsExactly("x1", "n1", "x2", "x2>x3");
    }

    @Test
    void behindAValueThatItsFilterLeftOutTheNextComesWhole() {
        TestSubscription bob = subscribe(new TestSubscription(peer(), "0", TOPIC)
                .with(DELTA)
                .with(MessageFilter.of(Selector.parse("n IS NULL"), null))
                .withoutValuesBefore());
        publishNow(value("x", 1));
        publishNow(message("x2|" + FILL, "k", "x", "n", "no"));
        publishNow(value("x", 3));
        publishNow(value("x", 4));
        assertThat(got(bob)).containsExactly("x1", "x3", "x3>x4");
    }

    @Test
    void largeValuesComeWhole() {
        TestSubscription bob = subscribed(DELTA);
        publishNow(value("x", 1, MAX_BODY_BYTES));
        publishNow(value("x", 2, MAX_BODY_BYTES));
        publishNow(value("x", 3, MAX_BODY_BYTES + 1));
        publishNow(value("x", 4, MAX_BODY_BYTES));
        publishNow(value("x", 5, 100));
        assertThat(got(bob)).containsExactly("x1", "x1>x2", "x3", "x4", "x4>x5");
    }

    @Test
    void aPatchIsSmallerThanItsValue() {
        TestSubscription bob = subscribed(DELTA);
        publishNow(value("x", 1, "x1>x2".length() + 1));
        publishNow(value("x", 2, "x1>x2".length() + 1));
        publishNow(value("x", 3, "x1>x2".length()));
        assertThat(got(bob)).containsExactly("x1", "x1>x2", "x3");
    }

    @Test
    void thePublisherOfPatchesWaitsForAFullSocket() {
        TestSubscription full = subscribe(new TestSubscription(peer(20_000), "0", TOPIC).with(DELTA));
        full.peer().hasRoom(0);
        Sender other = new Sender(new DestinationQuota(10));
        for (int i = 0; i < 15; i++) {
            publishNow(value("k" + i + ".", 1, 1_000).from(other));
        }
        Sender sender = new Sender(new DestinationQuota(10));
        publishNow(value("x", 1).from(sender));
        assertThat(sender.mustWait()).isTrue();
        full.peer().hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(sender.mustWait()).isFalse();
    }

    @Test
    void nothingIsKeptOfOneThatHasLeft() {
        TestSubscription stays = subscribed(DELTA);
        publishNow(value("x", 1));
        List<WeakReference<Object>> left = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            left.add(joinsAndLeaves());
        }
        settle();
        assertThat(left).allMatch(HeapMeter::isFreed);
        publishNow(value("x", 2));
        assertThat(got(stays)).containsExactly("x1", "x1>x2");
    }

    private WeakReference<Object> joinsAndLeaves() {
        TestSubscription bob = subscribed(DELTA);
        settle();
        unsubscribe(bob);
        return new WeakReference<>(bob);
    }
}
