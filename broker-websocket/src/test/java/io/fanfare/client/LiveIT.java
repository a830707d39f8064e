package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.client.Live.Gap;
import io.fanfare.client.Live.Reason;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The present of a topic in a map, against a real broker. */
@Timeout(300)
class LiveIT extends LiveScene {

    @Test
    void theMapHasTheLastValuesAndFollowsTheChanges() {
        publish("ACME", "41");
        publish("EMCA", "12");
        Live live = follow();
        assertThat(state(live)).isEqualTo(Map.of("ACME", "41", "EMCA", "12"));
        assertThat(changes).containsExactly("ACME=41 (snapshot)", "EMCA=12 (snapshot)");

        publish("ACME", "42");
        publish("NEW", "1");
        remove("EMCA");
        becomes(live, Map.of("ACME", "42", "NEW", "1"));
        assertThat(changes).endsWith("ACME=42", "NEW=1", "EMCA=gone");
        assertThat(gaps).isEmpty();
        assertThatThrownBy(() -> live.state().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aTopicWithoutValuesIsTheEmptyMap() {
        assertThat(state(follow())).isEmpty();
        assertThat(gaps).isEmpty();
    }

    @Test
    void whatWasMissedComesOnTheNextConnectionAndNothingTwice() {
        publish("ACME", "41");
        Live live = follow();
        publish("ACME", "42");
        becomes(live, Map.of("ACME", "42"));
        away(live, () -> {
            publish("ACME", "43");
            publish("EMCA", "12");
        });
        assertThat(state(live)).isEqualTo(Map.of("ACME", "43", "EMCA", "12"));
        assertThat(changes).containsExactly("ACME=41 (snapshot)", "ACME=42", "ACME=43", "EMCA=12");

        // and once more, when nothing was missed
        away(live, () -> {});
        publish("EMCA", "13");
        becomes(live, Map.of("ACME", "43", "EMCA", "13"));
        assertThat(changes).hasSize(5);
        assertThat(gaps).isEmpty();
    }

    @Test
    void aFollowerThatHasSeenNothingResumesToo() {
        Live live = follow();
        away(live, () -> publish("ACME", "41"));
        assertThat(changes).containsExactly("ACME=41");
        assertThat(gaps).isEmpty();
    }

    @Test
    void asMuchAsTheHistoryHasIsRecoveredAndOneMoreIsAGap() {
        Live live = follow();
        publish("GONE", "1");
        becomes(live, Map.of("GONE", "1"));
        away(live, () -> {
            remove("GONE");
            for (int i = 1; i < HISTORY; i++) {
                publish("ACME", "a" + i);
            }
        });
        assertThat(gaps).isEmpty();
        assertThat(state(live)).isEqualTo(Map.of("ACME", "a9"));

        away(live, () -> {
            remove("ACME");
            for (int i = 0; i < HISTORY; i++) {
                publish("EMCA", "e" + i);
            }
        });
        assertThat(gaps).containsExactly(new Gap(Reason.NOT_RECOVERED, 0));
        assertThat(state(live)).isEqualTo(Map.of("EMCA", "e9"));
        assertThat(changes).endsWith("EMCA=e9 (snapshot)", "ACME=gone (snapshot)");
    }

    @Test
    void aNewBrokerIsAGap() {
        publish("ACME", "41");
        Live live = follow();
        away(live, () -> {
            server.close();
            start();
            client.close();
            publish("EMCA", "12");
        });
        assertThat(gaps).containsExactly(new Gap(Reason.NOT_RECOVERED, 0));
        assertThat(state(live)).isEqualTo(Map.of("EMCA", "12"));
    }

    @Test
    void wildcardsTakeTheSnapshotAnewAndSaySo() {
        publish("/topic/kept.a", Headers.of("symbol", "A"), "1");
        publish("/topic/kept.b", Headers.of("symbol", "B"), "1");
        Live live = follow("/topic/kept.*", options().build());
        assertThat(state(live)).isEqualTo(Map.of("A", "1", "B", "1"));
        assertThat(gaps).isEmpty();
        away(live, () -> {
            publish("/topic/kept.a", Headers.of("symbol", "A"), "2");
            publish("/topic/kept.b", Headers.of("symbol", "B", "retain", "remove"), "");
        });
        assertThat(gaps).containsExactly(new Gap(Reason.SNAPSHOT, 0));
        assertThat(state(live)).isEqualTo(Map.of("A", "2"));
    }

    @Test
    void aHistoryIsReadFromItsBeginningOrFromACursor() {
        for (int i = 0; i < 5; i++) {
            publish("/topic/log", Headers.EMPTY, "line " + i);
        }
        Live first = follow("/topic/log", options().from("first").build());
        assertThat(messages)
                .extracting(Frame::bodyAsString)
                .containsExactly("line 0", "line 1", "line 2", "line 3", "line 4");
        String cursor = first.cursor().orElseThrow();
        first.close();
        publish("/topic/log", Headers.EMPTY, "line 5");
        messages.clear();
        follow("/topic/log", options().from(cursor).build());
        assertThat(messages).extracting(Frame::bodyAsString).containsExactly("line 5");
        assertThat(gaps).isEmpty();
    }

    @Test
    void anotherClientTakesOverFromOneThatIsOpen() {
        Live live = follow();
        publish("ACME", "1");
        becomes(live, Map.of("ACME", "1"));
        try (StompClient other = connect()) {
            live.attach(other);
            ready(live);
            client.close();
            publish("ACME", "2");
            becomes(live, Map.of("ACME", "2"));
            assertThat(changes).containsExactly("ACME=1", "ACME=2");
        }
    }

    @Test
    void aRefusedSubscriptionFailsWhatWaitsForThePresent() {
        Live live = client.live("nowhere", options().build());
        assertThatThrownBy(() -> live.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(StompException.class)
                .hasMessageContaining("nowhere");
        assertThat(live.isCurrent()).isFalse();
    }

    @Test
    void aClosedOneHearsNothingMore() throws TimeoutException {
        Live live = follow();
        live.close();
        publish("ACME", "1");
        // behind the UNSUBSCRIBE on the same connection
        client.send(PRICES, Headers.of("symbol", "ACME"), "2".getBytes(UTF_8)).join();
        assertThat(live.state()).isEmpty();
        assertThat(live.isCurrent()).isFalse();
        assertThatThrownBy(() -> live.attach(client)).isInstanceOf(IllegalStateException.class);
        live.refresh();
        assertThatThrownBy(() -> client.live(PRICES, options().build())
                        .attach(connectClosed())
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StompException.class);
    }

    private StompClient connectClosed() {
        StompClient closed = connect();
        closed.close();
        return closed;
    }
}
