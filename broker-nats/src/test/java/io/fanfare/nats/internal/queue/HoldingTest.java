package io.fanfare.nats.internal.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.BrokerClock;
import io.fanfare.testing.Await;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends of messages that an engine does not confirm. */
class HoldingTest {

    private final Worker worker = new Worker("queues");
    private final Link link = new Link(worker);

    /** What was sent to the engine. */
    private final List<String> sent = new CopyOnWriteArrayList<>();

    private final Dispatcher dispatcher = (Dispatcher) Proxy.newProxyInstance(
            Dispatcher.class.getClassLoader(),
            new Class<?>[] {Dispatcher.class},
            (proxy, method, arguments) -> method.getReturnType() == Dispatcher.class ? proxy : null);

    private final Connection connection = (Connection) Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "createDispatcher":
                        return dispatcher;
                    case "createInbox":
                        return "inbox";
                    case "publish":
                        sent.add(new String((byte[]) arguments[arguments.length - 1], US_ASCII));
                        return null;
                    default:
                        return null;
                }
            });

    private final Holding holding = new Holding(
            "s",
            worker,
            worker,
            link,
            BrokerClock.SYSTEM,
            new Elections("fanfare", BrokerClock.SYSTEM, new NoElections()),
            new Ends(),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));

    private NatsLease held(long sequence) {
        NatsLease lease = new NatsLease(holding, "s", sequence, Instant.EPOCH, "ack." + sequence, false);
        holding.hold(lease);
        return lease;
    }

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void anElectedServerIsToldEndsThatTheOneBeforeHasNotConfirmed() {
        link.connected(connection);
        NatsLease ends = held(1);
        held(2);
        ends.settle();
        Await.until("it is told", () -> sent.size() == 1);
        worker.execute(holding::elected);
        Await.until("it is told again", () -> sent.size() == 2);
        worker.caughtUp().join();
        assertThat(sent).containsExactly("+ACK", "+ACK");
    }
}
