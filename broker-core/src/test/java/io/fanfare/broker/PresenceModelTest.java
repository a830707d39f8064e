package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Presences.Guest;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random clients come and go: what a subscriber of presence makes of its messages is always who is there. */
class PresenceModelTest extends BrokerTest {

    private static final int STEPS = 300;
    private static final Pattern SESSION = Pattern.compile("\"session\":\"(\\w+)\"");
    private static final Pattern COUNT = Pattern.compile("\\{\"count\":(\\d+)}");

    /** A subscriber of the list, the sessions that it holds, and one of the number. */
    private final class Watcher {
        final Client client = rooms.watch("");
        final Client counting = rooms.watch("presence:count\n");
        final Set<String> sessions = new LinkedHashSet<>();
        int count = -1;
        boolean hasSnapshot;

        /** Applies what has come; no session joins twice, and none leaves that is not there. */
        void reads() {
            for (Received each : client.takeAll()) {
                if (!each.has("presence")) {
                    assertThat(each.header("snapshot")).as(transcript()).isEqualTo("end");
                    assertThat(sessions).as(transcript()).isEmpty();
                } else if (each.header("presence").equals("leave")) {
                    assertThat(hasSnapshot && sessions.remove(session(each)))
                            .as("%s leaves\n%s", each.text(), transcript())
                            .isTrue();
                } else {
                    assertThat(each.header("presence")).isEqualTo(hasSnapshot ? "join" : "here");
                    assertThat(sessions.add(session(each)))
                            .as("%s joins\n%s", each.text(), transcript())
                            .isTrue();
                }
                hasSnapshot |= each.has("snapshot");
            }
            for (Received each : counting.takeAll()) {
                Matcher number = COUNT.matcher(each.text());
                assertThat(number.matches()).isTrue();
                count = Integer.parseInt(number.group(1));
            }
        }

        private String session(Received message) {
            Matcher found = SESSION.matcher(message.text());
            assertThat(found.find()).isTrue();
            return found.group(1);
        }
    }

    private final Presences rooms = new Presences(this);
    private final List<Guest> guests = new ArrayList<>();

    /** Those that are in the room; anonymous, so that each session is told under its own id. */
    private final Set<String> present = new LinkedHashSet<>();

    private final List<Watcher> watchers = new ArrayList<>();

    static List<Long> seeds() {
        Random random = new Random();
        return List.of(1L, 2L, 3L, random.nextLong());
    }

    @ParameterizedTest(name = "seed {0}")
    @DisplayName("what a subscriber makes of here, join and leave is who is there, whenever it came")
    @MethodSource("seeds")
    void whatASubscriberHoldsIsWhoIsThere(long seed) {
        note("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            step(random);
            if (random.nextInt(3) == 0) {
                settle();
            }
            if (random.nextInt(25) == 0) {
                check();
            }
        }
        check();
    }

    private void step(Random random) {
        switch (random.nextInt(10)) {
            case 0, 1 -> guests.add(rooms.connect("", random.nextBoolean() ? loop : otherLoop));
            case 2, 3, 4 -> enters(random);
            case 5, 6 -> leaves(random, "UNSUBSCRIBE\nid:in\n\n^@");
            case 7 -> goes(random);
            case 8 -> pass(Duration.ofMillis(random.nextInt(150)));
            default -> watches(random);
        }
    }

    private void enters(Random random) {
        if (!guests.isEmpty()) {
            Guest guest = guests.get(random.nextInt(guests.size()));
            if (present.add(guest.session())) {
                guest.client().feeds("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
            }
        }
    }

    private void leaves(Random random, String frame) {
        if (!guests.isEmpty()) {
            Guest guest = guests.get(random.nextInt(guests.size()));
            if (present.remove(guest.session())) {
                guest.client().feeds(frame);
            }
        }
    }

    private void goes(Random random) {
        if (!guests.isEmpty()) {
            Guest guest = guests.remove(random.nextInt(guests.size()));
            present.remove(guest.session());
            if (random.nextBoolean()) {
                guest.client().isLost();
            } else {
                guest.sends("DISCONNECT\n\n^@");
            }
        }
    }

    private void watches(Random random) {
        if (watchers.size() < 8) {
            watchers.add(new Watcher());
        } else {
            Watcher gone = watchers.remove(random.nextInt(watchers.size()));
            gone.client.sends("UNSUBSCRIBE\nid:p\n\n^@");
            gone.counting.isLost();
        }
    }

    private void check() {
        rooms.gather();
        rooms.gather();
        for (Watcher each : watchers) {
            each.reads();
            assertThat(each.sessions).as(transcript()).containsExactlyInAnyOrderElementsOf(present);
            assertThat(each.count).as(transcript()).isEqualTo(present.size());
        }
    }
}
