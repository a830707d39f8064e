package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Presences.Guest;
import io.fanfare.loop.Framing;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The snapshot of a large room: a part in each turn, and what changes meanwhile behind it. */
class PresenceSnapshotTest extends BrokerTest {

    private static final int GUESTS = 1_500;

    /** Far less than a snapshot takes. */
    private static final int OUTBOX_BYTES = 160 << 10;

    private final Presences rooms = new Presences(this);
    private final List<Guest> guests = new ArrayList<>();

    @BeforeEach
    void aLargeRoom() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/room.#").withPresence())))
                .outbox(o -> o.maxOutboxBytes(OUTBOX_BYTES))
                .build());
        for (int i = 0; i < GUESTS; i++) {
            Guest guest = rooms.connect("");
            guest.client().feeds("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
            guests.add(guest);
        }
        settle();
        rooms.gather();
    }

    private static List<String> presences(List<Received> all) {
        return all.stream().map(each -> each.header("presence")).toList();
    }

    @Test
    @DisplayName("it takes several turns; a session that leaves meanwhile is here first and leaves afterwards")
    void changesFollowTheSnapshot() {
        Client watcher = connect();
        watcher.feeds(Presences.watching(""));
        loop.takeTurn();
        int first = watcher.takeAll().size();
        assertThat(first).as("sessions told in one turn").isBetween(1, GUESTS - 1);
        guests.get(GUESTS - 1).sends("UNSUBSCRIBE\nid:in\n\n^@");
        rooms.gather();
        List<Received> rest = watcher.takeAll();
        assertThat(rest).hasSize(GUESTS - first + 1);
        assertThat(presences(rest.subList(0, GUESTS - first))).containsOnly("here");
        assertThat(rest.get(GUESTS - first - 1).header("snapshot")).isEqualTo("end");
        assertThat(rest.get(GUESTS - first).header("presence")).isEqualTo("leave");
    }

    @Test
    @DisplayName(
            "a subscriber that does not read gets the snapshot when it does, in parts that fit into its outbox; no other"
                    + " one waits for it, and what has changed follows")
    void aSubscriberThatDoesNotRead() {
        Guest last = guests.get(GUESTS - 1);
        last.client().feeds("UNSUBSCRIBE\nid:in\n\n^@");
        settle();
        Client watcher = connect();
        watcher.stopsReading();
        Client other = connect();
        watcher.feeds(Presences.watching(""));
        other.feeds(Presences.watching(""));
        settle();
        assertThat(other.takeAll()).hasSize(GUESTS);
        rooms.gather();
        assertThat(broker.bytesUnderWay()).isLessThan(2 * OUTBOX_BYTES);
        watcher.reads();
        assertThat(other.takeAll()).hasSize(1);
        List<Received> all = watcher.takeAll();
        assertThat(all).hasSize(GUESTS + 1);
        assertThat(presences(all.subList(0, GUESTS))).containsOnly("here");
        assertThat(all.get(GUESTS - 1).header("snapshot")).isEqualTo("end");
        assertThat(all.get(GUESTS).text()).contains(last.session());
        assertThat(all.get(GUESTS).header("presence")).isEqualTo("leave");
    }

    @Test
    @DisplayName("subscribers of all versions and framings on both loops get it whole, each session once")
    void eachGetsAll() {
        List<Client> watchers = new ArrayList<>();
        for (String version : List.of("1.1", "1.2")) {
            for (Framing framing : List.of(Framing.TCP, Framing.WEBSOCKET_TEXT)) {
                watchers.add(connect(version, framing, loop));
                watchers.add(connect(version, framing, otherLoop));
                watchers.add(connect(version, framing, otherLoop));
            }
        }
        watchers.forEach(each -> each.feeds(Presences.watching("")));
        settle();
        for (Client each : watchers) {
            List<Received> all = each.takeAll();
            assertThat(all.stream().map(Received::text).distinct()).hasSize(GUESTS);
            assertThat(all).hasSize(GUESTS);
            assertThat(all.get(GUESTS - 1).header("snapshot")).isEqualTo("end");
        }
    }

    @Test
    @DisplayName("subscribers that come in one turn share the bytes of one snapshot")
    void bytesAreShared() {
        List<Client> watchers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Client watcher = connect();
            watcher.stopsReading();
            watchers.add(watcher);
        }
        watchers.get(0).sends(Presences.watching(""));
        long one = broker.bytesUnderWay();
        watchers.subList(1, 20).forEach(each -> each.feeds(Presences.watching("")));
        settle();
        assertThat(one).isPositive();
        assertThat(broker.bytesUnderWay()).isLessThan(3 * one);
        watchers.forEach(Client::reads);
        for (Client each : watchers) {
            assertThat(each.takeAll()).hasSize(GUESTS);
        }
    }

    @Test
    @DisplayName("many changes are told over several turns, each once")
    void manyChanges() {
        Client watcher = rooms.watch("");
        watcher.takeAll();
        guests.forEach(each -> each.client().feeds("UNSUBSCRIBE\nid:in\n\n^@"));
        settle();
        rooms.gather();
        List<Received> all = watcher.takeAll();
        assertThat(all.stream().map(Received::text).distinct()).hasSize(GUESTS);
        assertThat(presences(all)).hasSize(GUESTS).containsOnly("leave");
    }

    @Test
    @DisplayName("memory counts each session that is present")
    void memoryCountsThem() {
        long before = broker.memoryBytes();
        guests.subList(0, 100).forEach(each -> each.sends("UNSUBSCRIBE\nid:in\n\n^@"));
        assertThat(before - broker.memoryBytes()).isGreaterThan(100 * 100);
    }
}
