package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Framing;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.session.Session;
import io.fanfare.testing.Received;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One random client of {@link ManyThreadsTest}; lives on its loop's thread, as its session does. */
final class ThreadedPeer implements Connection {

    /** What one subscription to a topic has got, for the checks at the end. */
    static final class Feed {
        final int topic;

        /** For each publisher, how many of its messages to the topic were in before SUBSCRIBE. */
        final int[] inBefore;

        /** For each publisher, how many it had begun to send when the RECEIPT had come. */
        int[] begunAtReceipt = {};

        /** UNSUBSCRIBE has been sent. */
        boolean ended;

        /** Its RECEIPT has come. */
        boolean over;

        final List<String> messageIds = new ArrayList<>();

        /** Publisher, number among its messages to the topic. */
        final List<int[]> messages = new ArrayList<>();

        Feed(int topic, int[] inBefore) {
            this.topic = topic;
            this.inBefore = inBefore;
        }
    }

    final int number;
    final Map<String, Feed> feeds = new TreeMap<>();

    /** For each publisher, its number of the last message this peer got from it through any topic. */
    private final int[] lastFrom;

    private final ManyThreadsTest test;
    private final ThreadLoop loop;
    private final Random random;
    private final Session session;
    private final Map<Integer, String> liveTopics = new HashMap<>();
    private final Map<Integer, String> liveQueues = new HashMap<>();
    private final List<String> acks = new ArrayList<>();
    private byte[] rest = {};
    private int ids;
    private int sent;
    private boolean full;

    ThreadedPeer(ManyThreadsTest test, Broker broker, ThreadLoop loop, int number) {
        this.test = test;
        this.loop = loop;
        this.number = number;
        this.random = new Random(1_000 + number);
        this.lastFrom = new int[ManyThreadsTest.PEERS];
        this.session = broker.open(loop, this);
        send("CONNECT\naccept-version:1.2\n\n^@");
    }

    // ---- what it does ---------------------------------------------------------------------------------------------

    void step() {
        switch (random.nextInt(10)) {
            case 0 -> joinOrLeave(random.nextInt(ManyThreadsTest.TOPICS));
            case 1 -> consumeOrNot(random.nextInt(ManyThreadsTest.QUEUES));
            case 2, 3, 4, 5 -> publish(random.nextInt(ManyThreadsTest.TOPICS));
            case 6, 7 -> produce(random.nextInt(ManyThreadsTest.QUEUES));
            default -> acknowledge();
        }
    }

    private void publish(int topic) {
        int mine = test.begun[number].incrementAndGet(topic);
        send("SEND\ndestination:/topic/" + topic + "\n\n" + number + " " + mine + " " + ++sent + "^@");
        test.in[number].incrementAndGet(topic);
    }

    private void produce(int queue) {
        String body = number + "-" + ++sent;
        test.queued.add(body);
        send("SEND\ndestination:/queue/" + queue + "\n\n" + body + "^@");
    }

    private void joinOrLeave(int topic) {
        String id = liveTopics.remove(topic);
        if (id != null) {
            feed(id).ended = true;
            send("UNSUBSCRIBE\nid:" + id + "\nreceipt:end " + id + "\n\n^@");
            return;
        }
        String fresh = "t" + number + "." + ++ids;
        liveTopics.put(topic, fresh);
        feeds.put(fresh, new Feed(topic, test.counts(test.in, topic)));
        String mode = random.nextInt(3) == 0 ? "client-individual" : "auto";
        send("SUBSCRIBE\nid:" + fresh + "\nack:" + mode + "\ndestination:/topic/" + topic + "\nreceipt:" + fresh
                + "\n\n^@");
    }

    private void consumeOrNot(int queue) {
        String id = liveQueues.remove(queue);
        if (id != null) {
            send("UNSUBSCRIBE\nid:" + id + "\n\n^@");
        } else {
            consume(queue);
        }
    }

    private void consume(int queue) {
        String fresh = "q" + number + "." + ++ids;
        liveQueues.put(queue, fresh);
        String mode = List.of("auto", "client", "client-individual").get(random.nextInt(3));
        send("SUBSCRIBE\nid:" + fresh + "\nack:" + mode + "\ndestination:/queue/" + queue + "\n\n^@");
    }

    /** Settles all it has got, in the order in which it came: then it does not matter which mode it was. */
    private void acknowledge() {
        List<String> all = List.copyOf(acks);
        acks.clear();
        StringBuilder frames = new StringBuilder();
        String last = "";
        for (String subscriptionAndAck : all) {
            frames.append("ACK\nid:").append(subscriptionAndAck).append("\n\n^@");
            last = subscriptionAndAck;
        }
        if (!last.isEmpty()) {
            send(frames.toString());
        }
    }

    /** Takes whatever is left in the queues, until the end. */
    void drain() {
        for (int queue = 0; queue < ManyThreadsTest.QUEUES; queue++) {
            if (!liveQueues.containsKey(queue)) {
                consume(queue);
            }
        }
        acknowledge();
    }

    private void send(String frames) {
        session.receive(ByteBuffer.wrap(Transcript.bytes(frames)));
    }

    void lose() {
        session.closed();
    }

    // ---- what it gets ---------------------------------------------------------------------------------------------

    private void got(Received frame) {
        switch (frame.command()) {
            case "CONNECTED", "" -> {}
            case "RECEIPT" -> receipt(frame);
            case "MESSAGE" -> message(frame);
            default -> test.problem(this + " got " + frame);
        }
    }

    private void receipt(Received frame) {
        String id = frame.header("receipt-id");
        if (id.startsWith("end ")) {
            feed(id.substring(4)).over = true;
            return;
        }
        Feed feed = feed(id);
        check(feed.messages.isEmpty(), "a message came before the RECEIPT", frame);
        feed.begunAtReceipt = test.counts(test.begun, feed.topic);
    }

    private void message(Received frame) {
        check(frame.find("redelivered") == null, "redelivered, though nobody was lost", frame);
        String ack = frame.find("ack");
        if (ack != null) {
            acks.add(ack);
        }
        String id = frame.header("subscription");
        if (id.startsWith("q")) {
            check(test.queued.remove(frame.text()), "came twice or was never sent", frame);
            return;
        }
        Feed feed = feed(id);
        check(!feed.over, "came after UNSUBSCRIBE's RECEIPT", frame);
        check(feed.begunAtReceipt.length > 0, "came before the RECEIPT", frame);
        String[] words = frame.text().split(" ");
        int publisher = Integer.parseInt(words[0]);
        int overall = Integer.parseInt(words[2]);
        if (ack == null) {
            check(overall > lastFrom[publisher], "is older than what came before from its publisher", frame);
            lastFrom[publisher] = overall;
        }
        feed.messages.add(new int[] {publisher, Integer.parseInt(words[1])});
        feed.messageIds.add(frame.header("message-id"));
        test.sameIdForAll(frame.text(), frame.header("message-id"));
    }

    private Feed feed(String id) {
        Feed feed = feeds.get(id);
        if (feed == null) {
            throw new IllegalStateException("no subscription " + id);
        }
        return feed;
    }

    private void check(boolean holds, String otherwise, Received frame) {
        if (!holds) {
            test.problem(this + ": " + otherwise + ": " + frame);
        }
    }

    // ---- the socket -----------------------------------------------------------------------------------------------

    @Override
    public int write(ByteBuffer bytes) {
        if (full) {
            test.problem(this + " was written to though it is full");
        }
        int length = random.nextInt(8) == 0 ? random.nextInt(bytes.remaining() + 1) : bytes.remaining();
        full = length < bytes.remaining();
        byte[] all = new byte[rest.length + length];
        System.arraycopy(rest, 0, all, 0, rest.length);
        bytes.get(all, rest.length, length);
        ByteBuffer in = ByteBuffer.wrap(all);
        List<Received> frames = new ArrayList<>();
        Wire.read(in, frames);
        rest = new byte[in.remaining()];
        in.get(rest);
        frames.forEach(this::got);
        return length;
    }

    @Override
    public void awaitWritable() {
        loop.execute(() -> {
            full = false;
            session.writable();
        });
    }

    @Override
    public Framing framing() {
        return Framing.TCP;
    }

    @Override
    public void suspendReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(CloseCode code, String reason) {
        test.problem(this + " was closed: " + code + " " + reason + " " + new String(rest, UTF_8));
    }

    @Override
    public void flushed() {}

    @Override
    public void abort() {
        test.problem(this + " was cut");
    }

    @Override
    public String peer() {
        return "peer " + number;
    }

    @Override
    public String toString() {
        return peer();
    }
}
