package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that comes back on one loop while another loop deals with its durable subscription. */
class DurableRaceTest extends DurableBrokerTest {

    private static final long NO_TIMER = Duration.ofDays(1).toNanos();

    /** Happens on another loop just when the loop of this one asks whether the subscription is still allowed. */
    private Runnable meanwhile = () -> {};

    /** What the answer is then. */
    private boolean isAllowed = true;

    @BeforeEach
    void askOnce() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authorizer((who, action, destination) -> {
                    Runnable now = meanwhile;
                    meanwhile = () -> {};
                    boolean answer = isAllowed;
                    isAllowed = true;
                    now.run();
                    return answer;
                }))
                .queues(q -> q.durableExpiry(Duration.ofHours(1)))
                .build());
    }

    private Client bobElsewhere() {
        return Clients.connectWith(this, "client-id:bob", otherLoop);
    }

    @Test
    @DisplayName("a client that comes back while its old connection leaves has it for as long as it stays")
    void whoComesBackMeanwhileKeepsIt() {
        Client old = bob();
        old.sends(SUBSCRIBE + "\n^@");
        Client back = bobElsewhere();
        meanwhile = () -> back.feeds(SUBSCRIBE + "\n^@");
        old.sends("UNSUBSCRIBE\nid:news\n\n^@");
        pass(Duration.ofHours(2));
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        connect().sends(SEND + "\nhi^@");
        assertThat(back.takeBodies()).containsExactly("hi");
        old.isOpen();
    }

    @Test
    @DisplayName("a client that is there again has no timer left behind, not of earlier absences either")
    void noTimerIsLeft() {
        Client old = bob();
        old.sends(SUBSCRIBE + "\n^@");
        Client back = bobElsewhere();
        meanwhile = () -> back.feeds(SUBSCRIBE + "\n^@");
        old.sends("UNSUBSCRIBE\nid:news\n\n^@");
        // with the timers of a connection
        old.isLost();
        back.sends("UNSUBSCRIBE\nid:news\n\n^@");
        assertThat(loop.nanosToTimer()).as("it expires").isLessThan(NO_TIMER);
        back.sends(SUBSCRIBE + "\n^@");
        assertThat(loop.nanosToTimer()).isEqualTo(NO_TIMER);
    }

    @Test
    @DisplayName("UNSUBSCRIBE for good of what another connection takes over meanwhile is refused")
    void whatIsTakenOverMeanwhileIsNotEnded() {
        Client old = bob();
        old.sends(SUBSCRIBE + "\n^@");
        Client back = bobElsewhere();
        meanwhile = () -> back.feeds(SUBSCRIBE + "\n^@");
        old.sends("UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        old.gotError(CloseCode.PROTOCOL_ERROR, "subscription in use", "another connection");
        connect().sends(SEND + "\nhi^@");
        assertThat(back.takeBodies()).containsExactly("hi");
    }

    @Test
    @DisplayName("an absent client that comes back and may have it keeps it, whatever was answered for it before")
    void whoComesBackWhilePermissionsChangeKeepsIt() {
        Client old = bob();
        old.sends(SUBSCRIBE + "\n^@");
        old.isLost();
        Client back = bobElsewhere();
        meanwhile = () -> back.feeds(SUBSCRIBE + "\n^@");
        isAllowed = false;
        broker.permissionsChanged();
        settle();
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        connect().sends(SEND + "\nhi^@");
        assertThat(back.takeBodies()).containsExactly("hi");
    }
}
