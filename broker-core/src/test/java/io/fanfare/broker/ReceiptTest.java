package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Received;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTest extends BrokerTest {

    @ParameterizedTest
    @DisplayName("item 114: every frame with a receipt has exactly one RECEIPT")
    @ValueSource(strings = {"1.0", "1.1", "1.2"})
    void everyFrameHasItsReceipt(String version) {
        var bob = connect(version);
        bob.sends("SUBSCRIBE\nid:0\nack:client\ndestination:/queue/a\nreceipt:subscribe\n\n^@");
        bob.got("RECEIPT\nreceipt-id:subscribe\n\n^@");
        bob.sends("SEND\ndestination:/queue/a\nreceipt:send\n\n1^@SEND\ndestination:/queue/a\n\n2^@");
        bob.got("RECEIPT\nreceipt-id:send\n\n^@");
        String one = naming(bob.next("1"));
        String two = naming(bob.next("2"));
        bob.sends("ACK\n" + one + "receipt:ack\n\n^@");
        bob.got("RECEIPT\nreceipt-id:ack\n\n^@");
        if (!version.equals("1.0")) {
            bob.sends("NACK\n" + two + "receipt:nack\n\n^@");
            bob.got("RECEIPT\nreceipt-id:nack\n\n^@");
            bob.next("2 again");
        }
        for (String command : new String[] {"BEGIN", "ABORT", "BEGIN", "COMMIT"}) {
            bob.sends(command + "\ntransaction:t\nreceipt:" + command + "\n\n^@");
            bob.got("RECEIPT\nreceipt-id:" + command + "\n\n^@");
        }
        bob.sends("UNSUBSCRIBE\nid:0\nreceipt:unsubscribe\n\n^@");
        bob.got("RECEIPT\nreceipt-id:unsubscribe\n\n^@");
        bob.sends("DISCONNECT\nreceipt:disconnect\n\n^@");
        bob.got("RECEIPT\nreceipt-id:disconnect\n\n^@");
        bob.gotNothing();
        bob.wasClosed(CloseCode.NORMAL);
    }

    private static String naming(Received message) {
        String ack = message.find("ack");
        return (ack == null ? "" : "id:" + ack + "\n") + "message-id:" + message.header("message-id")
                + "\nsubscription:0\n";
    }

    @Test
    @DisplayName("item 114: a receipt is told word for word, and nothing with it")
    void aReceiptIsToldWordForWord() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nreceipt: a b:c\\n\\\\é \n\n^@");
        var receipt = alice.next("a RECEIPT");
        assertThat(receipt.headers()).contains("receipt-id: a b\\cc\\n\\\\é ");
        assertThat(receipt.body()).isEmpty();
    }

    @Test
    @DisplayName("item 114: an empty receipt is one")
    void anEmptyReceiptIsOne() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:\n\n^@");
        alice.got("RECEIPT\nreceipt-id:\n\n^@");
    }

    @Test
    @DisplayName("item 115, case 64: receipts come in the order of the frames")
    void receiptsComeInOrder() {
        var alice = connect();
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            frames.append(
                    switch (i % 4) {
                        case 0 -> "SEND\ndestination:/topic/a\nreceipt:";
                        case 1 -> "SUBSCRIBE\nid:" + i + "\ndestination:/queue/a\nreceipt:";
                        case 2 -> "BEGIN\ntransaction:t\nreceipt:";
                        default -> "ABORT\ntransaction:t\nreceipt:";
                    });
            frames.append(i).append("\n\n^@");
        }
        alice.sends(frames.toString());
        assertThat(alice.takeAll().stream().map(each -> each.header("receipt-id")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }
}
