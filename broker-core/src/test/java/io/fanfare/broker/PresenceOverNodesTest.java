package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.options.TopicRule;
import io.fanfare.presence.Presence;
import io.fanfare.status.PresenceStatus;
import io.fanfare.testing.HandBackplane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The presence of sessions that are at other nodes, and what these are told of the sessions here. */
class PresenceOverNodesTest extends BrokerTest {

    private final HandBackplane backplane = new HandBackplane("n1", new ArrayList<>());
    private Client watcher;

    @BeforeEach
    void start() {
        brokerWith(BrokerOptions.builder()
                .topics(topics ->
                        topics.rules(List.of(TopicRule.of("/topic/room.#").withPresence())))
                .backplane(backplane)
                .build());
        watcher = connect();
        watcher.sends("SUBSCRIBE\nid:w\ndestination:/presence/topic/room.a\n\n^@");
        watcher.takeAll();
    }

    @AfterEach
    void othersGo() {
        List.of("n2", "n3").forEach(node -> backplane.local().present(node, List.of()));
        told();
    }

    private static PresenceChange join(String session) {
        return new PresenceChange("room.a", new PresenceStatus("user-" + session, session, 1), null);
    }

    private static PresenceChange leave(String session, String reason) {
        return new PresenceChange("room.a", new PresenceStatus("user-" + session, session, 1), reason);
    }

    private List<String> told() {
        settle();
        pass(Presence.GATHERING.multipliedBy(2));
        settle();
        return watcher.takeAll().stream()
                .map(each ->
                        each.header("presence") + " " + each.text().replaceAll(".*\"session\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void changesOfAnotherNodeAreToldOnce() {
        backplane.local().present("n2", join("n2-1"));
        backplane.local().present("n2", join("n2-1"));
        backplane.local().present("n2", join("n2-2"));
        assertThat(told()).containsExactly("join n2-1", "join n2-2");
        backplane.local().present("n2", leave("n2-1", "lost"));
        backplane.local().present("n2", leave("n2-1", "lost"));
        backplane.local().present("n2", leave("n2-3", "lost"));
        assertThat(told()).containsExactly("leave n2-1");
    }

    @Test
    void aSessionThatGoesAndComesBackAtOnceIsNotTold() {
        backplane.local().present("n2", join("n2-1"));
        told();
        backplane.local().present("n2", leave("n2-1", "unsubscribed"));
        backplane.local().present("n2", join("n2-1"));
        assertThat(told()).isEmpty();
    }

    /** A bug in one step of a session's end leaves none of the others undone. */
    @Test
    void aBackplaneThatFailsLeavesNoSubscriptionOfASessionThatEnds() {
        int topics = broker.topicCount();
        Client present = connect();
        for (String id : List.of("1", "2", "3")) {
            present.sends("SUBSCRIBE\nid:" + id + "\ndestination:/topic/room." + id + "\n\n^@");
        }
        present.sends("SUBSCRIBE\nid:q\ndestination:/temp-queue/q\n\n^@");
        backplane.failsAtPresence = true;
        assertThat(broker.queueCount()).isEqualTo(1);
        backplane.failsAtPresence = true;
        present.isLost();
        settle();
        backplane.failsAtPresence = false;
        assertThat(broker.topicCount()).isEqualTo(topics);
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aListOfAllMendsWhatWasLost() {
        backplane.local().present("n2", List.of(join("n2-1"), join("n2-2")));
        backplane.local().present("n3", List.of(join("n3-1")));
        told();
        backplane.local().present("n2", List.of(join("n2-2"), join("n2-3")));
        assertThat(told()).containsExactlyInAnyOrder("join n2-3", "leave n2-1");
    }

    @Test
    void aNodeThatHasGoneTakesItsSessionsWithItAndTheRoomIsForgotten() {
        long before = broker.memoryBytes();
        backplane.local().present("n2", List.of(join("n2-1"), join("n2-2")));
        told();
        assertThat(broker.memoryBytes()).isGreaterThan(before);
        backplane.local().present("n2", List.of());
        assertThat(told()).containsExactlyInAnyOrder("leave n2-1", "leave n2-2");
        assertThat(broker.memoryBytes()).isEqualTo(before);
        watcher.sends("UNSUBSCRIBE\nid:w\n\n^@");
        assertThat(broker.statistics(0).destinations().presenceTopics()).isZero();
    }

    @Test
    void otherNodesAreToldOfTheSessionsHereAndOfNoOthers() {
        Client alice = connect();
        backplane.local().present("n2", join("n2-1"));
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/room.a\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/other\n\n^@");
        assertThat(backplane.presence).hasSize(1).allMatch(PresenceChange::isJoin);
        assertThat(backplane.local().present()).isEqualTo(backplane.presence);
        told();
        assertThat(backplane.local().present()).isEqualTo(backplane.presence);
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(backplane.presence)
                .last()
                .extracting(PresenceChange::leaveReason)
                .isEqualTo("unsubscribed");
        assertThat(backplane.local().present()).isEmpty();
    }

    @Test
    void whereNoRuleHasItGatheredNothingIsKept() {
        backplane.local().present("n2", new PresenceChange("other", new PresenceStatus("u", "n2-1", 1), null));
        assertThat(broker.statistics(0).destinations().presenceTopics()).isEqualTo(1);
    }
}
