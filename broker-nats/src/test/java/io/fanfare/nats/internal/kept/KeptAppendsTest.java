package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Outcome;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Appends to a JetStream that answers when the test says so. */
class KeptAppendsTest {

    private static final KeptStream STREAM = new KeptStream(
            NatsOptions.builder("nats://127.0.0.1").build(),
            TopicRule.of("/topic/a").retainLast());
    private static final Outcome HERE = new Outcome(1, 1, 0, 0);

    private final List<String> sent = new ArrayList<>();
    private final List<CompletableFuture<PublishAck>> answers = new ArrayList<>();
    private int looks;
    private Connection.Status status = Connection.Status.CONNECTED;

    private final JetStream streams = fake(JetStream.class, (method, message) -> {
        sent.add(((Message) message).getHeaders().getFirst("Nats-Msg-Id"));
        CompletableFuture<PublishAck> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    });
    private final Connection connection =
            fake(Connection.class, (method, argument) -> method.equals("getStatus") ? status : streams);

    private interface Call {
        Object answer(String method, Object argument);
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.answer(method.getName(), arguments == null ? "" : arguments[0])));
    }

    private KeptAppends appends(Duration timeout) throws IOException {
        KeptAppends appends = new KeptAppends(timeout, () -> looks++);
        appends.connect(connection);
        return appends;
    }

    private static CompletableFuture<Outcome> add(KeptAppends appends, String lane, String id) {
        return appends.add(new KeptAppend(lane, id, STREAM.name(), "a.b", new byte[10], appends.deadline()));
    }

    private void keeps(int index) throws Exception {
        keeps(index, 1);
    }

    private void keeps(int index, long sequence) throws Exception {
        String ack = "{\"stream\":\"s\",\"seq\":" + sequence + "}";
        answers.get(index)
                .complete(new PublishAck(NatsMessage.builder()
                        .subject("reply")
                        .data(ack.getBytes(StandardCharsets.UTF_8))
                        .build()));
    }

    @Test
    void aPublishersNextMessageIsSentWhenTheOneBeforeIsKept() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        add(appends, "alice", "a2");
        add(appends, "bob", "b1");
        assertThat(sent).containsExactly("a1", "b1");
        assertThat(appends.bytes()).isEqualTo(30);
        keeps(0);
        assertThat(sent).containsExactly("a1", "b1", "a2");
        assertThat(first).as("kept, and not published here yet").isNotDone();
        appends.published("a1", HERE);
        assertThat(first).isCompletedWithValue(HERE);
        assertThat(appends.bytes()).isEqualTo(20);
    }

    @Test
    void aMessageThatComesBackBeforeItsAnswerIsKept() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        add(appends, "alice", "a2");
        appends.published("a1", HERE);
        assertThat(first).isCompletedWithValue(HERE);
        assertThat(sent).containsExactly("a1", "a2");
        keeps(0);
        assertThat(appends.bytes()).isEqualTo(10);
    }

    @Test
    void whatItsStreamHasDoesNotHoldItsOctetsUntilItComesBack() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        KeptAppend append = new KeptAppend("alice", "a1", STREAM.name(), "a.b", new byte[10], appends.deadline());
        appends.add(append);
        appends.sendAgain();
        assertThat(append.message()).as("it may be sent again").isNotNull();
        keeps(0);
        assertThat(append.message()).isNull();
        assertThat(appends.bytes()).isZero();
        keeps(1);
        appends.published("a1", HERE);
        assertThat(append.outcome).isCompletedWithValue(HERE);
    }

    @Test
    void whatGotNoAnswerIsSentAgainInFrontOfWhatIsBehindIt() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        add(appends, "alice", "a1");
        add(appends, "alice", "a2");
        answers.get(0).completeExceptionally(new IOException("503 no responders"));
        assertThat(sent).containsExactly("a1");
        appends.sendAgain();
        assertThat(sent).containsExactly("a1", "a1");
        keeps(1);
        assertThat(sent).containsExactly("a1", "a1", "a2");
    }

    @Test
    void anotherServerIsNotSlowYet() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        KeptAppend append = new KeptAppend("alice", "a1", STREAM.name(), "a.b", new byte[10], appends.deadline());
        appends.add(append);
        for (int i = 0; i < 5; i++) {
            appends.sendAgain();
        }
        assertThat(sent).hasSize(6);
        assertThat(append.patience()).hasSeconds(1);
    }

    @Test
    void withoutAServerNothingIsSentUntilThereIsOne() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        status = Connection.Status.RECONNECTING;
        add(appends, "alice", "a1");
        appends.tick();
        assertThat(sent).isEmpty();
        status = Connection.Status.CONNECTED;
        appends.sendAgain();
        assertThat(sent).containsExactly("a1");
    }

    @Test
    void atMost256PublishersAreServedAtATime() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        for (int i = 0; i < 257; i++) {
            add(appends, "p" + i, "m" + i);
        }
        assertThat(sent).hasSize(256);
        keeps(7);
        assertThat(sent).hasSize(257).last().isEqualTo("m256");
    }

    @Test
    void whatWaitsTooLongIsRefusedWithAllBehindItAndOthersAreNot() throws Exception {
        KeptAppends appends = appends(Duration.ZERO);
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        CompletableFuture<Outcome> second = add(appends, "alice", "a2");
        CompletableFuture<Outcome> kept = add(appends, "bob", "b1");
        keeps(1);
        appends.tick();
        for (CompletableFuture<Outcome> each : List.of(first, second)) {
            assertThatThrownBy(each::join)
                    .hasCauseInstanceOf(ProtocolException.class)
                    .hasMessageContaining("cluster.append_timeout");
        }
        assertThat(kept).as("the stream has it").isCompletedWithValue(Outcome.NOTHING);
        assertThat(appends.bytes()).isZero();
        add(appends, "alice", "a3");
        assertThat(sent).containsExactly("a1", "b1", "a3");
    }

    @Test
    void whatIsLeftAtTheEndIsRefused() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        appends.close();
        assertThat(first).isCompletedExceptionally();
        assertThat(add(appends, "alice", "a2")).isCompletedExceptionally();
        assertThat(appends.bytes()).isZero();
    }

    @Test
    void whatIsConfirmedAndIsNotInItsPlaceIsRefusedWhenTheStreamIsStillTheSame() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        CompletableFuture<Outcome> next = add(appends, "bob", "b1");
        keeps(0, 5);
        keeps(1, 6);
        appends.read(STREAM.name(), 4);
        appends.read("another", 9);
        assertThat(looks).isZero();
        appends.read(STREAM.name(), 5);
        assertThat(looks).isEqualTo(1);
        assertThat(first).as("the stream may be another one").isNotDone();
        assertThat(appends.refuseMissing(STREAM.name())).isEqualTo(5);
        assertThatThrownBy(first::join)
                .hasCauseInstanceOf(ProtocolException.class)
                .hasMessageContaining("has not sent it back in its place");
        assertThat(next).isNotDone();
        appends.published("b1", HERE);
        appends.read(STREAM.name(), 6);
        assertThat(next).isCompletedWithValue(HERE);
        assertThat(looks).isEqualTo(1);
        assertThat(appends.refuseMissing(STREAM.name())).isZero();
    }

    @Test
    void whatIsConfirmedWhenItsPlaceHasBeenReadIsMissingToo() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        appends.read(STREAM.name(), 7);
        keeps(0, 7);
        assertThat(looks).isEqualTo(1);
        assertThat(appends.refuseMissing(STREAM.name())).isEqualTo(7);
        assertThat(first).isCompletedExceptionally();
    }

    @Test
    void whatIsMissingAndComesAtAnotherPlaceIsThere() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        keeps(0, 5);
        appends.read(STREAM.name(), 6);
        appends.published("a1", HERE);
        assertThat(first).isCompletedWithValue(HERE);
        assertThat(appends.refuseMissing(STREAM.name())).isZero();
    }

    @Test
    void whatAStreamThatIsReadAnewDoesNotHaveIsMissingAtItsEnd() throws Exception {
        KeptAppends appends = appends(Duration.ofSeconds(30));
        CompletableFuture<Outcome> first = add(appends, "alice", "a1");
        appends.read(STREAM.name(), 499);
        keeps(0, 500);
        appends.begins(STREAM.name(), 0, 3);
        appends.read(STREAM.name(), 2);
        assertThat(looks).isZero();
        appends.read(STREAM.name(), 3);
        assertThat(looks).isEqualTo(1);
        assertThat(appends.refuseMissing(STREAM.name())).isEqualTo(3);
        assertThat(first).isCompletedExceptionally();
    }
}
