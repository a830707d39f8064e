package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.stomp;
import static io.fanfare.cli.check.Finding.require;

import java.time.Duration;
import java.util.List;

/** ACK and NACK, with queues. */
final class AckChecks {

    private static final String ACK = "STOMP 1.2, ACK";
    private static final String MODES = "STOMP 1.2, SUBSCRIBE ack Header";
    private static final String CLIENT = "ack:client";
    private static final String INDIVIDUAL = "ack:client-individual";

    /** How long what was refused may take to come again. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    static final List<Check> ALL = List.of(
            stomp(101, "an ACK that belongs to no message is refused", ACK, trial -> {
                Peer peer = trial.connect().subscribe("0", trial.queue(), INDIVIDUAL);
                trial.connect().publish(trial.queue(), "x");
                peer.message("x");
                peer.send("ACK\nid:no-such-ack\nreceipt:r\n\n^@").refused("an unknown ack was not refused");
            }),
            stomp(102, "1.1 acknowledges by message-id and subscription", "STOMP 1.1, ACK", trial -> {
                trial.connect().publish(trial.queue(), "1").publish(trial.queue(), "2");
                Peer peer = trial.connect("1.1").subscribe("0", trial.queue(), INDIVIDUAL);
                String id = peer.message("1").need("message-id");
                peer.message("2");
                peer.send("ACK\nsubscription:0\nmessage-id:" + id + "\nreceipt:a\n\n^@")
                        .receipt("a")
                        .close();
                trial.connect().subscribe("0", trial.queue()).message("2");
            }),
            stomp(
                    103,
                    "client acknowledges earlier messages of its own subscription only",
                    MODES,
                    AckChecks::cumulative),
            stomp(104, "client-individual acknowledges one message", MODES, trial -> {
                trial.connect().publish(trial.queue(), "1").publish(trial.queue(), "2");
                Peer peer = trial.connect().subscribe("0", trial.queue(), INDIVIDUAL);
                peer.message("1");
                ack(peer, peer.message("2")).close();
                trial.connect().subscribe("0", trial.queue()).message("1");
            }),
            stomp(105, "NACK with client covers earlier messages", "STOMP 1.2, NACK", trial -> {
                trial.connect().publish(trial.queue(), "1").publish(trial.queue(), "2");
                Peer peer = trial.connect().subscribe("0", trial.queue(), CLIENT);
                peer.message("1");
                String id = peer.message("2").need("ack");
                List<String> again = peer.send("NACK\nid:" + id + "\n\n^@").during(AGAIN).stream()
                        .map(Reply::text)
                        .toList();
                // what happens to both is left open
                require(again.isEmpty() || again.containsAll(List.of("1", "2")), "again come " + again);
                trial.note(again.isEmpty() ? "they do not come again" : "they come again");
            }),
            stomp(107, "ACK with ack:auto does no harm", "left open", trial -> {
                Peer peer = trial.connect().subscribe("0", trial.queue());
                trial.connect().publish(trial.queue(), "x");
                String id = peer.message("x").need("message-id");
                Reply reply = peer.send("ACK\nid:" + id + "\nreceipt:r\n\n^@").nextOrEnd();
                trial.note(reply == null || reply.command().equals("ERROR") ? "refused" : "ignored");
            }),
            stomp(
                    108,
                    "what was not acknowledged goes to another consumer, as redelivered",
                    "STOMP 1.2, ACK",
                    AckChecks::redelivered));

    private AckChecks() {}

    /** Acknowledges a message and waits for the RECEIPT. */
    static Peer ack(Peer peer, Reply message, String... lines) {
        String more = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
        return peer.send("ACK\nid:" + message.need("ack") + "\nreceipt:ack\n" + more + "\n^@")
                .receipt("ack");
    }

    private static void cumulative(Trial trial) {
        String other = trial.queue("-other");
        trial.connect().publish(other, "other").publish(trial.queue(), "1").publish(trial.queue(), "2");
        Peer peer = trial.connect().subscribe("b", other, CLIENT);
        peer.message("other");
        peer.subscribe("a", trial.queue(), CLIENT);
        peer.message("1");
        ack(peer, peer.message("2")).close();
        trial.connect().subscribe("0", other).message("other");
        trial.connect().subscribe("0", trial.queue()).quiet("an earlier message was not acknowledged");
    }

    private static void redelivered(Trial trial) {
        trial.connect().publish(trial.queue(), "1");
        Peer first = trial.connect().subscribe("0", trial.queue(), INDIVIDUAL);
        first.message("1");
        first.close();
        trial.connect().publish(trial.queue(), "2");
        Reply again = trial.connect().subscribe("0", trial.queue()).expect("MESSAGE");
        if (again.text().equals("2")) {
            throw Finding.lenient("it comes behind newer messages");
        }
        require(again.text().equals("1"), "got " + again.summary());
        if (!again.raw("redelivered").orElse("").equals("true")) {
            throw Finding.lenient("without redelivered:true");
        }
    }
}
