package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node does when an engine says that a queue's stream is there, is not, or nothing. */
class SharedQueueStreamTest {

    private static final QueueLimits LIMITS = new QueueLimits(1000, 1 << 20, Duration.ofMinutes(2));
    private static final String SERVER = "S1";
    private static final Engine.Look MISSING = new Engine.Look(Engine.Look.Kind.MISSING, null, "");
    private static final Engine.Look SILENCE = new Engine.Look(Engine.Look.Kind.UNKNOWN, null, "no answer");

    private final Worker worker = new Worker("queues");
    private final Worker manager = new Worker("manager");
    private final Link link = new Link(worker);

    /** Questions, and what was made. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final AtomicInteger ready = new AtomicInteger();
    private volatile Engine.Look ofStream = there("one", true, 0);
    private volatile Engine.Look ofConsumer = new Engine.Look(Engine.Look.Kind.THERE, null, "");

    private final Engine engine =
            new Engine(link, NatsOptions.builder("nats://127.0.0.1").build(), LIMITS) {
                @Override
                void look(StreamName name, String address, Consumer<Look> then) {
                    asked.add("stream");
                    Look look = ofStream;
                    worker.execute(() -> then.accept(look));
                }

                @Override
                void lookForConsumer(StreamName name, Consumer<Look> then) {
                    asked.add("consumer");
                    Look look = ofConsumer;
                    worker.execute(() -> then.accept(look));
                }

                @Override
                Stream make(StreamName name, String address) {
                    asked.add("make");
                    return new Stream(SERVER, "made", true, 0, "");
                }

                @Override
                void makeConsumer(StreamName name) {
                    asked.add("make consumer");
                }
            };

    private final Elections elections = new Elections("fanfare", BrokerClock.SYSTEM, new NoElections());

    private final StreamName name = StreamName.of("fanfare", Destination.queue("a"));
    private final Holding holding = new Holding(
            name.stream(),
            worker,
            manager,
            link,
            BrokerClock.SYSTEM,
            elections,
            new Ends(),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
    private final SharedQueueStream queue =
            new SharedQueueStream(Destination.queue("a"), name, engine, worker, manager, holding, false);

    private static Engine.Look there(String life, boolean isCertain, long last) {
        Engine.Stream stream = new Engine.Stream(SERVER, life, isCertain, last, "");
        return new Engine.Look(Engine.Look.Kind.THERE, stream, "");
    }

    @AfterEach
    void close() {
        worker.close();
        manager.close();
    }

    private void awaitReady() {
        int before = ready.get();
        worker.execute(() -> {
            if (queue.whenReady(ready::incrementAndGet)) {
                ready.incrementAndGet();
            }
        });
        Await.until("the stream is there", () -> ready.get() > before);
    }

    private void awaitConsumable() {
        int before = ready.get();
        worker.execute(() -> {
            if (queue.whenConsumable(ready::incrementAndGet)) {
                ready.incrementAndGet();
            }
        });
        Await.until("the consumer is there", () -> ready.get() > before);
    }

    @Test
    void whatIsThereIsNotMadeOnceMore() {
        awaitConsumable();
        worker.execute(queue::reconnected);
        awaitConsumable();
        assertThat(asked).doesNotContain("make", "make consumer").contains("stream", "consumer");
    }

    @Test
    void appendsDoNotWaitForTheConsumer() {
        ofConsumer = SILENCE;
        awaitReady();
        assertThat(asked).containsExactly("stream");
    }

    @Test
    void whatIsMissingIsMade() {
        ofStream = MISSING;
        ofConsumer = MISSING;
        awaitConsumable();
        assertThat(asked).startsWith("stream", "make").contains("make consumer");
    }

    @Test
    void aConsumerThatIsMissingIsMadeForTheStreamThatIsThere() {
        ofConsumer = MISSING;
        awaitConsumable();
        assertThat(asked).containsExactly("stream", "consumer", "make consumer");
    }

    @Test
    void whoTakesMessagesAsksForTheConsumerThatWasThereBefore() {
        awaitConsumable();
        worker.execute(queue::isTaken);
        awaitConsumable();
        assertThat(asked).containsExactly("stream", "consumer", "consumer");
    }

    @Test
    void whileNothingIsKnownNothingIsMadeAndTheEngineIsAskedAgain() {
        ofStream = SILENCE;
        ofConsumer = SILENCE;
        worker.execute(() -> queue.whenConsumable(ready::incrementAndGet));
        Await.until("it is asked again", () -> asked.size() > 1);
        ofStream = there("one", true, 0);
        Await.until("the consumer is asked for", () -> asked.contains("consumer"));
        ofConsumer = MISSING;
        Await.until("both are there", () -> ready.get() == 1);
        assertThat(asked).doesNotContain("make").endsWith("consumer", "make consumer");
    }

    @Test
    void aStreamOfAnotherLifeHasOtherMessages() {
        awaitReady();
        hasCome(5);
        ofStream = there("two", true, 9);
        looksAgain();
        assertThat(isDoubtful(5)).isFalse();
    }

    @Test
    void whereServersMayDifferAStreamIsTheSameUnlessItEndsBeforeWhatHasCome() {
        ofStream = there("one", false, 0);
        awaitReady();
        hasCome(5);
        ofStream = there("two", false, 5);
        looksAgain();
        assertThat(isDoubtful(5)).isTrue();
        ofStream = there("one", false, 4);
        looksAgain();
        assertThat(isDoubtful(5)).isFalse();
    }

    private void looksAgain() {
        worker.execute(queue::doubt);
        awaitReady();
        // the stream's end at the beginning of the connection is not what is asked about here
        holding.doubt().ends(SERVER, 0);
    }

    private void hasCome(long sequence) {
        holding.doubt().ends(SERVER, 0);
        isDoubtful(sequence);
    }

    private boolean isDoubtful(long sequence) {
        return holding.doubt().isAbout(sequence, Instant.now(), SERVER, Instant.MIN);
    }
}
