package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** While memory is full, last values can be removed all the same: that frees memory. */
class RetainedAlarmTest extends RetainedBrokerTest {

    private static final int BODY = 2_000;

    /** What a value takes beside its message. */
    private static final int VALUE = 256;

    /** {@code retain:remove} is longer than {@code retain:set}. */
    private static final int LONGER = 3;

    private Client alice;

    @BeforeEach
    void valuesUpToTheAlarm() {
        brokerWith(BrokerOptions.builder().memory(m -> m.maxMemoryBytes(20_000)).build());
        Client feed = connect();
        for (int i = 0; !broker.isMemoryFull(); i++) {
            feed.sends(set("/topic/a", "k" + i, "x".repeat(BODY)));
        }
        alice = Clients.connectWith(this, "soft-errors:true");
        alice.sends(set("/topic/a", "more", "x"));
        refused();
    }

    private static String remove(String key, String headers, int body) {
        return "SEND\ndestination:/topic/a\nretain:remove\nretain-key:" + key + "\n" + headers + "\n" + "x".repeat(body)
                + "^@";
    }

    private void refused() {
        assertThat(alice.next("a soft error").header("error-code")).isEqualTo("memory-alarm");
    }

    @Test
    @DisplayName("a removal comes in, reaches subscribers, and ends the alarm")
    void aRemovalComesIn() {
        Client bob = subscribe("/topic/a", "retained:false\n");
        bob.next("a RECEIPT");
        alice.sends(remove("k0", "receipt:r\n", 0));
        alice.got("RECEIPT\nreceipt-id:r\nmatched:1\n\n^@");
        Received told = bob.next("the removal");
        assertThat(told.header("retain")).isEqualTo("remove");
        assertThat(told.header("retain-key")).isEqualTo("k0");
        assertThat(broker.isMemoryFull()).isFalse();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:s\n\nplain^@");
        alice.got("RECEIPT\nreceipt-id:s\n\n^@");
    }

    @Test
    @DisplayName("a removal may take as much as it frees, and no octet more")
    void aRemovalMustBeWorthIt() {
        alice.sends(remove("k0", "", BODY + VALUE - LONGER + 1));
        refused();
        alice.sends(remove("k0", "", BODY + VALUE - LONGER));
        alice.gotNothing();
        assertThat(broker.isMemoryFull()).isFalse();
    }

    @Test
    @DisplayName(
            "a removal that frees nothing is refused: of a key without a value, later, in a transaction, of a plain topic")
    void othersAreRefused() {
        alice.sends(remove("nothing", "", 0));
        refused();
        alice.sends(remove("k0", "delay:1000\n", 0));
        refused();
        alice.sends("BEGIN\ntransaction:t\n\n^@", remove("k0", "transaction:t\n", 0));
        refused();
        alice.sends("SEND\ndestination:/topic/b\nretain:remove\n\n^@");
        refused();
        alice.sends("SEND\ndestination:/topic/a,/topic/b\nretain:remove\nretain-key:k0\n\n^@");
        refused();
    }
}
