package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.loop.Framing;
import io.fanfare.presence.Presence;
import io.fanfare.queue.Queues;
import io.fanfare.status.Selection;
import io.fanfare.status.TopicStatus;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A broker without sockets or threads: clients that a test speaks for, loops and clocks that it moves. */
abstract class BrokerTest {

    final HandLoop loop = new HandLoop();

    /** Another loop of the same broker. */
    final HandLoop otherLoop = new HandLoop();

    private final List<HandLoop> loops = List.of(loop, otherLoop);
    private final List<Client> clients = new ArrayList<>();
    private final StringBuilder transcript = new StringBuilder();
    Broker broker = new Broker();

    /** Another broker, for the clients that come from now on. */
    void brokerWith(BrokerOptions options) {
        broker = new Broker(options);
    }

    // ---- clients --------------------------------------------------------------------------------------------------

    /** A client that speaks STOMP 1.2 over TCP. */
    Client connect() {
        return connect("1.2");
    }

    Client connect(String version) {
        return connect(version, Framing.TCP, loop);
    }

    Client connectTo(HandLoop itsLoop) {
        return connect("1.2", Framing.TCP, itsLoop);
    }

    /** A client of WebSocket that has agreed on compression. */
    Client connect(String version, Framing framing, Compression compression, HandLoop itsLoop) {
        String name = "c" + (clients.size() + 1);
        return connected(version, open(new FakeConnection(framing, compression, itsLoop, name), name, itsLoop));
    }

    Client connect(String version, Framing framing, HandLoop itsLoop) {
        return connected(version, open(framing, itsLoop));
    }

    private static Client connected(String version, Client client) {
        client.sends("CONNECT\naccept-version:" + version + "\nhost:h\n\n^@");
        client.got(
                version.equals("1.0")
                        ? "CONNECTED\nversion:1.0\n\n^@"
                        : "CONNECTED\nversion:" + version + "\nheart-beat:*\n\n^@");
        return client;
    }

    /** A client that has not sent anything yet. */
    Client open() {
        return open(Framing.TCP, loop);
    }

    Client open(Framing framing, HandLoop itsLoop) {
        return openFrom("c" + (clients.size() + 1), framing, itsLoop);
    }

    /** A client that has not sent anything yet, from this address. */
    Client openFrom(String name, Framing framing, HandLoop itsLoop) {
        return open(new FakeConnection(framing, itsLoop, name), name, itsLoop);
    }

    private Client open(FakeConnection connection, String name, HandLoop itsLoop) {
        Client client = new Client(this, name, itsLoop, connection);
        clients.add(client);
        itsLoop.run(() -> connection.session(broker.open(itsLoop, connection)));
        return client;
    }

    // ---- loops and clocks -----------------------------------------------------------------------------------------

    /** Lets every loop that is awake take turns until all sleep; what none was woken for would wait for ever. */
    void settle() {
        for (int turns = 0; loops.stream().anyMatch(HandLoop::isAwake); turns++) {
            assertThat(turns).as("turns without an end").isLessThan(10_000);
            loops.stream().filter(HandLoop::isAwake).forEach(HandLoop::takeTurn);
        }
        assertThat(loops).as("a loop with work that nobody has woken").noneMatch(HandLoop::isWaitedFor);
    }

    /** Time goes by: every timer gets its turn when it is due, as far as the loop says when that is. */
    void pass(Duration time) {
        note("-- " + time.toMillis() + " ms pass");
        long end = loop.now() + time.toNanos();
        while (loop.now() < end) {
            long step = Math.min(
                    end - loop.now(),
                    loops.stream().mapToLong(HandLoop::nanosToTimer).min().orElse(1));
            for (HandLoop each : loops) {
                each.advance(Duration.ofNanos(step));
                each.takeTurn();
            }
            settle();
        }
    }

    /** Messages expire by a clock that no test moves. */
    static void theWallClockMoves() {
        theWallClockMoves(3);
    }

    static void theWallClockMoves(long millis) {
        long end = System.currentTimeMillis() + millis;
        while (System.currentTimeMillis() < end) {
            Thread.onSpinWait();
        }
    }

    // ---- for failures ---------------------------------------------------------------------------------------------

    void note(String line) {
        transcript.append(line).append('\n');
    }

    String transcript() {
        return transcript.toString();
    }

    /** Topics that keep messages go, as they would in time. */
    void forgetKeptTopics() {
        if (broker.keptTopicCount() > 0) {
            broker.topicRules(List.of());
            broker.inspection()
                    .topics(new Selection<>(
                            topic -> true, Comparator.comparing(TopicStatus::destination), 0, Selection.MAX_REACH))
                    .items()
                    .forEach(topic -> broker.operations().clearTopic(topic.destination()));
            pass(Duration.ofSeconds(65));
        }
    }

    // ---- after each test ------------------------------------------------------------------------------------------

    @AfterEach
    void nothingIsLeftBehindWhenAllHaveGone() {
        clients.forEach(client -> client.loop().run(client.connection()::abort));
        settle();
        forgetKeptTopics();
        if (broker.statistics(0).destinations().presenceTopics() > 0) {
            // those whose connections may come back
            pass(broker.options().topics().presenceGrace().plus(Presence.GATHERING.multipliedBy(2)));
        }
        assertThat(broker.sessionCount()).as("sessions left").isZero();
        assertThat(broker.topicCount()).as("topics left").isZero();
        assertThat(broker.bytesUnderWay()).as("bytes still under way").isZero();
        broker.operations().clear();
        settle();
        assertThat(broker.memoryBytes()).as("bytes still held").isZero();
        // a sweep for expired messages may be due once more; timers that come again and again do not end with it
        pass(Queues.SWEEP_INTERVAL.plusMillis(20));
        assertThat(broker.statistics(0).destinations().presenceTopics())
                .as("topics whose presence is left")
                .isZero();
        for (HandLoop each : loops) {
            assertThat(each.nanosToTimer())
                    .as("nanoseconds to a timer that is left")
                    .isEqualTo(Duration.ofDays(1).toNanos());
        }
    }
}
