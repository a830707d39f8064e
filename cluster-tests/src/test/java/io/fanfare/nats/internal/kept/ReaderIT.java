package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.nats.testing.NatsServers;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node's reading of a stream that has let go of messages. */
class ReaderIT {

    private static final TopicRule RULE = TopicRule.of("/topic/a.#").retainLast();

    @TempDir
    private Path directory;

    private NatsServers nats;
    private NatsOptions options;
    private Connection connection;

    /** What the node was told, in order. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    private final AtomicInteger looks = new AtomicInteger();
    private final KeptAppends appends = new KeptAppends(Duration.ofMinutes(5), looks::incrementAndGet);

    private final LocalNode node = (LocalNode) Proxy.newProxyInstance(
            LocalNode.class.getClassLoader(), new Class<?>[] {LocalNode.class}, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "hasRoom":
                        return true;
                    case "clock":
                        return BrokerClock.SYSTEM;
                    case "order":
                        return told.add("order " + arguments[2]);
                    case "lost":
                        return told.add("lost");
                    case "clear":
                        told.add("clear " + arguments[1]);
                        return 7L;
                    case "keep":
                        told.add("keep " + arguments[1]);
                        return Outcome.NOTHING;
                    default:
                        throw new UnsupportedOperationException(method.getName());
                }
            });

    @BeforeEach
    void aStream() throws Exception {
        nats = NatsServers.withJetStream(directory, 1);
        options = NatsOptions.builder(nats.url(0)).keptBytes(16 << 20).build();
        connection = Nats.connect(nats.url(0));
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        nats.close();
    }

    private Reader reader() throws Exception {
        Reader reader = new Reader(new KeptStream(options, RULE), node, new Origins(), appends);
        reader.reader().open(connection, connection.createDispatcher());
        return reader;
    }

    private void appends(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            connection.jetStream().publish(subject(), record());
        }
    }

    private String subject() {
        return new KeptStream(options, RULE).subject("/topic/a.b", "");
    }

    private static byte[] record() {
        Headers headers = Headers.of("destination", "/topic/a.b");
        return MessageRecord.write(
                        Destination.topic("a.b"),
                        new Message(headers, new byte[0], 1, SendProperties.of(headers, BrokerClock.SYSTEM), null),
                        BrokerClock.SYSTEM)
                .array();
    }

    private void hasRead(Reader reader, long sequence) {
        Await.until("read to " + sequence, () -> reader.reader().last() == sequence);
    }

    @Test
    void messagesThatWereGoneBeforeTheyWereReadAreTold() throws Exception {
        Reader reader = reader();
        appends(3);
        hasRead(reader, 3);
        assertThat(told).containsExactly("order 0", "order 0", "keep 1", "keep 2", "keep 3");
        told.clear();
        connection.close();
        connection = Nats.connect(nats.url(0));
        // of one key a stream keeps the last sixteen
        appends(20);
        reader.reader().open(connection, connection.createDispatcher());
        hasRead(reader, 23);
        assertThat(told)
                .startsWith("order 7", "lost", "keep 8", "keep 9")
                .endsWith("keep 23")
                .hasSize(18);
    }

    @Test
    void aConsumerThatHasGoneIsFollowedByAnotherBehindTheLastMessage() throws Exception {
        Reader reader = reader();
        appends(3);
        hasRead(reader, 3);
        connection
                .jetStreamManagement()
                .deleteConsumer(
                        new KeptStream(options, RULE).name(), consumers().get(0));
        appends(2);
        Dispatcher thread = connection.createDispatcher();
        Await.until("read to 5", () -> {
            reader.reader().watch(connection, thread);
            return reader.reader().last() == 5;
        });
        assertThat(told).endsWith("keep 3", "keep 4", "keep 5");
    }

    /** As by a stream whose copies differ: the answer to the append is of one, and what is read is another. */
    @Test
    void whatWasConfirmedAndIsNotInItsPlaceIsRefusedAtOnceAndToldAsALoss() throws Exception {
        Reader reader = reader();
        appends(1);
        hasRead(reader, 1);
        CompletableFuture<Outcome> outcome = confirmedAs(2);
        assertThat(outcome).isNotDone();
        appends(1);
        Await.until("a look is asked for", () -> looks.get() == 1);
        hasRead(reader, 2);
        told.clear();
        reader.reader().watch(connection, connection.createDispatcher());
        assertThat(outcome).isCompletedExceptionally();
        assertThat(told).containsExactly("order 2", "lost");
        reader.reader().watch(connection, connection.createDispatcher());
        assertThat(told).hasSize(2);
    }

    @Test
    void whatAStreamOfTheSameNameConfirmsIsNotMissingWhereTheOneBeforeWasRead() throws Exception {
        Reader reader = reader();
        appends(3);
        hasRead(reader, 3);
        KeptStream stream = new KeptStream(options, RULE);
        connection.jetStreamManagement().deleteStream(stream.name());
        stream.open(connection.jetStreamManagement());
        appends.connect(connection);
        CompletableFuture<Outcome> outcome =
                appends.add(new KeptAppend("lane", "id", stream.name(), subject(), record(), appends.deadline()));
        Await.until("it is confirmed as the first", () -> looks.get() == 1);
        reader.reader().watch(connection, connection.createDispatcher());
        Await.until("it has come", outcome::isDone);
        assertThat(outcome).isCompletedWithValue(Outcome.NOTHING);
        assertThat(told).doesNotContain("lost");
    }

    /** An append that is answered with a place where the stream has another message. */
    private CompletableFuture<Outcome> confirmedAs(long sequence) throws Exception {
        String stream = new KeptStream(options, RULE).name();
        connection
                .createDispatcher(each -> connection.publish(
                        each.getReplyTo(),
                        ("{\"stream\":\"" + stream + "\",\"seq\":" + sequence + "}").getBytes(StandardCharsets.UTF_8)))
                .subscribe("elsewhere");
        appends.connect(connection);
        CompletableFuture<Outcome> outcome =
                appends.add(new KeptAppend("lane", "id", stream, "elsewhere", record(), appends.deadline()));
        Await.until("it is confirmed", () -> appends.bytes() == 0);
        return outcome;
    }

    private List<String> consumers() throws Exception {
        return connection.jetStreamManagement().getConsumerNames(new KeptStream(options, RULE).name());
    }

    @Test
    void whatWasGoneBeforeANodeStartedIsNoLossAndNotClaimed() throws Exception {
        reader().reader().close();
        appends(20);
        told.clear();
        Reader late = reader();
        hasRead(late, 20);
        assertThat(told)
                .startsWith("order 4", "order 4", "keep 5")
                .doesNotContain("lost")
                .hasSize(18);
        Await.until("caught up", late.reader()::isCaughtUp);
    }

    @Test
    void aStreamThatWasDeletedIsMadeAndReadAnew() throws Exception {
        Reader reader = reader();
        appends(3);
        hasRead(reader, 3);
        JetStreamManagement streams = connection.jetStreamManagement();
        streams.deleteStream(new KeptStream(options, RULE).name());
        told.clear();
        reader.reader().watch(connection, connection.createDispatcher());
        assertThat(told).containsExactly("order 0", "order 0");
        appends(1);
        hasRead(reader, 1);
        assertThat(told).containsExactly("order 0", "order 0", "keep 1");
    }

    @Test
    void aLongerHistoryClaimsNothingOfWhatTheShorterOneLetGo() throws Exception {
        reader().reader().close();
        appends(20);
        told.clear();
        KeptStream longer = new KeptStream(options, RULE.history(50));
        Reader reader = new Reader(longer, node, new Origins(), appends);
        reader.reader().open(connection, connection.createDispatcher());
        hasRead(reader, 20);
        assertThat(told).startsWith("order 4", "order 20", "keep 5");
    }

    @Test
    void aStreamOfAnotherKindIsRefusedByItsName() throws Exception {
        String name = new KeptStream(options, RULE).name();
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(name)
                        .subjects("other")
                        .storageType(StorageType.Memory)
                        .build());
        assertThatIllegalStateException()
                .isThrownBy(this::reader)
                .withMessageContaining(name)
                .withMessageContaining("/topic/a.#");
    }
}
