package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.cli.options.AckMode;
import io.fanfare.cli.wire.Opcode;
import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameEncoder;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.io.IOException;
import java.nio.channels.Selector;

/** A connection that receives one destination's messages, records their latency and acknowledges them. */
final class BenchSubscriber extends StompConnection implements Receiver {

    private static final byte[] ACK_HEAD = "ACK\nid:".getBytes(US_ASCII);
    private static final byte[] ACK_TAIL = "\n\n\0".getBytes(US_ASCII);
    private static final byte[] EMPTY = {};

    private final Workload workload;
    private final BenchDestination destination;
    private final Meter meter;
    private final MessageScanner scanner = new MessageScanner();
    private long received;

    /** The time of the current read, in nanoseconds of the run. */
    private long now;

    private byte[] lastAck = EMPTY;

    BenchSubscriber(Workload workload, BenchDestination destination, Meter meter, Selector selector)
            throws IOException {
        super(workload, selector);
        this.workload = workload;
        this.destination = destination;
        this.meter = meter;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    void loggedIn() {
        send(Frame.of(
                Command.SUBSCRIBE,
                Headers.of(
                        "id",
                        "0",
                        "destination",
                        destination.name(),
                        "ack",
                        workload.ack().toString(),
                        "receipt",
                        "subscribed")));
    }

    @Override
    void beforeRead() {
        now = meter.now();
    }

    @Override
    int messages(byte[] bytes, int from, int to) {
        int at = from;
        int next = scanner.scan(bytes, at, to);
        while (next > at) {
            delivered(bytes, scanner.bodyFrom(), scanner.bodyTo());
            if (workload.ack() != AckMode.AUTO && scanner.ackFrom() < scanner.ackTo()) {
                acknowledge(ackOf(bytes, scanner.ackFrom(), scanner.ackTo()));
            }
            at = next;
            next = scanner.scan(bytes, at, to);
        }
        return at;
    }

    @Override
    void message(Frame message) {
        delivered(message.body(), 0, message.body().length);
        String id = message.headers().get("ack");
        if (workload.ack() != AckMode.AUTO && id != null) {
            acknowledge(FrameEncoder.encode(Frame.of(Command.ACK, Headers.of("id", id)), StompVersion.V1_2));
        }
    }

    @Override
    void afterRead() {
        if (lastAck.length > 0) {
            // STOMP 1.2, ack:client: the ACK covers all messages before it
            out().frame(Opcode.TEXT, lastAck);
            lastAck = EMPTY;
        }
    }

    private void delivered(byte[] bytes, int from, int to) {
        if (to - from < Timestamp.BYTES) {
            throw new ProtocolException("a MESSAGE came whose body is not the run's");
        }
        received++;
        meter.received(Timestamp.read(bytes, from), now);
    }

    private void acknowledge(byte[] ack) {
        if (workload.ack() == AckMode.CLIENT_INDIVIDUAL) {
            out().frame(Opcode.TEXT, ack);
        } else {
            lastAck = ack;
        }
    }

    /** Builds the ACK; the id is sent back as it came, still escaped. */
    private static byte[] ackOf(byte[] bytes, int idFrom, int idTo) {
        int length = idTo - idFrom;
        byte[] ack = new byte[ACK_HEAD.length + length + ACK_TAIL.length];
        System.arraycopy(ACK_HEAD, 0, ack, 0, ACK_HEAD.length);
        System.arraycopy(bytes, idFrom, ack, ACK_HEAD.length, length);
        System.arraycopy(ACK_TAIL, 0, ack, ACK_HEAD.length + length, ACK_TAIL.length);
        return ack;
    }
}
