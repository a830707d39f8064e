package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a MESSAGE says of its sender. */
class SenderTest extends BrokerTest {

    private Client bob() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        return bob;
    }

    @Test
    @DisplayName("item 81: the broker says who has sent a message")
    void theBrokerSaysWhoHasSentIt() {
        var bob = bob();
        Clients.connectAs(this, "alice").sends("SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    @Test
    void whoMayNameItself() {
        var bob = bob();
        Clients.connectAs(this, "alice").sends("SEND\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "Alice", "", "alice "})
    @DisplayName("item 81: nobody sends in another's name")
    void nobodySendsInAnothersName(String claimed) {
        var bob = bob();
        var alice = Clients.connectAs(this, "alice");
        alice.sends("SEND\ndestination:/topic/a\nuser-id:" + claimed + "\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid user-id");
        bob.gotNothing();
    }

    @Test
    @DisplayName("item 81: who has no name sends in nobody's")
    void whoHasNoNameSendsInNobodys() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "invalid user-id");
    }

    @Test
    @DisplayName("item 81: in a transaction, too")
    void inATransactionToo() {
        var bob = bob();
        var alice = Clients.connectAs(this, "alice");
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\nmessage-id:forged\n\nhi^@"
                + "COMMIT\ntransaction:t\n\n^@");
        var message = bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        assertThat(message.header("message-id")).isNotEqualTo("forged");
    }

    @Test
    @DisplayName("item 81: a reserved header does not choose which selector matches")
    void selectorsSeeTheBrokersHeadersAndNotTheSenders() {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:timestamp = 1\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\nselector:\"user-id\" = 'alice'\n\n^@");
        Clients.connectAs(this, "alice").sends("SEND\ndestination:/topic/a\ntimestamp:1\n\nhi^@");
        bob.got("MESSAGE\nsubscription:1\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        bob.gotNothing();
    }
}
