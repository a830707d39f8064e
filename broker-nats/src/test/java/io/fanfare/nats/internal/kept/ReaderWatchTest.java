package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.MessageHandler;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looks at a stream that has no leader. */
class ReaderWatchTest {

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger elections = new AtomicInteger();
    private final List<String> subjects = new CopyOnWriteArrayList<>();
    private final List<MessageHandler> handlers = new CopyOnWriteArrayList<>();

    private final ReadStream stream = new ReadStream() {
        @Override
        public String name() {
            return "s";
        }

        @Override
        public String subjects() {
            return "s.*";
        }

        @Override
        public int replicas() {
            return 3;
        }

        @Override
        public StreamInfo open(JetStreamManagement streams) throws IOException {
            looks.incrementAndGet();
            throw new IOException("no answer");
        }
    };

    private final StreamReader.Sink sink = new StreamReader.Sink() {
        @Override
        public long begins(StreamInfo info, String change) {
            return 0;
        }

        @Override
        public void take(StreamReader.Entry entry) {}

        @Override
        public void confirmed(boolean isAll) {}
    };

    private final Dispatcher dispatcher = (Dispatcher) Proxy.newProxyInstance(
            Dispatcher.class.getClassLoader(), new Class<?>[] {Dispatcher.class}, (proxy, method, arguments) -> {
                subjects.add(String.valueOf(arguments[0]));
                return proxy;
            });

    private final Connection connection = (Connection) Proxy.newProxyInstance(
            Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "getStatus":
                        return Connection.Status.CONNECTED;
                    case "createDispatcher":
                        handlers.add((MessageHandler) arguments[0]);
                        return dispatcher;
                    default:
                        return null;
                }
            });

    private final ReaderWatch watch = new ReaderWatch("s", new StreamReader(stream, sink));

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void aLookThatFailsIsFollowedByAnother() {
        watch.begin(connection, dispatcher, elections::incrementAndGet);
        Await.until("several looks", () -> looks.get() > 3);
    }

    @Test
    void anElectionIsToldAndHasTheStreamLookedAt() throws InterruptedException {
        watch.begin(connection, dispatcher, elections::incrementAndGet);
        assertThat(subjects).containsExactly("$JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED.s");
        int before = looks.get();
        handlers.get(0)
                .onMessage(NatsMessage.builder()
                        .subject("$JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED.s")
                        .build());
        assertThat(elections).hasValue(1);
        Await.until("another look", () -> looks.get() > before);
    }
}
