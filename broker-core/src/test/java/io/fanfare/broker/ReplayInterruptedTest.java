package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What ends a subscription or a connection ends its replay in the middle, and no other one. */
class ReplayInterruptedTest extends BrokerTest {

    private static final String BODY = "x".repeat(1_000);
    private static final int MANY = 500;

    private final Rules rules = Rules.of(Rule.allow("/topic/#"));

    @BeforeEach
    void aLongHistory() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(200_000))
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/h").history(MANY))))
                .auth(a -> a.authorizer(rules))
                .build());
        Client alice = connect();
        IntStream.range(0, MANY).forEach(i -> alice.feeds("SEND\ndestination:/topic/h\n\n" + BODY + i + "^@"));
        settle();
    }

    /** In the middle of the replay: its socket is full. */
    private Client inTheMiddle(String connectHeaders) {
        Client client = Clients.connectWith(this, connectHeaders);
        client.stopsReading();
        client.sends("SUBSCRIBE\nid:0\ndestination:/topic/h\nfrom:first\n\n^@");
        return client;
    }

    private static List<Received> replayed(List<Received> all) {
        return all.stream().filter(each -> each.has("seq")).toList();
    }

    private static void isBeginning(List<Received> some) {
        assertThat(some)
                .hasSizeBetween(1, MANY - 1)
                .extracting(Received::text)
                .containsExactlyElementsOf(
                        IntStream.range(0, some.size()).mapToObj(i -> BODY + i).toList());
    }

    @Test
    @DisplayName("a permission that is withdrawn ends the replays; a new one gets all")
    void permissionWithdrawn() {
        Client bob = inTheMiddle("soft-errors:true");
        Client carol = inTheMiddle("soft-errors:true");
        rules.replace(List.of(Rule.allow(Action.SEND, "/topic/#")));
        broker.permissionsChanged();
        settle();
        rules.replace(List.of(Rule.allow("/topic/#")));
        bob.reads();
        List<Received> all = bob.takeAll();
        isBeginning(replayed(all));
        assertThat(all.get(all.size() - 1).header("error-code")).isEqualTo("permission-withdrawn");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/h\nfrom:first\n\n^@");
        assertThat(replayed(bob.takeAll()))
                .hasSize(MANY)
                .allMatch(each -> each.header("subscription").equals("1"));
        carol.reads();
        isBeginning(replayed(carol.takeAll()));
    }

    @Test
    @DisplayName("a drain closes a client in the middle of a replay behind what waits for it: it resumes elsewhere")
    void drain() {
        Client bob = inTheMiddle("soft-errors:false");
        broker.drain(Duration.ZERO);
        settle();
        bob.reads();
        settle();
        List<Received> all = bob.takeAll();
        isBeginning(replayed(all));
        assertThat(all.get(all.size() - 1).command()).isEqualTo("ERROR");
        bob.wasClosed(CloseCode.RESTARTING);
    }

    @Test
    @DisplayName("UNSUBSCRIBE in the middle of a replay ends it; what is published goes on to others")
    void unsubscribe() {
        Client bob = inTheMiddle("soft-errors:false");
        Client carol = inTheMiddle("soft-errors:false");
        bob.sends("UNSUBSCRIBE\nid:0\nreceipt:u\n\n^@");
        bob.reads();
        carol.reads();
        List<Received> all = bob.takeAll();
        isBeginning(replayed(all));
        assertThat(all.get(all.size() - 1).header("receipt-id")).isEqualTo("u");
        assertThat(replayed(carol.takeAll())).hasSize(MANY);
    }
}
