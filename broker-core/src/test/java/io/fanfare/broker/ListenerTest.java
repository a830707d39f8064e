package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.event.BrokerListener;
import io.fanfare.event.Refused;
import io.fanfare.frame.CloseCode;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Principal;
import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.SlowAction;
import io.fanfare.status.SessionStatus;
import io.fanfare.status.SubscriptionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Listeners are told what happens to connections and subscriptions, and can break nothing. */
class ListenerTest extends BrokerTest {

    private final List<String> told = new ArrayList<>();

    /** Writes down what it is told. */
    private final class Recorder implements BrokerListener {

        @Override
        public void connected(SessionStatus session) {
            told.add("connected " + session.address() + " " + session.transport() + " " + session.subscriptions());
        }

        @Override
        public void disconnected(SessionStatus session, Disconnect reason, String detail) {
            told.add("disconnected " + session.address() + " " + reason + " " + detail);
        }

        @Override
        public void subscribed(SubscriptionStatus subscription) {
            told.add("subscribed " + subscription.id() + " " + subscription.destinations() + " "
                    + broker.subscriberCount("/topic/a"));
        }

        @Override
        public void unsubscribed(SubscriptionStatus subscription) {
            told.add("unsubscribed " + subscription.id() + " " + broker.subscriberCount("/topic/a"));
        }

        @Override
        public void slowConsumer(SessionStatus session, SlowAction action, long waitingBytes) {
            told.add("slow " + session.address() + " " + action + " " + (waitingBytes > 0));
        }

        @Override
        public void refused(Refused refused) {
            told.add("refused " + refused.kind() + " " + refused.reason() + " " + refused.address());
        }
    }

    /** What has been told since the last question. */
    private List<String> told() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Test
    void eventsOfASessionComeInTheirOrder() {
        broker.addListener(new Recorder());
        Client alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.sends("SUBSCRIBE\nid:1\ndestination:/topic/#\n\n^@");
        assertThat(told())
                .containsExactly("connected c1 tcp 0", "subscribed 0 [/topic/a] 1", "subscribed 1 [/topic/#] 2");
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        assertThat(told()).containsExactly("unsubscribed 0 1");
        alice.isLost();
        assertThat(told()).containsExactly("unsubscribed 1 0", "disconnected c1 LOST ");
    }

    @Test
    void refusalsOfFramesAndLoginsAreTold() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> credentials.login() == null
                        ? CompletableFuture.completedFuture(Principal.of(""))
                        : CompletableFuture.failedFuture(new AuthenticationException("not known"))))
                .build());
        broker.addListener(new Recorder());
        open().sends("CONNECT\naccept-version:1.2\nlogin:eve\n\n^@");
        assertThat(told())
                .as("once, and no session has ended")
                .containsExactly("refused LOGIN authentication failed c1");
        Client soft = open();
        soft.sends("CONNECT\naccept-version:1.2\nsoft-errors:true\n\n^@");
        soft.sends("SUBSCRIBE\nid:0\ndestination:nowhere\n\n^@");
        assertThat(told()).containsExactly("connected c2 tcp 0", "refused FRAME invalid destination c2");
        Client hard = connect();
        hard.sends("SUBSCRIBE\nid:0\ndestination:nowhere\n\n^@");
        assertThat(told())
                .startsWith("connected c3 tcp 0", "refused FRAME invalid destination c3")
                .hasSize(3)
                .last()
                .asString()
                .startsWith("disconnected c3 PROTOCOL_ERROR");
    }

    @Test
    void aRefusedLoginIsToldWithItsNameAndTheReasonThatItsClientIsNotTold() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticator(
                        credentials -> CompletableFuture.failedFuture(new AuthenticationException("no such user"))))
                .build());
        List<Refused> refused = new ArrayList<>();
        broker.addListener(new BrokerListener() {
            @Override
            public void refused(Refused each) {
                refused.add(each);
            }
        });
        open().sends("CONNECT\naccept-version:1.2\nlogin:eve\n\n^@");
        open().sends("CONNECT\naccept-version:1.2\n\n^@");
        assertThat(refused)
                .containsExactly(
                        new Refused(Refused.Kind.LOGIN, "authentication failed", "c1", "", "eve", "no such user"),
                        new Refused(Refused.Kind.LOGIN, "authentication failed", "c2", "", "", "no such user"));
    }

    @Test
    void aClientThatReadsNothingIsTold() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.writeTimeout(Duration.ofSeconds(5)))
                .build());
        broker.addListener(new Recorder());
        Client slow = connect();
        slow.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        slow.stopsReading();
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        told();
        pass(Duration.ofSeconds(6));
        assertThat(told()).containsExactly("slow c1 CUT true", "unsubscribed 0 0", "disconnected c1 STALLED ");
    }

    @Test
    void aClientThatIsTooSlowIsToldWithWhatItHasNotTaken() {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(10_000)).build());
        List<Long> waited = new ArrayList<>();
        broker.addListener(new BrokerListener() {
            @Override
            public void slowConsumer(SessionStatus session, SlowAction action, long waitingBytes) {
                assertThat(action).isEqualTo(SlowAction.DISCONNECT);
                waited.add(waitingBytes);
            }
        });
        Client slow = connect();
        slow.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        connect().sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(50_000) + "^@");
        slow.stopsReading();
        for (int i = 0; i < 12; i++) {
            connect().sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(1_000) + "^@");
        }
        assertThat(waited)
                .as("and not what it has taken before")
                .singleElement()
                .satisfies(bytes -> assertThat(bytes).isBetween(10_000L, 12_000L));
    }

    @Test
    void aListenerThatThrowsHarmsNothing() {
        broker.addListener(new BrokerListener() {
            @Override
            public void connected(SessionStatus session) {
                throw new AssertionError("a bug of the listener's, on purpose");
            }
        });
        broker.addListener(new Recorder());
        Client alice = connect();
        assertThat(told()).containsExactly("connected c1 tcp 0");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void aListenerThatIsAddedTwiceIsRemovedOnce() {
        Recorder recorder = new Recorder();
        ListenerRegistration first = broker.addListener(recorder);
        broker.addListener(recorder);
        first.close();
        first.close();
        connect();
        assertThat(told()).containsExactly("connected c1 tcp 0");
    }

    @Test
    void sessionsAreValues() {
        Client alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nlogin:alice\nclient-id:desk\n\n^@");
        String id = alice.next("CONNECTED").header("session");
        SessionStatus before = broker.sessions().get(0);
        assertThat(before)
                .isEqualTo(new SessionStatus(id, "alice", "desk", "c1", "tcp", "1.2", before.connectedAt(), 0));
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        assertThat(before.subscriptions()).isZero();
        assertThat(broker.sessions()).extracting(SessionStatus::subscriptions).containsExactly(1);
        open();
        assertThat(broker.sessions()).as("one is not CONNECTED").hasSize(1);
        loop.run(() -> broker.closeSessions(CloseCode.CLOSED_BY_OPERATOR, "enough"));
        settle();
        assertThat(broker.sessionCount()).isZero();
        assertThat(broker.sessions()).isEmpty();
    }
}
