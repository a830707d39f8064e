package io.fanfare.nats.internal.live;

import io.nats.client.Connection;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A connection of jnats that keeps what is published, and has a server while the test says so. */
final class FakeNats {

    final List<byte[]> published = Collections.synchronizedList(new ArrayList<>());
    volatile Connection.Status status = Connection.Status.CONNECTED;
    volatile long maxPayload = 1 << 20;

    final Connection connection = (Connection) Proxy.newProxyInstance(
            FakeNats.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "getStatus":
                        return status;
                    case "getMaxPayload":
                        return maxPayload;
                    case "publish":
                        published.add((byte[]) arguments[1]);
                        return null;
                    default:
                        throw new UnsupportedOperationException(method.toString());
                }
            });

    /** What was published, as numbers: a negative one is a mark. */
    List<Long> numbers() {
        synchronized (published) {
            return published.stream()
                    .map(each -> Envelope.read(ByteBuffer.wrap(each)))
                    .map(each -> each.isMark() ? -each.number() : each.number())
                    .toList();
        }
    }
}
