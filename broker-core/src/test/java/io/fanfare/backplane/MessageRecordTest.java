package io.fanfare.backplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.SendProperties;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageRecordTest {

    private static final Destination TOPIC = Destination.topic("prices.acme");

    private static Message message(String body, String... headers) {
        return Message.of(Frame.of(Command.SEND, Headers.of(headers), body), BrokerClock.SYSTEM, null);
    }

    private static MessageRecord copy(Destination destination, Message message) {
        ByteBuffer written = MessageRecord.write(destination, message, BrokerClock.SYSTEM);
        MessageRecord record = MessageRecord.read(written, BrokerClock.SYSTEM);
        assertThat(written.remaining()).isZero();
        return record;
    }

    @Test
    void aMessageIsTheSameBehindTheWay() {
        Message message = message(
                "{\"n\":1}\0",
                "destination",
                "/topic/prices.acme",
                "a:b",
                "c\\d\ne",
                "leer",
                "",
                "priority",
                "7",
                "message-group",
                "g",
                "retain",
                "set",
                "retain-key",
                "k");
        MessageRecord copy = copy(TOPIC, message);
        assertThat(copy.destination()).isEqualTo(TOPIC);
        assertThat(copy.message().headers()).isEqualTo(message.headers());
        assertThat(copy.message().body()).isEqualTo(message.body());
        assertThat(copy.message().timestamp()).isEqualTo(message.timestamp());
        assertThat(copy.message().properties())
                .isEqualTo(new SendProperties(7, SendProperties.NEVER, 0, "g", Retain.SET, "k"));
    }

    @Test
    void theDestinationOfTheRecordBeforeIsUsedAgainWhereItIsTheSame() {
        MessageRecord before = copy(TOPIC, message("1"));
        assertThat(behind(before, Destination.topic("prices.acme")).destination())
                .isSameAs(before.destination());
        for (Destination other : List.of(
                Destination.topic("prices.acmf"),
                Destination.topic("prices.acm"),
                Destination.topic("prices.acme2"),
                Destination.topic("prices.acmé"),
                Destination.queue("prices.acme"),
                new Destination(Destination.Kind.TOPIC, new Destination.User(""), "prices.acme"),
                new Destination(Destination.Kind.TOPIC, new Destination.User("alice"), "prices.acme"))) {
            MessageRecord next = behind(before, other);
            assertThat(next.destination()).isEqualTo(other);
            assertThat(behind(next, TOPIC).destination()).isEqualTo(TOPIC);
        }
    }

    private static MessageRecord behind(MessageRecord before, Destination destination) {
        Message message = message("{}", "a", "b");
        ByteBuffer written = MessageRecord.write(destination, message, BrokerClock.SYSTEM);
        MessageRecord record = MessageRecord.read(written, BrokerClock.SYSTEM, before);
        assertThat(written.remaining()).isZero();
        assertThat(record.message().body()).isEqualTo(message.body());
        assertThat(record.message().headers()).isEqualTo(message.headers());
        return record;
    }

    @Test
    void everyKindOfDestinationThatOthersHaveIsTheSame() {
        Destination[] all = {
            TOPIC,
            Destination.queue("orders"),
            new Destination(Destination.Kind.TOPIC, new Destination.User("älice"), "queue/x"),
            new Destination(Destination.Kind.QUEUE, new Destination.Connection("n1-00ff"), "answers")
        };
        for (Destination each : all) {
            assertThat(copy(each, message("")).destination()).isEqualTo(each);
        }
        assertThatThrownBy(() -> copy(Destination.statistics("overview"), message("")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTimeToLiveGoesOnAndDoesNotBeginAnew() {
        Message message = message("", "ttl", "60000");
        long expires = copy(TOPIC, message).message().properties().expires();
        // by two looks at two clocks
        assertThat(expires - message.properties().expires()).isBetween(-50L, 50L);
        Message old = message.with(message.headers());
        Message late = new Message(
                old.headers(), old.body(), old.timestamp(), old.properties().withExpiry(1), null);
        assertThat(copy(TOPIC, late).message().isExpired(BrokerClock.SYSTEM.uptimeMillis() + 2))
                .isTrue();
        assertThat(copy(TOPIC, message("", "ttl", "0")).message().properties().isAtOnce())
                .isTrue();
        assertThat(copy(TOPIC, message("")).message().properties().mayExpire()).isFalse();
    }

    @Test
    void severalStandBehindEachOther() {
        ByteBuffer first = MessageRecord.write(TOPIC, message("one"), BrokerClock.SYSTEM);
        ByteBuffer second = MessageRecord.write(TOPIC, message("two"), BrokerClock.SYSTEM);
        ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
        assertThat(MessageRecord.read(both, BrokerClock.SYSTEM).message().body())
                .asString()
                .isEqualTo("one");
        assertThat(MessageRecord.read(both, BrokerClock.SYSTEM).message().body())
                .asString()
                .isEqualTo("two");
    }

    @Test
    void everyCutAndEveryOtherOctetIsRefusedOrUnderstood() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = MessageRecord.write(
                        TOPIC, message("body", "destination", "/topic/a", "x", "y"), BrokerClock.SYSTEM)
                .array();
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
            assertThatThrownBy(() -> MessageRecord.read(cut, BrokerClock.SYSTEM))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] other = whole.clone();
            other[random.nextInt(other.length)] = (byte) random.nextInt();
            other[random.nextInt(other.length)] = (byte) random.nextInt();
            try {
                assertThat(MessageRecord.read(ByteBuffer.wrap(other), BrokerClock.SYSTEM)
                                .message()
                                .headers()
                                .toString())
                        .isNotEmpty();
            } catch (IllegalArgumentException | io.fanfare.frame.ProtocolException e) {
                assertThat(e).as("seed %d", seed).hasMessageNotContaining("Index");
            }
        }
    }
}
