package io.fanfare.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.HeapMeter;
import io.fanfare.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that presence takes is counted. */
class PresenceMemoryTest {

    private static final int SESSIONS = 20_000;

    private final HandLoop loop = new HandLoop();
    private final Loops loops = new Loops();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, loops);
    private final List<Attendance> attendances = new ArrayList<>(SESSIONS);

    private void gather() {
        loop.advance(Duration.ofMillis(120));
        while (loop.isWaitedFor() || loop.nanosToTimer() == 0) {
            loop.takeTurn();
        }
    }

    @ParameterizedTest
    @DisplayName(
            "sessions are counted as what they take, all at one topic, and each at one of its own; nothing is left of them")
    @ValueSource(ints = {1, SESSIONS})
    void sessionsAreCountedAsWhatTheyTake(int rooms) {
        loops.add(loop);
        TopicOptions options = TopicOptions.builder()
                .rules(List.of(TopicRule.of("/topic/#").withPresence()))
                .build();
        Topics topics = new Topics(new AtomicLong(), () -> {}, memory, loops, options, "e-");
        Presence presence = new Presence(topics, new AtomicLong(), loops, memory, options);
        BrokerLoop brokerLoop = new BrokerLoop(loop, "e-");
        long before = HeapMeter.usedBytes();
        for (int i = 0; i < SESSIONS; i++) {
            Attendee attendee = new Attendee("user-" + i, String.format("%024x", i), null);
            Attendance attendance = presence.attendance(attendee, brokerLoop);
            Destination topic = Destination.topic("room." + i % rooms);
            loop.run(() -> attendance.join(List.of(topic)));
            attendances.add(attendance);
        }
        gather();
        long heap = HeapMeter.usedBytes() - before;
        assertThat(memory.bytes()).as("bytes counted, of %,d in the heap", heap).isBetween(heap / 2, 2 * heap);
        for (int i = 0; i < SESSIONS; i++) {
            Destination topic = Destination.topic("room." + i % rooms);
            Attendance attendance = attendances.get(i);
            loop.run(() -> attendance.leave(List.of(topic)));
        }
        gather();
        assertThat(memory.bytes()).isZero();
        assertThat(presence.topicCount()).isZero();
    }
}
