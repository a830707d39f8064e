package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that ask for as much as they are allowed to: each method is one tick of an attack, and is called again and again by
 * the thread of its {@link Attack}. All of them speak plain STOMP.
 */
final class HeavyUse {

    private static final int QUEUE_MESSAGES = 99_000;
    private static final int TOPICS = 20_000;
    private static final int TOPICS_OF_A_CLIENT = 1_000;
    private static final int PAGES = 500;
    private static final int VALUES = 20;

    /** Messages of one write that fill the queue. */
    private static final int AT_ONCE = 1_000;

    private static final String SUBSCRIBE_TO_FLOOD = "SUBSCRIBE\nid:0\ndestination:/topic/flooded\n\n\0";
    private static final String FLOOD = "SEND\ndestination:/topic/flooded\n\n" + "x".repeat(10_000) + "\0";

    private final Attack attack;
    private final int tcpPort;

    /** Clients that stay: those that have filled a queue, named topics or publish. */
    private final List<Socket> helpers = new ArrayList<>();

    /** Clients that attack. */
    private final List<Socket> attackers = new ArrayList<>();

    private long ticks;

    HeavyUse(Attack attack, int tcpPort) {
        this.attack = attack;
        this.tcpPort = tcpPort;
    }

    /** 20 consumers of a long queue, whose selectors match nothing; each tick two of them come anew. */
    void selectOnALongQueue() throws IOException {
        for (int i = 0; i < 2; i++) {
            subscribeAnew((int) (ticks++ % 20), "selector:n = " + ticks + " OR kind LIKE '%wanted%'");
        }
    }

    /** Four clients that each begin a browse of a long queue with a selector that matches nothing, each tick. */
    void browseALongQueue() throws IOException {
        for (int i = 0; i < 4; i++) {
            subscribeAnew(i, "browser:true\nselector:kind = 'wanted'");
        }
    }

    /** An attacker ends its subscription, if it has one, and begins another. */
    private void subscribeAnew(int number, String headers) throws IOException {
        String end = number < attackers.size() ? "UNSUBSCRIBE\nid:0\n\n\0" : "";
        send(attacker(number), end + "SUBSCRIBE\nid:0\ndestination:/queue/long\n" + headers + "\n\n\0");
        attack.blow();
    }

    /** 2,000 SUBSCRIBE and UNSUBSCRIBE of {@code /topic/#} a second among 20,000 topics. */
    void joinByWildcard() throws IOException {
        for (int i = 0; i < 4; i++) {
            send(attacker(i), "SUBSCRIBE\nid:w\ndestination:/topic/#\n\n\0UNSUBSCRIBE\nid:w\n\n\0".repeat(5));
            attack.blow();
        }
    }

    /** 500 pages with a paced wildcard of 20 values that change 100 times a second; 1,000 pages a second reconnect. */
    void reconnectPages() throws IOException {
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < VALUES; i++) {
            values.append("SEND\ndestination:/topic/values.").append(i).append("\n\n1\0");
        }
        send(helper(0), values.toString());
        for (int i = 0; i < 10; i++) {
            int index = (int) (ticks++ % PAGES);
            if (index < attackers.size()) {
                attackers.get(index).close();
                attackers.set(index, connected());
            }
            send(attacker(index), "SUBSCRIBE\nid:0\ndestination:/topic/values.*\nmax-rate:2\n\n\0");
            attack.blow();
        }
    }

    /** 10 MB a second to a topic with one subscriber that reads and one that does not, and comes back when it is cut. */
    void floodAStalledReader() throws IOException {
        if (helpers.size() < 2) {
            Socket reader = helper(1);
            reader.setSoTimeout(0);
            send(reader, SUBSCRIBE_TO_FLOOD);
            Thread reading = new Thread(() -> readAll(reader), "reader");
            reading.setDaemon(true);
            reading.start();
        }
        if (attackers.isEmpty() || Attack.hasEnded(attackers.get(0))) {
            Attack.closeAll(attackers);
            Socket stalled = Attack.open(tcpPort, 4 << 10);
            attackers.add(stalled);
            stalled.getOutputStream().write(Attack.CONNECT);
            stalled.getOutputStream().write(SUBSCRIBE_TO_FLOOD.getBytes(UTF_8));
        }
        send(helper(0), FLOOD.repeat(10));
        attack.blow();
    }

    private static void readAll(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // the attack is over
        }
    }

    /** Makes a queue as long as it may be. */
    void fillQueue() throws IOException {
        for (int filled = 0; filled < QUEUE_MESSAGES; filled += AT_ONCE) {
            send(helper(0), "SEND\ndestination:/queue/long\nkind:other\n\n1\0".repeat(AT_ONCE));
        }
    }

    /** Subscribes to as many topics as there shall be. */
    void nameTopics() throws IOException {
        for (int named = 0; named < TOPICS; named += TOPICS_OF_A_CLIENT) {
            StringBuilder frames = new StringBuilder();
            for (int i = 0; i < TOPICS_OF_A_CLIENT; i++) {
                frames.append("SUBSCRIBE\nid:").append(i).append("\ndestination:/topic/named.");
                frames.append(named + i).append("\n\n\0");
            }
            send(helper(helpers.size()), frames.toString());
        }
    }

    /** The attacker of this number, which is connected if it was not. */
    private Socket attacker(int number) throws IOException {
        return client(attackers, number);
    }

    private Socket helper(int number) throws IOException {
        return client(helpers, number);
    }

    private Socket client(List<Socket> clients, int number) throws IOException {
        while (clients.size() <= number) {
            clients.add(connected());
        }
        return clients.get(number);
    }

    private Socket connected() throws IOException {
        Socket socket = Attack.open(tcpPort, 0);
        socket.getOutputStream().write(Attack.CONNECT);
        return socket;
    }

    private static void send(Socket socket, String frames) throws IOException {
        socket.getOutputStream().write(frames.getBytes(UTF_8));
        Attack.drain(socket);
    }

    /** Forgets clients that the broker has cut. */
    void forgetTheEnded() {
        attackers.removeIf(Attack::hasEnded);
        if (helpers.stream().anyMatch(Attack::hasEnded)) {
            // each has a part of its own
            close();
        }
    }

    void close() {
        Attack.closeAll(attackers);
        Attack.closeAll(helpers);
    }
}
