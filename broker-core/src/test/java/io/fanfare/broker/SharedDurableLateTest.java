package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A durable subscription whose client comes to a node that has not got yet what another one has delivered. */
class SharedDurableLateTest extends SharedDurableBrokerTest {

    @Test
    void whatAnotherNodeHasDeliveredAndIsNotSettledComesWhenThisNodeHasIt() {
        Client old = bobThere(otherLoop);
        old.sends(SUBSCRIBE + "ack:client-individual\n\n^@");
        verdict(old);
        keeps(1, "kept.a");
        keepsThere(2, "kept.a");
        keepsThere(3, "kept.a");
        List<Received> first = old.takeAll();
        assertThat(first).extracting(Received::text).containsExactly("1", "2", "3");
        old.sends("ACK\nid:" + first.get(1).header("ack") + "\n\n^@");
        old.isLost();
        Client bob = bobSubscribes("ack:client-individual\n");
        assertThat(verdict(bob)).isEqualTo("recovered:true replayed:1");
        assertThat(bob.takeBodies()).containsExactly("1");
        keepsHere(2, "kept.a");
        keepsHere(3, "kept.a");
        keeps(4, "kept.a");
        List<Received> rest = bob.takeAll();
        assertThat(rest).extracting(Received::text).containsExactly("3", "4");
        assertThat(rest).extracting(message -> message.has("redelivered")).containsExactly(true, false);
    }
}
