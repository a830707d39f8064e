package io.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.Live.Gap;
import io.fanfare.client.Live.Reason;
import io.fanfare.frame.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a {@link Live} waits for what is late, and where it resumes then. */
class LiveTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of the first client: it stays with the Live, as all clients share one. */
    private FakeTimer timer = new FakeTimer();

    private final List<Gap> gaps = new ArrayList<>();

    private final LiveOptions options = LiveOptions.builder()
            .key("symbol")
            .onGap((gap, live) -> gaps.add(gap))
            .patience(PATIENCE)
            .build();

    /** A connection's broker, which has got a SUBSCRIBE. */
    private static final class Subscribed {

        private final FakeBroker broker;
        private final String subscribe;

        Subscribed(FakeBroker broker) {
            this.broker = broker;
            this.subscribe = broker.last();
        }

        String header(String name) {
            return subscribe
                    .lines()
                    .filter(line -> line.startsWith(name + ":"))
                    .findFirst()
                    .map(line -> line.substring(name.length() + 1))
                    .orElse("");
        }

        Subscribed confirms(String headers) {
            broker.sends("RECEIPT\nreceipt-id:" + header("receipt") + "\n" + headers + "\n\n^@");
            return this;
        }

        void sends(String headers, String body) {
            broker.sends("MESSAGE\nsubscription:" + header("id") + "\nmessage-id:1\ndestination:"
                    + header("destination") + "\n" + headers + "\n\n" + body + "^@");
        }
    }

    private Live follow(FakeBroker broker, String destination) {
        timer = broker.timer;
        return broker.client().live(destination, options);
    }

    private static Subscribed attach(Live live) {
        FakeBroker broker = new FakeBroker();
        live.attach(broker.client());
        return new Subscribed(broker);
    }

    private Live followed() {
        FakeBroker broker = new FakeBroker();
        Live live = follow(broker, "/topic/prices");
        new Subscribed(broker)
                .confirms("retained:1\nseq:5\nepoch:E")
                .sends("symbol:ACME\nseq:5\nepoch:E\nretained:true\nsnapshot:end", "1");
        assertThat(live.isCurrent()).isTrue();
        return live;
    }

    @Test
    void aReplayThatIsLateAndBreaksOffIsAskedForAgain() {
        Live live = followed();
        Subscribed second = attach(live);
        assertThat(second.header("from")).isEqualTo("E/5");
        second.confirms("recovered:true\nreplayed:3\nretained:0\nseq:8\nepoch:E");
        assertThat(live.isCurrent()).isFalse();
        timer.pass(PATIENCE);
        assertThat(live.isCurrent()).isTrue();
        assertThat(attach(live).header("from")).isEqualTo("E/5");
        assertThat(gaps).isEmpty();
    }

    @Test
    void aReplayThatIsLateAndBreaksOffBehindAPartGoesOnBehindThatPart() {
        Live live = followed();
        Subscribed second = attach(live);
        second.confirms("recovered:true\nreplayed:3\nretained:0\nseq:8\nepoch:E")
                .sends("symbol:ACME\nseq:6\nepoch:E", "2");
        timer.pass(PATIENCE);
        assertThat(attach(live).header("from")).isEqualTo("E/6");
    }

    @Test
    void aPatchIsToTheValueOfTheKeyThatTheBrokerKeepsItBy() {
        FakeBroker broker = new FakeBroker();
        LiveOptions patched = LiveOptions.builder()
                .key("symbol")
                .onGap((gap, live) -> gaps.add(gap))
                .mergePatch(LiveScene.APPLY)
                .build();
        Live live = broker.client().live("/topic/prices", patched);
        Subscribed subscribed = new Subscribed(broker).confirms("retained:1\nseq:1\nepoch:E");
        subscribed.sends("symbol:ACME\nseq:1\nepoch:E\nretained:true\nsnapshot:end", "acme|1");
        subscribed.sends("symbol:ACME\nretain-key:other\nseq:2\nepoch:E", "other|2");
        subscribed.sends("symbol:ACME\nseq:3\nepoch:E\ndelta:merge-patch", "3");
        assertThat(LiveScene.state(live)).containsEntry("ACME", "acme|3");
        subscribed.sends("symbol:ACME\nretain-key:other\nseq:4\nepoch:E\ndelta:merge-patch", "4");
        assertThat(LiveScene.state(live)).containsEntry("ACME", "other|4");
        assertThat(gaps).isEmpty();
    }

    @Test
    void aSnapshotMayEndWithAnEmptyValue() {
        FakeBroker broker = new FakeBroker();
        Live live = follow(broker, "/topic/flags");
        Subscribed subscribed = new Subscribed(broker).confirms("retained:2\nseq:2\nepoch:E");
        subscribed.sends("symbol:a\nseq:1\nepoch:E\nretained:true", "1");
        subscribed.sends("symbol:b\nseq:2\nepoch:E\nretained:true\nsnapshot:end", "");
        assertThat(live.isCurrent()).isTrue();
        assertThat(live.state()).containsOnlyKeys("a", "b");
    }

    @Test
    void theSnapshotOfAWildcardThatIsLateIsWaitedFor() {
        FakeBroker broker = new FakeBroker();
        Live live = follow(broker, "/topic/*");
        Subscribed subscribed = new Subscribed(broker);
        subscribed.confirms("retained:1");
        timer.pass(PATIENCE);
        assertThat(live.isCurrent()).isFalse();
        assertThat(gaps).isEmpty();
        subscribed.sends("symbol:ACME\nretained:true\nsnapshot:end", "1");
        assertThat(live.isCurrent()).isTrue();
        assertThat(live.state())
                .containsOnlyKeys("ACME")
                .extractingByKey("ACME")
                .extracting(Frame::bodyAsString)
                .isEqualTo("1");
    }

    @Test
    void aWildcardOfABrokerThatKeepsNothingIsAPlainSubscription() {
        FakeBroker broker = new FakeBroker();
        Live live = follow(broker, "/topic/*");
        new Subscribed(broker).confirms("x:y");
        timer.pass(PATIENCE);
        assertThat(live.isCurrent()).isTrue();
        assertThat(gaps).containsExactly(new Gap(Reason.UNSUPPORTED, 0));
    }
}
