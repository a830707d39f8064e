package io.fanfare.testkit;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StompTableIT {

    private final TestBroker broker = TestBroker.start();
    private final StompTable table = broker.stompTable();
    private final StompTable.Client alice = table.client("alice");
    private final StompTable.Client bob = table.client("bob");

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void linesTakeEffectInTheirOrder() {
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\nreceipt:1\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:1\n\n^@").gotNothing();
        table.gotNothingElse();
    }

    @Test
    void whatWasNotSaidFails() {
        alice.sends("SEND\ndestination:/topic/a\nreceipt:1\n\nhi^@");
        assertThatThrownBy(table::gotNothingElse)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("RECEIPT\nreceipt-id:1");
        assertThatThrownBy(() -> alice.got("RECEIPT\nreceipt-id:2\n\n^@"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("receipt-id:2")
                .hasMessageContaining("receipt-id:1");
    }

    @Test
    void refusalIsALineToo() {
        alice.sends("SEND\ndestination:/nowhere\n\nhi^@");
        alice.got("ERROR\nmessage:invalid destination\n\n*^@");
        alice.connection().awaitClosed();
        table.gotNothingElse();
        assertThatThrownBy(() -> alice.connection().next(ofMillis(1))).isInstanceOf(AssertionError.class);
    }
}
