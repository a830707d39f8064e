package io.fanfare.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.Refusal;
import io.fanfare.status.ConnectionEvent;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The last ends and refusals are kept, and no more than those. */
class RecentEventsTest {

    private final RecentEvents events = new RecentEvents(InstantSource.system());

    private List<Long> numbers(String reason) {
        return events.all().stream()
                .filter(event -> event.reason().equals(reason))
                .map(ConnectionEvent::number)
                .toList();
    }

    private void lose(int times) {
        for (int i = 0; i < times; i++) {
            events.closed(Disconnect.LOST, "192.0.2.1:7", "", "", "");
        }
    }

    @Test
    void theOldestGoesWhenThereAreMoreThanMayBe() {
        lose(RecentEvents.MOST);
        assertThat(numbers("lost")).hasSize(RecentEvents.MOST).startsWith(1L);
        lose(1);
        assertThat(numbers("lost")).hasSize(RecentEvents.MOST).startsWith(2L).endsWith(RecentEvents.MOST + 1L);
    }

    @Test
    void manyOfOneKindPushOutNoneOfTheOthers() {
        events.closed(Disconnect.CLIENT, "192.0.2.1:7", "c1", "alice", "");
        events.refused(Refusal.TLS, "192.0.2.1:8", "no certificate");
        lose(2 * RecentEvents.MOST);
        assertThat(numbers("client")).containsExactly(1L);
        assertThat(numbers("tls")).containsExactly(2L);
    }

    @Test
    void longTextsOfClientsAreCut() {
        String longest = "x".repeat(RecentEvents.MAX_CHARACTERS);
        events.closed(Disconnect.POLICY, "192.0.2.1:7", "c1", longest, longest + "x");
        ConnectionEvent event = events.all().get(0);
        assertThat(event.user()).isEqualTo(longest);
        assertThat(event.detail()).hasSize(RecentEvents.MAX_CHARACTERS).endsWith("x…");
    }
}
