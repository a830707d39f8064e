package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/** Many clients of all kinds at once, and one good pair of them that must not notice. */
final class Soak {

    private static final int THREADS = 4;
    private static final int DESTINATIONS = 50;

    private final FanfareServer server;
    private final int clients;
    private final long seed;
    private final LongAdder connections = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder heard = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile boolean stopped;

    Soak(FanfareServer server, int clients, long seed) {
        this.server = server;
        this.clients = clients;
        this.seed = seed;
    }

    /** Runs for so long, then lets all clients go. */
    void run(Duration duration) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            threads.add(new Thread(() -> churn(random)));
        }
        Thread subscriber = new Thread(this::subscribe);
        threads.add(subscriber);
        threads.forEach(Thread::start);
        // runs as long as the subscriber hears, which ends it
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end && subscriber.isAlive()) {
            subscriber.join(100);
        }
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Messages that the good subscriber did not get, or not in order. */
    long lost() {
        return lost.sum();
    }

    /** Sends itself one message after the other, and waits for each. */
    private void subscribe() {
        try (RawTcp tcp = RawTcp.connect(server.tcpPort())) {
            StompSocket good = StompSocket.over(tcp).connects("1.2").subscribes("id:0\ndestination:/topic/good");
            for (long number = 0; !stopped; number++) {
                good.sends("SEND\ndestination:/topic/good\n\n" + number + "^@");
                if (!good.next().text().equals(Long.toString(number))) {
                    lost.increment();
                }
                heard.increment();
            }
        } catch (RuntimeException | AssertionError e) {
            System.out.println("soak: the good subscriber: " + e);
            lost.increment();
        }
    }

    private void churn(Random random) {
        List<Client> mine = new ArrayList<>();
        for (int i = 0; i < clients / THREADS; i++) {
            mine.add(new Client(random));
        }
        while (!stopped) {
            mine.get(random.nextInt(mine.size())).step();
        }
        mine.forEach(Client::vanish);
    }

    @Override
    public String toString() {
        return String.format(
                "%,d connections, %,d messages sent, %,d connections ended by the server or for nonsense,"
                        + " %,d round trips of the good subscriber",
                connections.sum(), sent.sum(), ended.sum(), heard.sum());
    }

    /** Does something by chance at each step. */
    private final class Client {

        private final Random random;
        private RawTcp tcp;
        private StompSocket stomp;
        private boolean reads;

        Client(Random random) {
            this.random = random;
        }

        void step() {
            try {
                if (tcp == null) {
                    connect();
                } else {
                    act(random.nextInt(100));
                }
            } catch (UncheckedIOException | AssertionError e) {
                // refused, cut or answered with an ERROR, and with reason
                ended.increment();
                vanish();
            }
        }

        private void connect() {
            boolean overTcp = random.nextBoolean();
            int port = overTcp ? server.tcpPort() : server.webSocketPort();
            reads = random.nextInt(10) > 0;
            tcp = reads ? RawTcp.connect(port) : RawTcp.connectWithSmallReceiveBuffer(port);
            stomp = overTcp ? StompSocket.over(tcp) : StompSocket.over(RawWebSocket.open(tcp));
            connections.increment();
            if (random.nextInt(20) > 0) {
                stomp.connects("1.2").subscribes("id:0\ndestination:" + destination());
            }
        }

        private void act(int chance) {
            if (chance < 60) {
                stomp.sends("SEND\ndestination:" + destination() + "\nttl:2000\n\n"
                        + "x".repeat(random.nextInt(10) == 0 ? 20_000 : 100) + "^@");
                sent.increment();
            } else if (chance < 88) {
                drain();
            } else if (chance < 92) {
                stomp.sends("SUBSCRIBE\nid:" + random.nextInt(20) + "\ndestination:" + destination() + "\n\n^@");
            } else if (chance < 94) {
                stomp.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\n\nhi^@");
            } else if (chance < 96) {
                byte[] nonsense = new byte[random.nextInt(200)];
                random.nextBytes(nonsense);
                tcp.sends(nonsense);
            } else if (chance < 97) {
                tcp.sends("SEND\ndestination:/topic/half".getBytes(UTF_8));
            } else if (chance < 98) {
                stomp.sends("DISCONNECT\n\n^@");
                vanish();
            } else if (chance < 99) {
                tcp.reset();
                tcp = null;
            } else {
                vanish();
            }
        }

        private String destination() {
            int number = random.nextInt(DESTINATIONS);
            return switch (random.nextInt(4)) {
                case 0 -> "/queue/soak." + number;
                case 1 -> "/topic/soak." + number + ",/topic/soak." + (number + 1);
                default -> "/topic/soak." + number;
            };
        }

        /** Reads what is there; some never do. */
        private void drain() {
            try {
                if (reads) {
                    int available = tcp.socket().getInputStream().available();
                    if (available > 0) {
                        tcp.read(available);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void vanish() {
            if (tcp != null) {
                tcp.close();
                tcp = null;
            }
        }
    }
}
