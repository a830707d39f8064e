package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.SendProperties;
import io.fanfare.message.Sender;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.retention.RetentionAccount;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages for whose values, or whose topics, there is no room. */
class KeptLimitsTest extends TopicFixture {

    private static final Destination OTHER = Destination.topic("a.c");
    private static final TopicRule VALUES = TopicRule.of("/topic/a.#").retainByKey("k");

    private static Message value(String key) {
        return message("v", "k", key);
    }

    private Message expiring(String key) {
        return message("v", new SendProperties(4, clock.uptimeMillis() + 10, 0, null), "k", key);
    }

    private int valuesOf(Destination topic) {
        return topics.get(topic).map(each -> each.status().retained()).orElse(-1);
    }

    @Test
    void aMessageThatIsRefusedLeavesNoTopicBehind() {
        topics(TopicOptions.builder().rules(List.of(VALUES)).maxRetainedKeys(1).build());
        publish(TOPIC, value("x"));
        assertThatThrownBy(() -> publish(OTHER, value("x"))).isInstanceOf(ProtocolException.class);
        assertThat(topics.count()).isEqualTo(1);
        assertThatThrownBy(() -> publish(TOPIC, value("x"), value("y"))).isInstanceOf(ProtocolException.class);
        assertThat(valuesOf(TOPIC)).isEqualTo(1);
        publish(TOPIC, value("x"));
    }

    @Test
    void roomIsClaimedForMessagesThatComeLaterAndGivenBack() {
        topics(TopicOptions.builder().rules(List.of(VALUES)).maxRetainedKeys(2).build());
        publish(TOPIC, value("x"));
        RetentionAccount.Claim claim = topics.retained().claim();
        topics.check(TOPIC, List.of(value("x"), value("y")), claim);
        assertThatThrownBy(() -> publish(TOPIC, value("z"))).isInstanceOf(ProtocolException.class);
        RetentionAccount.Claim other = topics.retained().claim();
        assertThatThrownBy(() -> topics.check(OTHER, List.of(value("x")), other))
                .isInstanceOf(ProtocolException.class);
        other.giveBack();
        claim.giveBack();
        publish(TOPIC, value("z"));
        assertThat(topics.retained().keys()).isEqualTo(2);
    }

    @Test
    void aTopicThatBeginsToKeepCountsAsItsSendersUntilItGoes() {
        topics(VALUES);
        DestinationQuota quota = new DestinationQuota(1);
        Sender alice = new Sender(quota);
        publish(TOPIC, expiring("x").from(alice));
        publish(TOPIC, expiring("y").from(alice));
        assertThatThrownBy(() -> publish(OTHER, value("x").from(alice))).isInstanceOf(ProtocolException.class);
        assertThat(topics.count()).isEqualTo(1);
        RetentionAccount.Claim claim = topics.retained().claim();
        assertThatThrownBy(() -> topics.check(OTHER, List.of(value("x").from(alice)), claim))
                .isInstanceOf(ProtocolException.class);
        claim.giveBack();
        for (int i = 0; i < TopicRetention.GRACE_SWEEPS + 5; i++) {
            pass(KeptTopics.SWEEP_INTERVAL.plusMillis(20));
        }
        assertThat(topics.count()).isZero();
        publish(OTHER, value("x").from(alice));
        assertThat(topics.count()).isEqualTo(1);
    }

    @Test
    void aMessageThatWasFoundToHaveRoomBeginsItsTopicHoweverManyItsSenderHas() {
        topics(VALUES);
        Sender alice = new Sender(new DestinationQuota(0));
        topics.publish(TOPIC, List.of(value("x").from(alice)), Topics.Checks.DONE);
        assertThat(valuesOf(TOPIC)).isEqualTo(1);
    }

    @Test
    void theBrokersRoomIsAskedForBeforeATopicBegins() {
        topics(VALUES);
        checkRoom = () -> {
            throw new ProtocolException("too many destinations");
        };
        assertThatThrownBy(() -> publish(TOPIC, value("x"))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> subscribed(TOPIC)).isInstanceOf(ProtocolException.class);
        RetentionAccount.Claim claim = topics.retained().claim();
        assertThatThrownBy(() -> topics.check(TOPIC, List.of(value("x")), claim))
                .isInstanceOf(ProtocolException.class);
        claim.giveBack();
        assertThat(topics.count()).isZero();
        topics.publish(TOPIC, List.of(value("x")), Topics.Checks.DONE);
        assertThat(topics.count()).isEqualTo(1);
        int before = roomChecks;
        publish(TOPIC, value("y"));
        subscribed(TOPIC);
        assertThat(roomChecks).as("it is there").isEqualTo(before);
        settle();
    }

    @Test
    void aRemovalMakesRoomThatTakesAwayAsMuchAsItBrings() {
        topics(VALUES);
        Message remove =
                message("", new SendProperties(4, SendProperties.NEVER, 0, null, Retain.REMOVE, null), "k", "x");
        assertThat(topics.makesRoom(TOPIC, remove)).as("no topic").isFalse();
        publish(TOPIC, message("y".repeat(100), "k", "y"));
        assertThat(topics.makesRoom(TOPIC, remove)).as("no value").isFalse();
        publish(TOPIC, message("x".repeat(100), "k", "x"));
        assertThat(topics.makesRoom(TOPIC, remove)).isTrue();
        assertThat(topics.makesRoom(TOPIC, value("x"))).isFalse();
    }

    @Test
    void aMessageToAUsersTopicThatIsRefusedLeavesNoTopicBehind() {
        Destination mine = new Destination(Destination.Kind.TOPIC, new Destination.User("bob"), "topic/a");
        SendProperties set = new SendProperties(4, SendProperties.NEVER, 0, null, Retain.SET, null);
        topics(TopicOptions.builder().maxRetainedKeys(0).build());
        assertThatThrownBy(() -> publish(mine, message("v", set))).isInstanceOf(ProtocolException.class);
        assertThat(topics.count()).isZero();
        topics(TopicOptions.DEFAULT);
        Sender alice = new Sender(new DestinationQuota(0));
        assertThatThrownBy(() -> publish(mine, message("v", set).from(alice))).isInstanceOf(ProtocolException.class);
        assertThat(topics.count()).isZero();
    }

    @Test
    void theRoomOfATopicThatIsToComeIsClaimed() {
        topics(VALUES);
        RetentionAccount.Claim claim = topics.retained().claim();
        topics.check(TOPIC, List.of(value("x"), value("y")), claim);
        assertThat(topics.retained().claimedTopics()).isEqualTo(1);
        claim.giveBack();
        assertThat(topics.retained().claimedTopics()).isZero();
    }
}
