package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publishers and consumers of a queue whose connections break: nothing is lost, and what comes twice says so. */
@Timeout(300)
class HistoryOfLossesIT {

    private static final String QUEUE = "/queue/history";
    private static final int PUBLISHERS = 3;
    private static final int CONSUMERS = 4;
    private static final int BATCHES = 40;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(server -> server.loops(4)
            .broker(io.fanfare.broker.BrokerOptions.builder()
                    // what goes back is there at once when the rest is read
                    .queues(q -> q.maxDeliveries(1_000_000).redeliveryDelay(Duration.ZERO))
                    .build()));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HistoryConsumer.Log log = new HistoryConsumer.Log();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void noConfirmedMessageIsLostAndNoneComesTwiceUnsaid() throws Exception {
        int port = SERVER.running().tcpPort();
        List<HistoryConsumer> consumers = new ArrayList<>();
        List<Future<?>> consuming = new ArrayList<>();
        for (int i = 0; i < CONSUMERS; i++) {
            HistoryConsumer consumer = new HistoryConsumer(port, QUEUE, log, i);
            consumers.add(consumer);
            consuming.add(threads.submit(consumer::run));
        }
        List<Future<List<String>>> publishing = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int number = i;
            publishing.add(threads.submit(() -> publish(port, number)));
        }
        List<String> confirmed = new ArrayList<>();
        for (Future<List<String>> publisher : publishing) {
            confirmed.addAll(publisher.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        }
        Await.until("nine tenths are settled", () -> log.settled.size() > confirmed.size() * 9 / 10);
        log.ended = true;
        consumers.forEach(HistoryConsumer::end);
        for (Future<?> consumer : consuming) {
            consumer.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        SERVER.awaitSessions(0);
        readWhatIsLeft(port);

        assertThat(confirmed).as("lost").allMatch(log::hasSeen);
        check();
        assertThat(SERVER.broker().queueCount()).isZero();
    }

    /** Sends all its messages, in spite of a connection that breaks; tells those that the broker has confirmed. */
    private static List<String> publish(int port, int number) {
        Random random = new Random(number);
        List<String> confirmed = new ArrayList<>();
        RawTcp client = RawTcp.connect(port).connects();
        for (int batch = 0; batch < BATCHES; batch++) {
            client.sends(HistoryIT.batch(QUEUE, number, batch));
            if (random.nextInt(10) == 0) {
                client.reset();
                client = RawTcp.connect(port).connects();
                continue;
            }
            assertThat(client.frame()).startsWith("RECEIPT\nreceipt-id:r" + batch + "\n");
            for (int i = 0; i < 10; i++) {
                confirmed.add(number + " " + (batch * 10 + i));
            }
        }
        client.close();
        return confirmed;
    }

    private void readWhatIsLeft(int port) {
        RawTcp client = RawTcp.connect(port).connects();
        client.sends("SEND\ndestination:" + QUEUE + "\npriority:0\n\nlast^@SUBSCRIBE\nid:0\ndestination:" + QUEUE
                + "\n\n^@");
        for (String frame = client.frame(); !HistoryIT.body(frame).equals("last"); frame = client.frame()) {
            log.sights.add(new HistoryConsumer.Sight(
                    HistoryIT.body(frame), frame.contains("\nredelivered:true\n"), log.clock.incrementAndGet()));
        }
        client.sends("DISCONNECT\nreceipt:d\n\n^@").got("RECEIPT\nreceipt-id:d\n\n^@");
        client.close();
        SERVER.awaitSessions(0);
    }

    private void check() {
        Map<String, Integer> firsts = new HashMap<>();
        for (HistoryConsumer.Sight sight : log.sights) {
            if (!sight.redelivered()) {
                firsts.merge(sight.body(), 1, Integer::sum);
            }
            Long settled = log.settled.get(sight.body());
            assertThat(settled == null || sight.when() < settled)
                    .as("%s came although its ACK had been confirmed", sight)
                    .isTrue();
        }
        assertThat(firsts.values()).as("times that a message came as new").allMatch(times -> times == 1);
    }
}
