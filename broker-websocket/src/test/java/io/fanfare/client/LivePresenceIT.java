package io.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.Live.Member;
import io.fanfare.client.Live.PresenceChange;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those that are present at a topic, as a {@link Live} keeps them, against a real broker. */
@Timeout(300)
class LivePresenceIT extends LiveScene {

    private static final String ROOM = "/topic/room.a";

    private final List<PresenceChange> told = Collections.synchronizedList(new ArrayList<>());

    private Live watch(StompClient on, String room) {
        Live live = on.live(
                room,
                options().onPresence((change, members) -> told.add(change)).build());
        ready(live);
        return live;
    }

    private static String session(StompClient client) {
        return client.connected().required("session");
    }

    private static void present(Live live, StompClient... clients) {
        Set<String> sessions = Stream.of(clients).map(LivePresenceIT::session).collect(Collectors.toSet());
        Await.until("present: " + sessions, () -> live.members().keySet().equals(sessions));
    }

    @Test
    void thoseThatArePresentAreListedAndThenJoinAndLeave() {
        Live live = watch(client, ROOM);
        present(live, client);
        Member self = live.members().get(session(client));
        assertThat(self.user()).isEmpty();
        assertThat(self.since())
                .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(60));
        assertThat(told.get(0)).isEqualTo(new PresenceChange(PresenceChange.Type.HERE, null));

        StompClient other = connect();
        other.subscribe(ROOM, message -> {}).confirmed().join();
        present(live, client, other);
        PresenceChange join = told.get(told.size() - 1);
        assertThat(join.type()).isEqualTo(PresenceChange.Type.JOIN);
        assertThat(join.member()).isEqualTo(live.members().get(session(other)));

        other.close();
        present(live, client);
        PresenceChange leave = told.get(told.size() - 1);
        assertThat(leave.type()).isEqualTo(PresenceChange.Type.LEAVE);
        assertThat(leave.member())
                .isEqualTo(new Member(session(other), "", join.member().since(), "disconnected"));
    }

    @Test
    void onTheNextClientTheListIsNewAndThoseThatHaveGoneMeanwhileAreGone() {
        try (StompClient stays = connect()) {
            StompClient goes = connect();
            goes.subscribe(ROOM, message -> {}).confirmed().join();
            stays.subscribe(ROOM, message -> {}).confirmed().join();
            Live live = watch(client, ROOM);
            present(live, client, goes, stays);
            away(live, goes::close);
            present(live, client, stays);
            assertThat(told)
                    .filteredOn(change -> change.type() == PresenceChange.Type.HERE)
                    .hasSize(2);
            live.close();
            assertThat(live.members()).hasSize(2);
        }
    }

    @Test
    void theSnapshotThatIsTakenAnewLeavesThePresenceAsItIs() {
        Live live = watch(client, ROOM);
        present(live, client);
        live.refresh();
        ready(live);
        publish(ROOM, Headers.of("symbol", "ACME"), "1");
        becomes(live, Map.of("ACME", "1"));
        try (StompClient other = connect()) {
            other.subscribe(ROOM, message -> {}).confirmed().join();
            present(live, client, other);
        }
        assertThat(told)
                .filteredOn(change -> change.type() == PresenceChange.Type.HERE)
                .hasSize(1);
    }

    @Test
    void aTopicWithoutPresenceIsFollowedAllTheSameWithSoftErrors() {
        try (StompClient soft = StompClient.builder(server.webSocketUri())
                .header("soft-errors", "true")
                .connect()) {
            Live live = watch(soft, PRICES);
            publish("ACME", "41");
            becomes(live, Map.of("ACME", "41"));
            // behind the SUBSCRIBE that was refused
            soft.send("/topic/other", "x").join();
            assertThat(live.members()).isEmpty();
            assertThat(told).isEmpty();
            assertThat(soft.isOpen()).isTrue();
        }
    }
}
