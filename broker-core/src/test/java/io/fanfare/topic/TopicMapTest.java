package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.options.TopicRule;
import org.junit.jupiter.api.Test;

/** The topics of a broker by their names, and where one begins whose name there was before. */
class TopicMapTest extends TopicFixture {

    private static final Destination OTHER = Destination.topic("a.c");
    private static final TopicRule RULE = TopicRule.of("/topic/a.b").history(10);

    private TopicMap map() {
        return topics.byDestination();
    }

    private void forget(Topic topic) {
        map().forget(topic);
    }

    @Test
    void aTopicIsThereUntilItIsForgotten() {
        assertThat(map().find(TOPIC)).isNull();
        assertThat(map().count()).isZero();
        Topic topic = map().getOrCreate(TOPIC);
        assertThat(map().getOrCreate(TOPIC)).isSameAs(topic);
        assertThat(map().find(TOPIC)).isSameAs(topic);
        assertThat(map().all()).containsExactly(topic);
        assertThat(map().count()).isEqualTo(1);
        forget(topic);
        assertThat(map().find(TOPIC)).isNull();
        assertThat(map().all()).isEmpty();
        assertThat(map().count()).isZero();
    }

    @Test
    void patternsLookThroughSharedTopicsThatBeginAlikeInTheOrderOfTheirNames() {
        Destination mine = new Destination(Destination.Kind.TOPIC, new Destination.User("alice"), "a.d");
        for (Destination each : new Destination[] {OTHER, Destination.topic("b"), TOPIC, mine}) {
            map().getOrCreate(each);
        }
        assertThat(map().beginningWith("a.")).containsExactly(TOPIC, OTHER);
        assertThat(map().beginningWith("a.c")).containsExactly(OTHER);
        assertThat(map().beginningWith("")).containsExactly(TOPIC, OTHER, Destination.topic("b"));
        assertThat(map().beginningWith("c")).isEmpty();
        forget(map().getOrCreate(OTHER));
        assertThat(map().beginningWith("a.")).containsExactly(TOPIC);
    }

    @Test
    void aTopicThatHasBeenReplacedIsForgottenAlready() {
        Topic first = map().getOrCreate(TOPIC);
        forget(first);
        Topic second = map().getOrCreate(TOPIC);
        forget(first);
        assertThat(map().find(TOPIC)).isSameAs(second);
        assertThat(map().beginningWith("a.")).containsExactly(TOPIC);
    }

    @Test
    void placesNeverGoBackFromOneTopicToTheNextOfItsName() {
        publishTo(TOPIC, 5);
        forget(topics.find(TOPIC));
        publishTo(OTHER, 2);
        forget(topics.find(OTHER));
        assertThat(map().getOrCreate(OTHER).sequence()).isGreaterThanOrEqualTo(2);
        assertThat(map().getOrCreate(TOPIC).sequence()).isGreaterThanOrEqualTo(5);
    }

    private void publishTo(Destination topic, int count) {
        Topic its = map().getOrCreate(topic);
        subscribed(topic);
        for (int i = 0; i < count; i++) {
            publish(topic, message("" + i));
        }
        assertThat(its.sequence()).isGreaterThanOrEqualTo(count);
    }

    @Test
    void aTopicWhoseMessagesGetTheirPlacesElsewhereBeginsAtTheLastOfThem() {
        topics(RULE);
        topics.order(RULE, "life", 3);
        topics.publishAt(TOPIC, 7, message("7"));
        assertThat(topics.find(TOPIC).sequence()).isEqualTo(7);
        Topic first = topics.find(TOPIC);
        forget(first);
        Topic second = map().getOrCreate(TOPIC);
        assertThat(second.sequence()).isEqualTo(7);
        assertThat(topics.orderOf(TOPIC).lostUpTo())
                .as("what the first one had can't be given")
                .isEqualTo(7);
    }
}
