package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;

/** Messages on their way to one client, one at a time. */
class OutboundBufferTest {

    /** What the channel's threads have to do, until the test does it. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final List<String> handled = new ArrayList<>();
    private int room;

    private OutboundBuffer buffer(ExecutorSubscribableChannel channel) {
        OutboundBuffer.watch(channel);
        channel.subscribe(message -> handled.add((String) message.getHeaders().get("text")));
        return new OutboundBuffer(channel, () -> room++);
    }

    private static void send(OutboundBuffer buffer, String text, int bytes) {
        buffer.send(bytes, stamp -> message(text, stamp));
    }

    private static Message<byte[]> message(String text, OutboundBuffer.Stamp stamp) {
        return MessageBuilder.withPayload(new byte[0])
                .setHeader("text", text)
                .setHeader(stamp.name(), stamp.value())
                .build();
    }

    @Test
    void theNextMessageIsSentWhenTheOneBeforeHasBeenHandled() {
        OutboundBuffer buffer = buffer(new ExecutorSubscribableChannel(tasks::add));
        send(buffer, "a", 1);
        send(buffer, "b", 1);
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(handled).containsExactly("a");
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(handled).containsExactly("a", "b");
        assertThat(tasks).isEmpty();
    }

    @Test
    void aMessageThatAnInterceptorDropsDoesNotHoldTheNext() {
        ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel(Runnable::run);
        channel.addInterceptor(new ExecutorChannelInterceptor() {
            @Override
            public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel to, MessageHandler handler) {
                return "dropped".equals(message.getHeaders().get("text")) ? null : message;
            }
        });
        OutboundBuffer buffer = buffer(channel);
        send(buffer, "dropped", 1);
        send(buffer, "b", 1);
        assertThat(handled).containsExactly("b");
    }

    @Test
    void aChannelWithoutThreadsTakesAnyNumberInOrder() {
        OutboundBuffer buffer = buffer(new ExecutorSubscribableChannel());
        List<String> all = IntStream.range(0, 100_000).mapToObj(String::valueOf).toList();
        all.forEach(text -> send(buffer, text, 1));
        assertThat(handled).isEqualTo(all);
    }

    @Test
    void aMessageThatIsNotSentHoldsUpNoOther() {
        ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel(task -> {
            throw new IllegalStateException("no thread");
        });
        OutboundBuffer buffer = buffer(channel);
        send(buffer, "a", OutboundBuffer.MAX_BYTES);
        assertThat(buffer.hasRoom()).isTrue();
    }

    @Test
    void thereIsRoomUntilTheLimitAndAgainWhenHalfOfItHasBeenHandled() {
        OutboundBuffer buffer = buffer(new ExecutorSubscribableChannel(tasks::add));
        int each = OutboundBuffer.MAX_BYTES / 4;
        for (int i = 0; i < 3; i++) {
            send(buffer, "a", each);
            assertThat(buffer.hasRoom()).isTrue();
        }
        send(buffer, "b", each);
        assertThat(buffer.hasRoom()).isFalse();
        buffer.awaitRoom();
        tasks.remove().run();
        assertThat(room).isZero();
        tasks.remove().run();
        tasks.remove().run();
        assertThat(room).isOne();
        tasks.remove().run();
        assertThat(room).isOne();
    }

    @Test
    void roomThatIsThereAlreadyIsToldAtOnce() {
        OutboundBuffer buffer = buffer(new ExecutorSubscribableChannel(tasks::add));
        buffer.awaitRoom();
        assertThat(room).isOne();
    }

    @Test
    void whatIsDroppedIsNotSent() {
        OutboundBuffer buffer = buffer(new ExecutorSubscribableChannel(tasks::add));
        send(buffer, "a", OutboundBuffer.MAX_BYTES);
        send(buffer, "b", OutboundBuffer.MAX_BYTES);
        buffer.drop();
        tasks.remove().run();
        assertThat(handled).containsExactly("a");
        assertThat(tasks).isEmpty();
        assertThat(buffer.hasRoom()).isTrue();
    }
}
