package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

class MessageIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("item 95: MESSAGE has destination, message-id and, but for 1.0 without id, subscription")
    void theHeadersThatEveryMessageHas(Transport transport) {
        for (String version : new String[] {"1.0", "1.1", "1.2"}) {
            StompSocket bob = SERVER.connect(transport, version).subscribes("id:0\ndestination:/topic/a");
            SERVER.connect(transport).publishes("/topic/a", "hi");
            bob.got("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\n\nhi^@");
        }
        StompSocket old = SERVER.connect(transport, "1.0").subscribes("destination:/topic/b");
        SERVER.connect(transport).publishes("/topic/b", "hi");
        old.got("MESSAGE\nmessage-id:*\ndestination:/topic/b\n\nhi^@");
    }

    @OverBoth
    @DisplayName(
            "item 96: destination is the one of the SEND by its native name; for one's own, the one of the SUBSCRIBE")
    void destinationIsTheOneOfTheSend(Transport transport) {
        StompSocket bob = SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:bob\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@")
                .subscribes("id:0\ndestination:/topic/a.*,/queue/b")
                .subscribes("id:1\ndestination:/user/queue/c");
        StompSocket alice = SERVER.connect(transport);
        alice.publishes("/topic/a.b", "hi");
        assertThat(bob.gotMessage("hi").header("destination")).isEqualTo("/topic/a.b");
        alice.publishes("/amq/queue/b", "hi");
        assertThat(bob.gotMessage("hi").header("destination")).isEqualTo("/queue/b");
        alice.publishes("/user/bob/queue/c", "hi");
        assertThat(bob.gotMessage("hi").header("destination")).isEqualTo("/user/queue/c");
    }

    @OverBoth
    @DisplayName("item 97: a message-id is one message's, also when that comes again")
    void aMessageIdIsOneMessages(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a\nack:client");
        SERVER.connect(transport).publishes("/queue/a", "1").publishes("/queue/a", "2");
        Received first = bob.gotMessage("1");
        Received second = bob.gotMessage("2");
        assertThat(first.header("message-id")).isNotEqualTo(second.header("message-id"));
        bob.sends("NACK\nid:" + first.header("ack") + "\n\n^@");
        assertThat(bob.gotMessage("1").header("message-id")).isEqualTo(first.header("message-id"));
        bob.sends("ACK\nid:" + second.header("ack") + "\n\n^@");
    }

    @OverBoth
    @DisplayName("item 98: ack is there when there is something to acknowledge, another for each delivery")
    void ackIsThereToBeAcknowledgedBy(Transport transport) {
        StompSocket bob = SERVER.connect(transport)
                .subscribes("id:auto\ndestination:/topic/a")
                .subscribes("id:client\ndestination:/topic/b\nack:client")
                .subscribes("id:each\ndestination:/topic/b\nack:client-individual");
        SERVER.connect(transport).publishes("/topic/a", "a").publishes("/topic/b", "b");
        assertThat(bob.gotMessage("a").has("ack")).isFalse();
        assertThat(bob.gotMessage("b").header("ack"))
                .isNotEqualTo(bob.gotMessage("b").header("ack"));
    }

    @OverBoth
    @DisplayName("item 99: content-length stands on every body, content-type only when it was sent")
    void contentLengthStandsOnEveryBody(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport);
        alice.publishes("/topic/a", "hello");
        Received plain = bob.gotMessage("hello");
        assertThat(plain.header("content-length")).isEqualTo("5");
        assertThat(plain.has("content-type")).isFalse();
        alice.sends("SEND\ndestination:/topic/a\ncontent-type:application/json\n\n{}^@");
        assertThat(bob.gotMessage("{}").header("content-type")).isEqualTo("application/json");
    }

    @OverBoth
    @DisplayName("item 100: what one publisher sends arrives in that order at every subscriber")
    void orderIsKept(Transport transport) {
        StompSocket[] subscribers = new StompSocket[4];
        for (int i = 0; i < subscribers.length; i++) {
            subscribers[i] =
                    SERVER.connect(transport).subscribes("id:0\ndestination:/topic/" + (i % 2 == 0 ? "a" : "*"));
        }
        StringBuilder sends = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            sends.append("SEND\ndestination:/topic/a\n\n").append(i).append("^@");
        }
        SERVER.connect(transport).sends(sends.toString());
        for (StompSocket each : subscribers) {
            for (int i = 0; i < 1000; i++) {
                each.gotMessage(Integer.toString(i));
            }
        }
    }
}
