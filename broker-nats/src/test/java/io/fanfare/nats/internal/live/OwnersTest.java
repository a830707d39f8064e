package io.fanfare.nats.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.nats.client.impl.NatsMessage;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the node of a connection answers to those that have a message for it. */
class OwnersTest {

    private static final Outcome DELIVERED = new Outcome(1, 1, 0, 0);

    private final FakeNats nats = new FakeNats();
    private final List<String> delivered = new ArrayList<>();
    private final LocalNode local = (LocalNode) Proxy.newProxyInstance(
            LocalNode.class.getClassLoader(), new Class<?>[] {LocalNode.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("deliver")) {
                    delivered.add(((Destination) arguments[0]).name());
                    return DELIVERED;
                }
                return BrokerClock.SYSTEM;
            });
    private final Owners owners = new Owners(local, nats.connection);

    /** What the sender's RECEIPT will say. */
    private Outcome asks(long life, long number, String destination) throws ProtocolException {
        SendProperties plain = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);
        Message message = new Message(Headers.EMPTY, new byte[3], 1, plain, null);
        ByteBuffer out = ByteBuffer.allocate(1_000);
        new Envelope(life, number, false).write(out);
        out.put(MessageRecord.write(Destination.topic(destination), message, BrokerClock.SYSTEM));
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        owners.receive(NatsMessage.builder()
                .subject("fanfare.test.node.n001")
                .replyTo("answers")
                .data(bytes)
                .build());
        byte[] answer = nats.published.get(nats.published.size() - 1);
        return Owners.outcome(
                NatsMessage.builder().subject("answers").data(answer).build());
    }

    @Test
    void messagesAreDeliveredInTheOrderOfTheirSender() {
        assertThat(asks(7, 1, "first")).isEqualTo(DELIVERED);
        // those between went to other nodes
        assertThat(asks(7, 4, "second")).isEqualTo(DELIVERED);
        assertThat(asks(8, 2, "of another sender")).isEqualTo(DELIVERED);
        assertThat(delivered).containsExactly("first", "second", "of another sender");
    }

    @Test
    void whatComesBehindALaterOneIsDroppedAndItsSenderToldSo() {
        asks(7, 2, "second");
        assertThat(asks(7, 1, "first")).isEqualTo(new Outcome(1, 0, 0, 1));
        assertThat(asks(7, 3, "third")).isEqualTo(DELIVERED);
        assertThat(delivered).containsExactly("second", "third");
    }
}
