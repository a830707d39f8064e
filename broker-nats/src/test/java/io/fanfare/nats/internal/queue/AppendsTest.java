package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.QueueLimits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Appends to a stream that takes, refuses, answers and loses its lines when the test says so. */
class AppendsTest {

    private static final QueueLimits LIMITS = new QueueLimits(1000, 1 << 20, Duration.ofMinutes(2));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Told from each other by identity. */
    private static final List<Object> SENDERS = List.of("alice", "bob", "carol");

    private static final Appends.Times SHORT =
            new Appends.Times(Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(1));

    private final Worker worker = new Worker("queues");
    private final Worker manager = new Worker("manager");
    private final Link link = new Link(worker);
    private final NatsOptions options = NatsOptions.builder("nats://127.0.0.1").build();
    private final FakeStream stream = new FakeStream();
    private final Appends appends = new Appends(worker, stream, new Refusals(LIMITS, PATIENCE), SHORT);
    private final List<Append> all = new ArrayList<>();
    private final Map<Append, Object> senders = new HashMap<>();
    private String aloneAt = FakeStream.SERVER;
    private SharedQueueStream queue = queue();

    private SharedQueueStream queue() {
        Destination name = Destination.queue("a");
        Engine engine = new Engine(link, options, LIMITS) {
            @Override
            void look(StreamName stream, String address, Consumer<Look> then) {
                Stream there = new Stream(FakeStream.SERVER, "life", true, 0, aloneAt);
                worker.execute(() -> then.accept(new Look(Look.Kind.THERE, there, "")));
            }
        };
        StreamName of = StreamName.of("fanfare", name);
        Elections elections = new Elections("fanfare", BrokerClock.SYSTEM, new NoElections());
        Holding holding = new Holding(
                of.stream(),
                worker,
                manager,
                link,
                BrokerClock.SYSTEM,
                elections,
                new Ends(),
                Duration.ofSeconds(30),
                PATIENCE);
        return new SharedQueueStream(name, of, engine, worker, manager, holding, true);
    }

    @AfterEach
    void close() {
        worker.close();
        manager.close();
    }

    private Append add(Object sender) {
        Append append =
                new Append(queue, new byte[10], "id" + senders.size(), true, System.nanoTime() + PATIENCE.toNanos());
        all.add(append);
        senders.put(append, sender);
        appends.add(append, sender);
        return append;
    }

    /** Has the worker do something, and waits for it. */
    private void does(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        worker.execute(() -> {
            task.run();
            done.complete(null);
        });
        done.orTimeout(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private void awaitOnTheirWay(int count) {
        Await.until(count + " on their way", () -> {
            int[] now = {0};
            does(() -> {
                stream.open();
                now[0] = stream.onTheirWay();
            });
            return now[0] == count;
        });
    }

    @Test
    void manyMessagesOfASenderGoTogetherToAServerThatKeepsTheStreamAlone() {
        for (int i = 0; i < Appends.WINDOW + 10; i++) {
            add("alice");
        }
        awaitOnTheirWay(Appends.WINDOW);
        does(() -> {
            stream.work(Appends.WINDOW);
            stream.answer(7);
        });
        awaitOnTheirWay(7);
        assertThat(all.subList(0, 7)).allMatch(each -> each.result().isDone());
        assertThat(all.subList(7, all.size())).noneMatch(each -> each.result().isDone());
    }

    @Test
    void oneMessageOfASenderGoesAtATimeToServersThatKeepTheStreamTogether() {
        aloneAt = "";
        add("alice");
        add("alice");
        add("bob");
        awaitOnTheirWay(2);
        does(() -> {
            stream.work(2);
            stream.answer(1);
        });
        awaitOnTheirWay(1);
    }

    @Test
    void aServerThatLeadsFromNowOnIsSentWhatTheOneBeforeMayNotHavePassedOn() {
        Appends patient = new Appends(worker, stream, new Refusals(LIMITS, PATIENCE), Appends.Times.USUAL);
        aloneAt = "";
        Append append = new Append(queue, new byte[10], "id", true, System.nanoTime() + PATIENCE.toNanos());
        patient.add(append, "alice");
        awaitOnTheirWay(1);
        int[] attempts = {append.attempts()};
        does(() -> patient.elected(queue));
        Await.until("it goes once more", () -> {
            does(() -> attempts[0] = append.attempts());
            return attempts[0] == 2;
        });
    }

    @Test
    void aRefusedMessageIsNotSentAgainAndThoseBehindItGoOn() {
        stream.room = 1;
        Append first = add("alice");
        Append second = add("alice");
        Append third = add("alice");
        awaitOnTheirWay(3);
        does(() -> {
            stream.work(2);
            stream.room = 1;
            stream.work(1);
            stream.answer(3);
        });
        assertThat(first.result()).isCompleted();
        assertThat(second.result()).isCompletedExceptionally();
        assertThat(third.result()).isCompleted();
        assertThat(stream.taken).containsExactly(first, third);
        assertThat(appends.bytes()).isZero();
    }

    @Test
    void aMessageThatAnotherHasOvertakenWhileItsRefusalWasLostIsRefused() {
        stream.room = 0;
        Append first = add("alice");
        Append second = add("alice");
        Append third = add("alice");
        awaitOnTheirWay(3);
        does(() -> {
            stream.work(1);
            stream.room = 1;
            stream.work(1);
            stream.cut(0);
            stream.room = 10;
        });
        Await.until("all are over", () -> {
            does(() -> {
                stream.open();
                stream.work(10);
                stream.answer(10);
            });
            return all.stream().allMatch(each -> each.result().isDone());
        });
        assertThat(first.result()).isCompletedExceptionally();
        assertThat(second.result()).isCompleted();
        assertThat(third.result()).isCompleted();
        assertThat(stream.taken).containsExactly(second, third);
    }

    @Test
    void linesThatAreCutAndReadLateKeepTheOrderOfEachSender() {
        for (int i = 0; i < 40; i++) {
            long seed = Long.getLong("seed", new Random().nextLong());
            run(seed, false);
        }
    }

    @Test
    void aStreamThatIsFullOrGoneAtTimesKeepsTheOrderOfEachSender() {
        for (int i = 0; i < 40; i++) {
            long seed = Long.getLong("seed", new Random().nextLong());
            run(seed, true);
        }
    }

    /**
     * 300 messages of three senders through a stream with faults.
     *
     * @param isFull whether it may refuse; else what a line has sent may be read after its end
     */
    private void run(long seed, boolean isFull) {
        String name = "seed " + seed + " (-Dseed=)";
        Random random = new Random(seed);
        all.clear();
        does(stream.taken::clear);
        int left = 300;
        long end = System.nanoTime() + Await.DEADLINE.toNanos();
        while (left > 0 || all.stream().anyMatch(each -> !each.result().isDone())) {
            assertThat(System.nanoTime() - end)
                    .as("time that is left, %s", name)
                    .isNegative();
            for (int i = random.nextInt(12); i > 0 && left > 0; i--) {
                add(SENDERS.get(random.nextInt(SENDERS.size())));
                left--;
            }
            does(() -> step(random, isFull));
        }
        check(name);
    }

    private void step(Random random, boolean isFull) {
        stream.open();
        stream.workLate(random.nextInt(8), isFull ? 0 : random.nextInt(4));
        stream.work(random.nextInt(12));
        stream.answer(random.nextInt(10));
        if (random.nextInt(10) == 0) {
            stream.loseAnswers();
        }
        if (random.nextInt(15) == 0) {
            stream.cut(isFull ? 0 : random.nextInt(20));
        }
        if (isFull) {
            stream.room = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : Math.min(stream.room, 50);
            stream.isGone = random.nextInt(12) == 0;
        }
        appends.look();
    }

    private void check(String name) {
        List<Append> taken = new ArrayList<>();
        does(() -> taken.addAll(stream.taken));
        assertThat(new HashSet<>(taken)).as("twice, " + name).hasSameSizeAs(taken);
        for (Object sender : new HashSet<>(senders.values())) {
            assertThat(taken)
                    .as("order of %s, %s", sender, name)
                    .filteredOn(each -> sender.equals(senders.get(each)))
                    .isSortedAccordingTo(Comparator.comparingLong(Append::number));
        }
        for (Append each : all) {
            if (!each.result().isCompletedExceptionally()) {
                assertThat(taken).as(name).contains(each);
            } else {
                assertThat(why(each)).as(name).isInstanceOf(ProtocolException.class);
                assertThat(taken).as("%s was refused, %s", why(each), name).doesNotContain(each);
            }
        }
        assertThat(appends.bytes()).as(name).isZero();
    }

    private static Throwable why(Append append) {
        return append.result().handle((outcome, failure) -> failure).join();
    }
}
