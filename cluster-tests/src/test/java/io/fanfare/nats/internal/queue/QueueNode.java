package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.backplane.SharedOperations;
import io.fanfare.backplane.SharedQueue;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.nats.internal.NatsOperations;
import io.fanfare.nats.internal.connect.ConnectionEvents;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Purpose;
import io.fanfare.nats.internal.kept.Kept;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node with shared queues and nothing else of a cluster. */
final class QueueNode implements AutoCloseable {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final QueuesAlone backplane;
    private final FanfareServer server;

    QueueNode(NatsOptions options, Duration patience, UnaryOperator<BrokerOptions.Builder> broker) {
        this(
                options,
                new SharedQueues.Bounds(
                        patience, SharedQueues.Bounds.USUAL.unused(), SharedQueues.Bounds.USUAL.places()),
                broker);
    }

    QueueNode(NatsOptions options, SharedQueues.Bounds bounds, UnaryOperator<BrokerOptions.Builder> broker) {
        backplane = new QueuesAlone(options, bounds);
        server = FanfareServer.builder()
                .port(0)
                .tcpPort(0)
                .loops(1)
                .broker(broker.apply(BrokerOptions.builder().backplane(backplane))
                        .build())
                .start();
    }

    FanfareServer server() {
        return server;
    }

    /** A client that is connected. */
    StompSocket client() {
        return client("");
    }

    /** A client that is connected, with further headers of CONNECT, each with its end of line. */
    StompSocket client(String headers) {
        return StompSocket.over(RawTcp.connect(server.tcpPort()))
                .sends("CONNECT\naccept-version:1.2\nhost:h\n" + headers + "\n^@")
                .got("CONNECTED\nversion:1.2\n" + (headers.contains("soft-errors") ? "soft-errors:true\n" : "")
                        + "\n^@");
    }

    /** Ends without a word to NATS, as a process that is killed. */
    void isKilled() {
        backplane.connections.close();
        close();
    }

    @Override
    public void close() {
        server.close();
        backplane.close();
    }

    private static final class QueuesAlone implements Backplane {

        private final NatsOptions options;
        private final SharedQueues.Bounds bounds;
        private final String node = "n" + NUMBERS.incrementAndGet();
        private SharedQueues queues;
        private Connections connections;

        QueuesAlone(NatsOptions options, SharedQueues.Bounds bounds) {
            this.options = options;
            this.bounds = bounds;
        }

        @Override
        public String node() {
            return node;
        }

        @Override
        public void start(LocalNode local) {
            queues = new SharedQueues(options, node, local, bounds);
            ConnectionEvents events = new ConnectionEvents() {
                @Override
                public void reconnected(Purpose purpose) {
                    if (purpose == Purpose.KEPT) {
                        queues.reconnected();
                    }
                }
            };
            try {
                connections = Connections.open(options, node, events, () -> true);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            queues.connected(connections.kept());
        }

        @Override
        public Carriage carriage(Destination destination) {
            return destination.kind() == Destination.Kind.QUEUE && destination.isShared()
                    ? queues.carriage(destination)
                    : Carriage.HERE;
        }

        @Override
        public CompletionStage<Outcome> enqueue(Destination queue, Message message, @Nullable String id) {
            return queues.enqueue(queue, message, id);
        }

        @Override
        public QueueSource take(Destination queue, QueueTaker taker) {
            return queues.take(queue, taker);
        }

        @Override
        public List<SharedQueue> queues() {
            return queues.desk().queues(name -> 0);
        }

        @Override
        public SharedOperations operations() {
            return new NatsOperations(
                    new Kept(options, node, 0, Executors.newSingleThreadScheduledExecutor()), queues.desk());
        }

        @Override
        public long bytesUnderWay() {
            return queues.bytesUnderWay();
        }

        @Override
        public void forward(Destination destination, Message message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Integer> forwarded() {
            return CompletableFuture.completedFuture(1);
        }

        @Override
        public CompletionStage<Outcome> hand(Destination destination, Message message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Outcome> append(Destination topic, Message message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            queues.close();
            connections.close();
        }
    }
}
