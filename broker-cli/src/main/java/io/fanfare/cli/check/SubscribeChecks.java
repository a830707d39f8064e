package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.same;

import java.util.List;
import java.util.Set;

/** SUBSCRIBE and UNSUBSCRIBE. */
final class SubscribeChecks {

    private static final String SECTION = "STOMP 1.2, SUBSCRIBE";

    static final List<Check> ALL = List.of(
            stomp(86, "SUBSCRIBE without id is taken", "common clients send none", trial -> {
                Reply reply = trial.connect()
                        .send("SUBSCRIBE\ndestination:" + trial.topic() + "\nreceipt:r\n\n^@")
                        .nextOrEnd();
                if (reply == null || reply.command().equals("ERROR")) {
                    trial.note("refused, as the letter says");
                }
            }),
            stomp(
                    87,
                    "SUBSCRIBE without destination is refused",
                    SECTION,
                    trial -> trial.eachRefused("SUBSCRIBE\nid:0\nreceipt:r\n\n^@")),
            stomp(
                    88,
                    "an id in use is refused",
                    SECTION,
                    trial -> trial.connect()
                            .subscribe("0", trial.topic())
                            .send("SUBSCRIBE\nid:0\ndestination:" + trial.topic() + ".b\nreceipt:r\n\n^@")
                            .refusedOrTaken("a second subscription with the same id was not refused")),
            stomp(89, "an id is the connection's own, and free again after UNSUBSCRIBE", SECTION, trial -> {
                Peer first = trial.connect().subscribe("0", trial.topic());
                Peer second = trial.connect().subscribe("0", trial.topic());
                second.send("UNSUBSCRIBE\nid:0\nreceipt:u\n\n^@").receipt("u").subscribe("0", trial.topic());
                trial.connect().publish(trial.topic(), "x");
                first.message("x");
                second.message("x");
            }),
            stomp(90, "two subscriptions to one topic get a MESSAGE each", SECTION, trial -> {
                Peer peer = trial.connect().subscribe("a", trial.topic()).subscribe("b", trial.topic());
                trial.connect().publish(trial.topic(), "x");
                Set<String> ids = Set.of(
                        peer.message("x").need("subscription"),
                        peer.message("x").need("subscription"));
                same("the subscriptions", Set.of("a", "b"), ids);
            }),
            stomp(
                    91,
                    "an ack mode that is none is refused",
                    "STOMP 1.2, SUBSCRIBE ack Header",
                    trial -> trial.connect()
                            .send("SUBSCRIBE\nid:0\ndestination:" + trial.topic() + "\nack:sometimes\nreceipt:r\n\n^@")
                            .refusedOrTaken("ack:sometimes was not refused")),
            stomp(92, "UNSUBSCRIBE of an unknown id is refused", "STOMP 1.2, UNSUBSCRIBE", trial -> {
                Reply reply = trial.connect()
                        .send("UNSUBSCRIBE\nid:none\nreceipt:r\n\n^@")
                        .nextOrEnd();
                if (reply != null && !reply.command().equals("ERROR")) {
                    throw Finding.lenient("taken: " + reply.summary());
                }
            }),
            stomp(93, "after the RECEIPT of UNSUBSCRIBE no MESSAGE comes", "STOMP 1.2, UNSUBSCRIBE", trial -> {
                Peer peer = trial.connect()
                        .subscribe("0", trial.topic())
                        .send("UNSUBSCRIBE\nid:0\nreceipt:u\n\n^@")
                        .receipt("u");
                trial.connect().publish(trial.topic(), "x");
                peer.quiet("after UNSUBSCRIBE");
            }),
            stomp(94, "the RECEIPT of SUBSCRIBE means that it holds", "STOMP 1.2, RECEIPT", trial -> {
                for (int i = 0; i < 10; i++) {
                    Peer peer = trial.connect().subscribe("0", trial.topic());
                    trial.connect().publish(trial.topic(), "x" + i);
                    peer.message("x" + i);
                    peer.close();
                }
            }),
            stomp(
                    114,
                    "each command with receipt gets one RECEIPT with its id",
                    "STOMP 1.2, Standard Headers",
                    SubscribeChecks::receiptOfEach),
            stomp(115, "the RECEIPTs of a connection come in order", "STOMP 1.2, RECEIPT", trial -> {
                Peer peer = trial.connect();
                for (int i = 0; i < 20; i++) {
                    peer.send("SEND\ndestination:" + trial.topic() + "\nreceipt:r" + i + "\n\nx^@");
                }
                for (int i = 0; i < 20; i++) {
                    peer.receipt("r" + i);
                }
            }));

    private SubscribeChecks() {}

    private static void receiptOfEach(Trial trial) {
        Peer peer = trial.connect().subscribe("0", trial.queue(), "ack:client-individual");
        peer.send("BEGIN\ntransaction:a\nreceipt:r1\n\n^@").receipt("r1");
        peer.send("ABORT\ntransaction:a\nreceipt:r2\n\n^@").receipt("r2");
        peer.send("BEGIN\ntransaction:b\nreceipt:r3\n\n^@").receipt("r3");
        peer.send("COMMIT\ntransaction:b\nreceipt:r4\n\n^@").receipt("r4");
        trial.connect().publish(trial.queue(), "1");
        String ack = peer.message("1").need("ack");
        peer.send("ACK\nid:" + ack + "\nreceipt:r5\n\n^@").receipt("r5");
        trial.connect().publish(trial.queue(), "2");
        ack = peer.message("2").need("ack");
        peer.send("NACK\nid:" + ack + "\nrequeue:false\nreceipt:r6\n\n^@").receipt("r6");
        peer.send("UNSUBSCRIBE\nid:0\nreceipt:r7\n\n^@").receipt("r7");
        // DISCONNECT's is item 120
        peer.quiet("something came behind the last RECEIPT");
    }
}
