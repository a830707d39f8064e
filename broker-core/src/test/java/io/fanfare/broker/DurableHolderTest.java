package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of one client that want the same durable subscription: the latest has it. */
class DurableHolderTest extends DurableBrokerTest {

    @Test
    void aConnectionHasItOnce() {
        var bob = bob();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\ndurable-subscription-name:n\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\ndurable-subscription-name:n\nreceipt:r\n\n^@");
        var error = bob.gotError(CloseCode.PROTOCOL_ERROR, "subscription in use", "'n'", "'0'");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @ParameterizedTest
    @DisplayName("a client that returns while its old socket lingers takes over, in order, and the old one is told")
    @ValueSource(booleans = {true, false})
    void aClientThatReturnsTakesOver(boolean onOneLoop) {
        var old = bob();
        old.sends(SUBSCRIBE + "ack:client\nprefetch-count:2\n\n^@");
        var alice = connect();
        alice.sends(SEND + "\n1^@" + SEND + "\n2^@" + SEND + "\n3^@");
        assertThat(old.takeBodies()).containsExactly("1", "2");
        var back = Clients.connectWith(this, "client-id:bob", onOneLoop ? loop : otherLoop);
        back.sends(SUBSCRIBE + "ack:client\nreceipt:r\n\n^@");
        old.gotError(CloseCode.POLICY, "taken over", "'news'");
        back.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends(SEND + "\n4^@");
        assertThat(back.takeBodies()).containsExactly("1", "2", "3", "4");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
        pass(Duration.ofHours(2));
        assertThat(broker.durableSubscriptionCount()).as("nobody is away").isEqualTo(1);
    }

    @Test
    @DisplayName("of several clients that return at once the last one has it, with every message")
    void theLastOneToReturnHasIt() {
        var first = bob();
        first.sends(SUBSCRIBE + "ack:client\n\n^@");
        connect().sends(SEND + "\n1^@" + SEND + "\n2^@");
        first.takeAll();
        var second = Clients.connectWith(this, "client-id:bob", otherLoop);
        var third = Clients.connectWith(this, "client-id:bob", otherLoop);
        second.feeds(SUBSCRIBE + "ack:client\n\n^@");
        third.feeds(SUBSCRIBE + "ack:client\n\n^@");
        settle();
        first.gotError(CloseCode.POLICY, "taken over");
        second.gotError(CloseCode.POLICY, "taken over");
        assertThat(third.takeBodies()).containsExactly("1", "2");
    }

    @Test
    @DisplayName("a client that returns with other terms begins anew, and the old connection is told")
    void otherTermsTakeOverToo() {
        var old = bob();
        old.sends(SUBSCRIBE + "\n^@");
        var back = bob();
        back.sends(SUBSCRIBE + "no-local:true\n\n^@");
        old.gotError(CloseCode.POLICY, "taken over", "'news'");
        connect().sends(SEND + "\nhi^@");
        assertThat(back.takeBodies()).containsExactly("hi");
        assertThat(broker.durableSubscriptionCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("a client that takes over and leaves again leaves it behind, with what the old connection had")
    void whoLeavesAtOnceLeavesItBehind() {
        var old = bob();
        old.sends(SUBSCRIBE + "ack:client\n\n^@");
        connect().sends(SEND + "\n1^@");
        old.takeAll();
        var back = Clients.connectWith(this, "client-id:bob", otherLoop);
        back.feeds(SUBSCRIBE + "ack:client\n\n^@UNSUBSCRIBE\nid:news\n\n^@");
        settle();
        old.gotError(CloseCode.POLICY, "taken over");
        back.gotNothing();
        back.sends(SUBSCRIBE + "\n^@");
        assertThat(back.takeBodies()).containsExactly("1");
    }

    @Test
    @DisplayName("UNSUBSCRIBE of what another connection has is refused, and says which one that is")
    void anotherConnectionsSubscriptionIsNotEnded() {
        var holder = Clients.connectWith(this, "login:bob\nclient-id:bob");
        holder.sends(SUBSCRIBE + "\n^@");
        var other = Clients.connectWith(this, "login:bob\nclient-id:bob");
        other.sends("SUBSCRIBE\nid:news\ndestination:/topic/b\n\n^@");
        other.sends("UNSUBSCRIBE\nid:news\ndurable:true\nreceipt:r\n\n^@");
        var error = other.gotError(
                CloseCode.PROTOCOL_ERROR,
                "subscription in use",
                holder.session().toString());
        assertThat(error.header("receipt-id")).isEqualTo("r");
        connect().sends(SEND + "\nhi^@");
        assertThat(holder.takeBodies()).containsExactly("hi");
    }

    @Test
    void aRefusedUnsubscribeEndsNothingOfTheClientsOwn() {
        bob().sends(SUBSCRIBE + "\n^@");
        var other = Clients.connectWith(this, "client-id:bob\nsoft-errors:true");
        other.sends("SUBSCRIBE\nid:news\ndestination:/topic/b\n\n^@", "UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        assertThat(other.next("expected a refusal").header("error-code")).isEqualTo("subscription-in-use");
        connect().sends("SEND\ndestination:/topic/b\n\nhi^@");
        assertThat(other.takeBodies()).containsExactly("hi");
    }

    @Test
    @DisplayName("a client without a user is not told another's address")
    void withoutAUserNoAddressIsTold() {
        var holder = bob();
        holder.sends(SUBSCRIBE + "\n^@");
        var other = bob();
        other.sends("UNSUBSCRIBE\nid:news\ndurable:true\n\n^@");
        var error = other.gotError(CloseCode.PROTOCOL_ERROR, "subscription in use", "another connection");
        assertThat(error.text()).doesNotContain(holder.session().toString());
    }
}
