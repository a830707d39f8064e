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
class OutflowTest {

    /** What the channel's threads have to do, until the test does it. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final List<String> handled = new ArrayList<>();
    private int room;

    private Outflow outflow(ExecutorSubscribableChannel channel) {
        Outflow.watch(channel);
        channel.subscribe(message -> handled.add((String) message.getHeaders().get("text")));
        return new Outflow(channel, () -> room++);
    }

    private static void send(Outflow outflow, String text, int bytes) {
        outflow.send(bytes, stamp -> message(text, stamp));
    }

    private static Message<byte[]> message(String text, Outflow.Stamp stamp) {
        return MessageBuilder.withPayload(new byte[0])
                .setHeader("text", text)
                .setHeader(stamp.name(), stamp.value())
                .build();
    }

    @Test
    void theNextMessageIsSentWhenTheOneBeforeHasBeenHandled() {
        Outflow outflow = outflow(new ExecutorSubscribableChannel(tasks::add));
        send(outflow, "a", 1);
        send(outflow, "b", 1);
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
        Outflow outflow = outflow(channel);
        send(outflow, "dropped", 1);
        send(outflow, "b", 1);
        assertThat(handled).containsExactly("b");
    }

    @Test
    void aChannelWithoutThreadsTakesAnyNumberInOrder() {
        Outflow outflow = outflow(new ExecutorSubscribableChannel());
        List<String> all = IntStream.range(0, 100_000).mapToObj(String::valueOf).toList();
        all.forEach(text -> send(outflow, text, 1));
        assertThat(handled).isEqualTo(all);
    }

    @Test
    void aMessageThatIsNotSentHoldsUpNoOther() {
        ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel(task -> {
            throw new IllegalStateException("no thread");
        });
        Outflow outflow = outflow(channel);
        send(outflow, "a", Outflow.MAX_BYTES);
        assertThat(outflow.hasRoom()).isTrue();
    }

    @Test
    void thereIsRoomUntilTheLimitAndAgainWhenHalfOfItHasBeenHandled() {
        Outflow outflow = outflow(new ExecutorSubscribableChannel(tasks::add));
        int each = Outflow.MAX_BYTES / 4;
        for (int i = 0; i < 3; i++) {
            send(outflow, "a", each);
            assertThat(outflow.hasRoom()).isTrue();
        }
        send(outflow, "b", each);
        assertThat(outflow.hasRoom()).isFalse();
        outflow.awaitRoom();
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
        Outflow outflow = outflow(new ExecutorSubscribableChannel(tasks::add));
        outflow.awaitRoom();
        assertThat(room).isOne();
    }

    @Test
    void whatIsDroppedIsNotSent() {
        Outflow outflow = outflow(new ExecutorSubscribableChannel(tasks::add));
        send(outflow, "a", Outflow.MAX_BYTES);
        send(outflow, "b", Outflow.MAX_BYTES);
        outflow.drop();
        tasks.remove().run();
        assertThat(handled).containsExactly("a");
        assertThat(tasks).isEmpty();
        assertThat(outflow.hasRoom()).isTrue();
    }
}
