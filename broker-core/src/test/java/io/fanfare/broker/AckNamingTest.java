package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How ACK and NACK name a delivery, in each version. */
class AckNamingTest extends AckBrokerTest {

    @ParameterizedTest
    @DisplayName("items 101, 102: each version names a delivery in its own way")
    @ValueSource(strings = {"1.1", "1.2"})
    void eachVersionNamesADeliveryInItsWay(String version) {
        var bob = consumer(version, "client");
        publish(2);
        var first = bob.next("a MESSAGE");
        bob.sends("ACK\n" + naming(version, first) + "receipt:r\n\n^@");
        bob.next("the other MESSAGE");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("2");
    }

    @Test
    @DisplayName("item 102: a 1.0 client without subscription ids acknowledges by message-id")
    void a10ClientAcknowledgesByMessageId() {
        var bob = connect("1.0");
        bob.sends("SUBSCRIBE\nack:client\ndestination:/queue/a\n\n^@");
        publish(2);
        bob.sends("ACK\n" + naming("1.0", bob.next("a MESSAGE")) + "\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("2");
    }

    @Test
    @DisplayName("item 102: a 1.0 client with a subscription id acknowledges by message-id alone, too")
    void a10ClientWithAnIdAcknowledgesByMessageId() {
        var bob = consumer("1.0", "client");
        publish(2);
        bob.sends("ACK\n" + naming("1.0", bob.next("a MESSAGE")) + "receipt:r\n\n^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n2^@", "RECEIPT\nreceipt-id:r\n\n^@");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("2");
    }

    @ParameterizedTest
    @DisplayName("items 101, 102, case 55: what names no delivery that waits is an ERROR")
    @CsvSource({
        "1.2,id:nonsense,nothing to acknowledge",
        "1.2,x:y,missing id",
        "1.1,message-id:1,missing subscription",
        "1.1,subscription:0,missing message-id",
        "1.1,id:1,missing subscription",
        "1.0,x:y,missing message-id",
        "1.0,message-id:nonsense,nothing to acknowledge"
    })
    void whatNamesNoDeliveryIsAnError(String version, String header, String message) {
        for (String command : List.of("ACK", "NACK")) {
            var bob = consumer(version, "client");
            bob.sends(command + "\n" + header + "\nreceipt:r\n\n^@");
            var error = bob.gotError(CloseCode.PROTOCOL_ERROR, message);
            assertThat(error.header("receipt-id")).isEqualTo("r");
        }
    }

    @Test
    @DisplayName("item 101, case 56: a delivery is acknowledged on the connection it went to")
    void anotherConnectionsDeliveryIsNotMine() {
        var bob = consumer("1.2", "client");
        publish(1);
        String naming = naming("1.2", bob.next("a MESSAGE"));
        var carol = connect();
        carol.sends("ACK\n" + naming + "\n^@");
        carol.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge");
        bob.isLost();
        assertThat(leftIn("/queue/a")).containsExactly("1");
    }

    @Test
    @DisplayName("item 102: 1.0 has no NACK, but a client that sends one is understood")
    void in10NackIsUnderstood() {
        var bob = connect("1.0");
        bob.sends("SUBSCRIBE\nack:client\ndestination:/queue/a\n\n^@");
        publish(1);
        bob.sends("NACK\n" + naming("1.0", bob.next("a MESSAGE")) + "\n^@");
        bob.got("MESSAGE\ndestination:/queue/a\nredelivered:true\ndelivery-count:2\n\n1^@");
    }

    @Test
    @DisplayName("item 102: a 1.2 client may name a delivery by its message-id")
    void a12ClientMayNameADeliveryByMessageId() {
        var bob = consumer("1.2", "client-individual");
        publish(3);
        var messages = bob.takeAll();
        bob.sends("ACK\nid:" + messages.get(1).header("message-id") + "\n\n^@");
        bob.sends("NACK\nid:" + messages.get(2).header("message-id") + "\nrequeue:false\nreceipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("ACK\nid:" + messages.get(1).header("message-id") + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge");
        assertThat(leftIn("/queue/a")).containsExactly("1");
        assertThat(leftIn("/queue/DLQ.a")).containsExactly("3");
    }

    @ParameterizedTest
    @DisplayName("item 102: of several deliveries of a message, the message-id names the first one that waits")
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void aMessageIdNamesTheFirstDeliveryThatWaits(String version) {
        var bob = connect(version);
        String subscribe = "destination:/topic/a\nack:client-individual\nprefetch-count:1\n\n^@";
        bob.sends("SUBSCRIBE\nid:x\n" + subscribe + "SUBSCRIBE\nid:y\n" + subscribe);
        connect().sends("SEND\ndestination:/topic/a\n\n1^@SEND\ndestination:/topic/a\n\n2^@");
        var messages = bob.takeAll();
        assertThat(messages).extracting(Received::text).containsExactly("1", "1");
        String name = version.equals("1.2") ? "id" : "message-id";
        String id = name + ":" + messages.get(0).header("message-id") + "\n";
        bob.sends("ACK\nsubscription:y\n" + id + "\n^@");
        assertThat(bob.takeAll())
                .extracting(each -> each.header("subscription") + each.text())
                .containsExactly("y2");
        bob.sends("ACK\n" + (version.equals("1.1") ? "subscription:x\n" : "") + id + "\n^@");
        assertThat(bob.takeAll())
                .extracting(each -> each.header("subscription") + each.text())
                .containsExactly("x2");
    }

    @Test
    @DisplayName("item 101: a late ACK for a connection that has ended settles nothing on the next one")
    void aLateAckOfAnOldConnectionSettlesNothing() {
        var bob = consumer("1.2", "client-individual");
        publish(2);
        var first = bob.next("1");
        bob.next("2");
        bob.isLost();
        bob = consumer("1.2", "client-individual");
        assertThat(bob.takeBodies()).containsExactly("1", "2");
        bob.sends("ACK\n" + naming("1.2", first) + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge");
        assertThat(leftIn("/queue/a")).containsExactly("1", "2");
    }

    @Test
    @DisplayName("item 98: no ack is used twice while the broker runs, and none looks like a message-id")
    void noAckIsUsedTwice() {
        Set<String> ids = new HashSet<>();
        int count = 0;
        publish(3);
        for (int i = 0; i < 10; i++) {
            var bob = consumer("1.2", "client-individual");
            connectTo(otherLoop).sends("SEND\ndestination:/queue/a" + i + "\n\nhi^@");
            bob.sends("SUBSCRIBE\nid:1\nack:client\ndestination:/queue/a" + i + "\n\n^@");
            for (Received each : bob.takeAll()) {
                ids.add(each.header("ack"));
                assertThat(ids).doesNotContain(each.header("message-id"));
                count++;
            }
            bob.isLost();
        }
        assertThat(ids).hasSize(count).hasSize(40);
    }
}
