package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

class TransactionIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("item 109, case 61: BEGIN, COMMIT and ABORT name a transaction: a new one, or one that is open")
    void transactionsHaveNames(Transport transport) {
        for (String command : new String[] {"BEGIN", "COMMIT", "ABORT"}) {
            SERVER.connect(transport).sends(command + "\n\n^@").gotError(1002, "missing transaction", command);
        }
        for (String command : new String[] {"COMMIT", "ABORT"}) {
            SERVER.connect(transport)
                    .sends(command + "\ntransaction:t\n\n^@")
                    .gotError(1002, "no such transaction", "'t'");
        }
        SERVER.connect(transport)
                .sends("BEGIN\ntransaction:t\n\n^@BEGIN\ntransaction:t\n\n^@")
                .gotError(1002, "duplicate transaction", "'t'");
    }

    @OverBoth
    @DisplayName("item 110: messages are seen at COMMIT, together and in order; after ABORT never")
    void messagesAreSeenAtCommit(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport);
        alice.sends("BEGIN\ntransaction:t\n\n^@BEGIN\ntransaction:u\n\n^@");
        for (int i = 1; i <= 3; i++) {
            alice.sends("SEND\ndestination:/topic/a\ntransaction:t\n\n" + i + "^@"
                    + "SEND\ndestination:/topic/a\ntransaction:u\n\nnever^@");
        }
        alice.publishes("/topic/a", "outside");
        bob.gotMessage("outside");
        bob.gotNothing();
        alice.sends("COMMIT\ntransaction:t\n\n^@ABORT\ntransaction:u\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotMessage("1");
        bob.gotMessage("2");
        bob.gotMessage("3");
        bob.gotNothing();
    }

    @OverBoth
    @DisplayName("item 111: ACK and NACK count at COMMIT; after ABORT they have not been said")
    void acksCountAtCommit(Transport transport) {
        SERVER.connect(transport).publishes("/queue/a", "1").publishes("/queue/a", "2");
        StompSocket bob = SERVER.connect(transport)
                .subscribes("id:0\ndestination:/queue/a\nack:client-individual\nprefetch-count:2");
        Received first = bob.gotMessage("1");
        Received second = bob.gotMessage("2");
        String inTransaction = "\nid:" + first.header("ack") + "\ntransaction:t\n\n^@";
        bob.sends("BEGIN\ntransaction:t\n\n^@NACK" + inTransaction + "ABORT\ntransaction:t\n\n^@")
                .gotNothing();
        bob.sends("BEGIN\ntransaction:t\n\n^@ACK" + inTransaction + "NACK\nid:" + second.header("ack")
                + "\ntransaction:t\n\n^@");
        bob.gotNothing();
        bob.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(bob.gotMessage("2").header("delivery-count")).isEqualTo("2");
        bob.vanishes();
        StompSocket carol = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a");
        carol.gotMessage("2");
        carol.gotNothing();
    }

    @OverBoth
    @DisplayName("item 112, case 61: who goes leaves no transaction; equal names on two connections are two")
    void whoGoesLeavesNoTransaction(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        String send = "BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\nreceipt:s\n\n";
        StompSocket one = SERVER.connect(transport).sends(send + "one^@").got("RECEIPT\nreceipt-id:s\n\n^@");
        StompSocket two = SERVER.connect(transport).sends(send + "two^@").got("RECEIPT\nreceipt-id:s\n\n^@");
        StompSocket three = SERVER.connect(transport).sends(send + "three^@").got("RECEIPT\nreceipt-id:s\n\n^@");
        one.sends("DISCONNECT\nreceipt:bye\n\n^@")
                .got("RECEIPT\nreceipt-id:bye\n\n^@")
                .gotEnd(1000);
        two.vanishes();
        three.sends("COMMIT\ntransaction:t\nreceipt:c\n\n^@").got("RECEIPT\nreceipt-id:c\n\n^@");
        bob.gotMessage("three");
        bob.gotNothing();
    }

    @OverBoth
    @DisplayName("item 113, case 61, advisory 18: at most 16 transactions are open, with 1,024 frames each")
    void transactionsHaveLimits(Transport transport) {
        StringBuilder begins = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            begins.append("BEGIN\ntransaction:").append(i).append("\n\n^@");
        }
        SERVER.connect(transport)
                .sends(begins + "BEGIN\ntransaction:one more\n\n^@")
                .gotError(1002, "too many transactions", "16", "max_transactions");
        String send = "SEND\ndestination:/topic/a\ntransaction:0\n\n^@";
        StompSocket alice = SERVER.connect(transport).sends(begins + send.repeat(1024));
        alice.sends("BEGIN\ntransaction:0\nreceipt:r\n\n^@").gotError(1002, "duplicate transaction");
        SERVER.connect(transport)
                .sends(begins + send.repeat(1025))
                .gotError(1002, "transaction too large", "max_transaction_frames");
    }
}
